from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = "Avisos"

    def ready(self) -> None:
        from notifications import digests, tracking  # noqa: PLC0415  # they read models, which stand only now
        from notifications.inbound import webhook  # noqa: PLC0415  # the same

        digests.register()
        tracking.listen()
        webhook.listen()
