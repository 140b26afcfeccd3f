"""How allauth works here."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url

from accounts.models import User
from notifications import account_letters


def short_name(user: User) -> str:
    """What allauth's messages call a person."""
    return user.get_short_name()


def on_portal(url: str) -> str:
    """An address of the portal as people know it, whatever host it names."""
    parts = urlsplit(url)
    return f"{settings.PORTAL_URL}{parts.path}" + (f"?{parts.query}" if parts.query else "")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Esta conta está desativada.",
        "duplicate_email": "Este já é o e-mail da sua conta.",
        "email_password_mismatch": "E-mail ou senha incorretos. Confira os dois e tente de novo.",
        "email_taken": "Este e-mail já tem uma conta.",
        "enter_current_password": "Digite a sua senha atual.",
        "incorrect_password": "Esta não é a sua senha.",
        "invalid_password_reset": "Este link não vale mais. Peça um link novo.",
        "rate_limited": "Muitas tentativas em pouco tempo. Espere alguns minutos e tente de novo.",
        "same_as_current": "O novo valor é igual ao atual.",
        "too_many_login_attempts": "Muitas tentativas com erro. Espere cinco minutos e tente de novo, ou recupere a senha.",
        "unverified_primary_email": "Confirme primeiro o seu e-mail.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: a mail server that does not answer costs nobody a page.

        Its links lead to ``PORTAL_URL``, whatever host the request named.
        """
        links = {name: on_portal(value) for name, value in context.items() if name.endswith("_url")}
        words = {"request": current.request, "email": email, "portal_url": settings.PORTAL_URL, **context, **links}
        message = self.render_mail(template_prefix, email, words)
        account_letters.post(to=email, subject=message.subject, body=message.body)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where sign-in leads when no page asked for it: the desk for who works there, else the first page."""
        if isinstance(request.user, User) and request.user.is_staff:
            return resolve_url("admin:index")
        return str(super().get_login_redirect_url(request))
