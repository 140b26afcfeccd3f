from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = "Avaliações e manifestações"

    def ready(self) -> None:
        from feedback import survey_words  # noqa: PLC0415  # it reads models, which stand only now

        survey_words.register()
