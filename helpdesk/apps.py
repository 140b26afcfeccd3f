from django.apps import AppConfig


class HelpdeskConfig(AppConfig):
    name = "helpdesk"
    verbose_name = "Portal de Serviços"

    def ready(self) -> None:
        """Every process knows the Celery application: the web server wakes jobs too."""
        from helpdesk import celery  # noqa: F401, PLC0415  # it reads the settings, which stand only now
