"""``manage.py tell_privacy_change E-MAIL "O que mudou."``: everybody hears of a change of the privacy notice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import privacy
from accounts.models import User


class Command(BaseCommand):
    help = "Avisa todas as pessoas com conta de uma mudança do aviso de privacidade. Publique antes o texto novo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="o e-mail do encarregado que decidiu a mudança")
        parser.add_argument("words", help="o que mudou, em uma linha")

    def handle(self, *args: Any, **options: Any) -> None:
        by = User.objects.filter(email=options["email"].lower(), is_active=True).first()
        if by is None or not by.holds("dpo"):
            raise CommandError("Este e-mail não é de um encarregado dos dados com conta ativa.")
        try:
            privacy.change(options["words"], by=by)
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"As pessoas com conta serão avisadas, {privacy.PIECE} por minuto.")
