from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catálogo"

    def ready(self) -> None:
        from catalog import proposal_words  # noqa: PLC0415 - models are there only now

        proposal_words.register()
