"""An account that somebody of the team makes for a person, who takes it over by a letter."""

from __future__ import annotations

from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.contrib.admin.models import ADDITION, LogEntry
from django.db import IntegrityError, transaction

from accounts.models import User

TAKEN: Final = {
    "email": "Já existe uma conta com este e-mail. Procure a pessoa por ele.",
    "cpf": "Já existe uma conta com este CPF. Procure a pessoa por ele.",
}


class Taken(Exception):
    """Somebody has an account with this e-mail or CPF. ``field`` says which, the text is for who typed it."""

    def __init__(self, field: str) -> None:
        super().__init__(TAKEN[field])
        self.field = field


def invite(*, by: User, name: str, email: str, cpf: str = "", phone: str = "") -> User:
    """A new open account without a password, and a letter with a link to choose one; who made it is logged.

    The e-mail is proven as everybody's: at the first sign-in. Raises ``Taken``; then nothing was made.
    """
    wanted = {"email": email.lower(), "cpf": cpf or None}
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, name=name, cpf=wanted["cpf"], phone=phone)
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
            LogEntry.objects.log_actions(by.pk, User.objects.filter(pk=user.pk), ADDITION, "Conta criada ao abrir um chamado.")
            _write(user)
    except IntegrityError as collision:
        for field, value in wanted.items():
            if value and User.objects.filter(**{field: value}).exists():
                raise Taken(field) from collision
        raise
    return user


def _write(user: User) -> None:
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(user)}-{PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)}"
    words = {"user": user, "password_reset_url": adapter.get_reset_password_from_key_url(key)}
    adapter.send_mail("account/email/invitation", user.email, words)
