"""``manage.py load_scripts FILE [--overwrite]``."""

from catalog import scripts
from catalog.management.load_command import LoadCommand


class Command(LoadCommand):
    help = "Põe os roteiros de atendimento de acordo com o arquivo. Roteiros editados à mão ficam como estão e são relatados."
    example = "catalog/data/scripts.json"
    load = staticmethod(scripts.load)
