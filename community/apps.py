from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = "Comunidade"

    def ready(self) -> None:
        from community import notices  # noqa: PLC0415  # it reads models, which stand only now

        notices.register()
