from django.apps import AppConfig


class GovbrConfig(AppConfig):
    name = "govbr"
    verbose_name = "Padrão Digital de Governo"
