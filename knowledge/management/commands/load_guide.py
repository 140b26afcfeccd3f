"""``manage.py load_guide FOLDER [--overwrite]``."""

from catalog.management.load_command import LoadCommand
from knowledge import loading


class Command(LoadCommand):
    help = "Põe as páginas do guia e do portal de acordo com a pasta. As editadas à mão ficam como estão e são relatadas."
    example = "knowledge/data/guia (uma pasta de .md)"
    load = staticmethod(loading.load_pages)
