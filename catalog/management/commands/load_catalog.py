"""``manage.py load_catalog FILE [--overwrite]``."""

from catalog import loading
from catalog.management.load_command import LoadCommand


class Command(LoadCommand):
    help = "Põe o catálogo de acordo com o arquivo. Linhas editadas à mão ficam como estão e são relatadas."
    example = "catalog/data/catalog.json"
    load = staticmethod(loading.load)
