"""``manage.py load_agencies [FILE]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import agencies


class Command(BaseCommand):
    help = "Inclui os órgãos que faltam na lista. Não altera os que já existem."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=agencies.STARTER_LIST)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = agencies.load(options["file"])
        except agencies.BadAgencyList as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Órgãos: {loaded.added} incluídos, {loaded.present} já existiam.")
