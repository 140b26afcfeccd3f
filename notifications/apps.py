from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Avisos"

    def ready(self) -> None:
        from notifications import digests  # noqa: PLC0415  # it reads models, which stand only now

        digests.register()
