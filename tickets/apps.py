from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "tickets"
    verbose_name = "Chamados"

    def ready(self) -> None:
        # These read models, which are there only from now on.
        from accounts import succession as of_people  # noqa: PLC0415  # they read models, which stand only now
        from notifications import replies  # noqa: PLC0415  # the same
        from tickets import follow_words, infections, mail_words, notice_words, succession  # noqa: PLC0415  # the same

        replies.register("ticket")
        notice_words.register()
        follow_words.register()
        infections.register()
        mail_words.register()
        of_people.register(succession.pass_on_what_he_cannot_do)
