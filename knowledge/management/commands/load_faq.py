"""``manage.py load_faq FILE [--overwrite]``."""

from catalog.management.load_command import LoadCommand
from knowledge import loading


class Command(LoadCommand):
    help = "Põe as perguntas e respostas de acordo com o arquivo. As editadas à mão ficam como estão e são relatadas."
    example = "knowledge/data/faq.json"
    load = staticmethod(loading.load_questions)
