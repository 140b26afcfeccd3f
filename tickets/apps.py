from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "Chamados"

    def ready(self) -> None:
        from tickets import notice_words  # noqa: PLC0415  # it reads models, which are there only from now on

        notice_words.register()
