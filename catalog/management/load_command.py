"""What the commands that load a file have in common."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.json_file import BadFile
from catalog.syncing import Count


class LoadCommand(BaseCommand):
    """Says what was done to each table and what was kept; a bad file ends with its mistakes and changes nothing."""

    example: str
    load: Callable[..., list[Count]]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=f"arquivo JSON, como {self.example}")
        parser.add_argument("--overwrite", action="store_true", help="desfaz também o que foi editado à mão")

    def handle(self, *args: Any, file: Path, overwrite: bool, **options: Any) -> None:
        try:
            counts = type(self).load(file, overwrite=overwrite)
        except BadFile as error:
            raise CommandError("\n".join(["O arquivo não foi carregado. Nada mudou.", *error.problems])) from error
        for count in counts:
            self.stdout.write(str(count))
        edited = [f"{count.label}: {row}" for count in counts for row in count.edited]
        if edited:
            self.stdout.write("Editados desde a última carga e mantidos (--overwrite os refaz):")
            for line in edited:
                self.stdout.write(f"  {line}")
