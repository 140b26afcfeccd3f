from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Avaliações e manifestações"

    def ready(self) -> None:
        from feedback import manifestation_notices, survey_words  # noqa: PLC0415  # they read models, which stand only now

        survey_words.register()
        manifestation_notices.register()
