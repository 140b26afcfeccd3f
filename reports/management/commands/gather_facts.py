"""``manage.py gather_facts``: bring what reports count up to now, or write all of it anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports import gathering


class Command(BaseCommand):
    help = "Atualiza os dados dos relatórios. Pode ser interrompido e chamado de novo: continua de onde parou."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="apaga os dados dos relatórios e os escreve de novo")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["anew"]:
            gathering.anew()
        written = 0
        while count := gathering.gather():
            written += count
        self.stdout.write(f"Chamados contados: {written}.")
