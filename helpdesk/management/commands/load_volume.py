from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.models import Offering, Policy
from helpdesk import volume


class Command(BaseCommand):
    help = (
        "Enche o banco com chamados inventados, para medir; acrescenta o que falta até N. "
        "Precisa do catálogo (load_catalog) e das políticas (load_service)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tickets", type=int, required=True, metavar="N", help="quantos chamados deve haver ao fim")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("load_volume inventa pessoas e chamados; só roda na demonstração (DEMO=1).")
        wanted: int = options["tickets"]
        if not 0 < wanted <= 10_000_000:
            raise CommandError("Informe de 1 a 10.000.000 chamados.")
        if not Offering.objects.exists() or not Policy.objects.exists():
            raise CommandError("Faltam o catálogo e as políticas: rode load_catalog e load_service antes.")

        def say(done: int) -> None:
            if done % 10_000 == 0:
                self.stdout.write(f"{done} de {wanted} chamados …")

        self.stdout.write(f"Chamados acrescentados: {volume.load(wanted, say=say)}.")
