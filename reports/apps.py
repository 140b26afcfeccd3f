from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Relatórios"

    def ready(self) -> None:
        from reports import exporting, schedules  # noqa: PLC0415  # it reads models, which stand only now

        schedules.register()
        exporting.register()
