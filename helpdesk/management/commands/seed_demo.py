from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from helpdesk import demo


class Command(BaseCommand):
    help = (
        "Cria as pessoas e os chamados inventados da demonstração, uma vez só. "
        "Precisa do catálogo (load_catalog) e das políticas (load_service)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--past", action="store_true", help="conta também os seis meses anteriores, só em um banco sem chamados"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("seed_demo cria contas que todos conhecem; só roda na demonstração (DEMO=1).")
        self.stdout.write(f"Passos da história da demonstração: {demo.seed(past=options['past'])}.")
