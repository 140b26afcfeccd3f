"""``manage.py load_service FILE [--overwrite]``."""

from catalog import service_loading
from catalog.management.load_command import LoadCommand


class Command(LoadCommand):
    help = (
        "Põe expediente, feriados e políticas de prazos de acordo com o arquivo. O que foi editado à mão fica como está e é "
        "relatado. Uma política em vigor não muda nem com --overwrite: escreva outra, com outra data."
    )
    example = "catalog/data/service.json"
    load = staticmethod(service_loading.load)
