"""``manage.py check_tickets``: do the columns of the tickets say what their events say?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tickets import replay
from tickets.models import Ticket


class Command(BaseCommand):
    help = "Confere as colunas dos chamados com os seus eventos. Diz cada diferença e termina com erro se houver alguma."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="*", type=int, metavar="NÚMERO", help="só estes chamados; sem número, todos")

    def handle(self, *args: Any, **options: Any) -> None:
        tickets = Ticket.objects.all()
        if options["numbers"]:
            tickets = tickets.filter(number__in=options["numbers"])
        found = 0
        for it in replay.differences(tickets):
            found += 1
            self.stdout.write(f"{it.number}: {it.what}: a coluna diz {it.column}, os eventos dizem {it.events}")
        if found:
            raise CommandError(f"{found} diferença(s).")
        self.stdout.write("As colunas dizem o mesmo que os eventos.")
