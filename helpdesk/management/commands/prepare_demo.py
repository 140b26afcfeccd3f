from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser

from helpdesk import demo_people


class Command(BaseCommand):
    help = "Põe a demonstração em dia: migrações, catálogo, expediente, prazos, pessoas, chamados, páginas. Pode ser repetido."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--past", action="store_true", help="conta também os seis meses anteriores, só em um banco sem chamados"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("prepare_demo cria contas que todos conhecem; só roda na demonstração (DEMO=1).")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        data = Path(settings.BASE_DIR) / "catalog" / "data"
        knowledge = Path(settings.BASE_DIR) / "knowledge" / "data"
        call_command("load_catalog", str(data / "catalog.json"))
        call_command("load_service", str(data / "service.json"))
        call_command("load_scripts", str(data / "scripts.json"))
        call_command("load_faq", str(knowledge / "faq.json"))
        call_command("load_guide", str(knowledge / "guia"))
        call_command("seed_demo", past=options["past"])
        call_command("collectstatic", interactive=False, verbosity=0)
        width = max(len(person.email) for person in demo_people.PEOPLE)
        lines = [f"  {person.email:{width}}  {person.line}\n" for person in demo_people.PEOPLE]
        heading = f"Contas de demonstração (senha: {demo_people.PASSWORD}):\n"
        (settings.VAR / "demo-accounts.txt").write_text(heading + "".join(lines))
