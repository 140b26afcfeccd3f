"""``manage.py make_administrator E-MAIL``: the first administrator of an installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import roles
from accounts.models import User


class Command(BaseCommand):
    help = "Dá o papel de administrador a uma conta que já existe. Os demais papéis são concedidos na administração."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if user is None:
            raise CommandError("Nenhuma conta ativa tem este e-mail. Crie a conta no portal e repita o comando.")
        granted = roles.make_administrator(user)
        self.stdout.write("Papel de administrador concedido." if granted else "Esta pessoa já é administradora.")
