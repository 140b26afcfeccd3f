"""``manage.py load_catalog FILE [--overwrite]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog import loading
from catalog.catalog_file import BadCatalog


class Command(BaseCommand):
    help = "Põe o catálogo de acordo com o arquivo. Linhas editadas à mão ficam como estão e são relatadas."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="arquivo JSON, como catalog/data/catalog.json")
        parser.add_argument("--overwrite", action="store_true", help="desfaz também o que foi editado à mão")

    def handle(self, *args: Any, file: Path, overwrite: bool, **options: Any) -> None:
        try:
            counts = loading.load(file, overwrite=overwrite)
        except BadCatalog as error:
            raise CommandError("\n".join(["O arquivo não foi carregado. Nada mudou.", *error.problems])) from error
        for count in counts:
            self.stdout.write(str(count))
        edited = [f"{count.label}: {row}" for count in counts for row in count.edited]
        if edited:
            self.stdout.write("Editados desde a última carga e mantidos (--overwrite os refaz):")
            for line in edited:
                self.stdout.write(f"  {line}")
