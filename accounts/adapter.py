"""How allauth works here."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as current
from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

import worktime
from accounts import known_browsers
from accounts.models import User
from notifications import account_letters, addresses

ANYWHERE = "login_failed_anywhere"
"""The limit on wrong passwords for one account from all browsers in which its person never signed in."""

SERVES_UNTIL = {"activate_url": "confirm_until", "password_reset_url": "password_until"}
"""Which of a letter's links serves until when."""


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
        "too_many_login_attempts": "Muitas tentativas com erro. Espere alguns minutos e tente de novo, ou recupere a senha.",
        "unverified_primary_email": "Confirme primeiro o seu e-mail.",
    }

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        known_browsers.remember(response, user)
        return response

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse a try beyond the limits: few from one place on one account, and more, but bounded, from all strange places.

        A browser in which the person has signed in before counts by itself, so that others cannot lock him out of it.
        """
        super().pre_authenticate(request, **credentials)
        email = str(credentials.get("email", "")).lower()
        if not known_browsers.mark_of(request, email) and not ratelimit.consume(
            request, action=ANYWHERE, key=email, dry_run=True
        ):
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        email = str(credentials.get("email", "")).lower()
        if not known_browsers.mark_of(request, email):
            ratelimit.consume(request, action=ANYWHERE, key=email)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth counts wrong passwords by account alone, so that anybody could lock anybody out; here also by place."""
        email = str(credentials.get("email", "")).lower()
        return f"{known_browsers.mark_of(request, email) or self.get_client_ip(request)} {email}"

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """A new password, by way of the person's mail, begins anew."""
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, action=ANYWHERE, key=str(credentials.get("email", "")).lower())

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: a mail server that does not answer costs nobody a page.

        Its links lead to ``PORTAL_URL``, whatever host the request named, and it says until when they serve.
        """
        now = worktime.now()
        until = {
            "confirm_until": now + timedelta(days=app_settings.EMAIL_CONFIRMATION_EXPIRE_DAYS),
            "password_until": now + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        }
        served = [until[name] for link, name in SERVES_UNTIL.items() if link in context]
        links = {name: on_portal(value) for name, value in context.items() if name.endswith("_url")}
        words = {"request": current.request, "email": email, "portal_url": settings.PORTAL_URL, **until, **context, **links}
        message = self.render_mail(template_prefix, email, words)
        account_letters.post(to=email, subject=message.subject, words=message.body, until=min(served, default=None))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Who confirms an address reads what comes there, whatever was known against it."""
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            addresses.clear(email_address.email)
        return confirmed

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where sign-in leads when no page asked for it: the desk for who works there, else the first page."""
        if isinstance(request.user, User) and request.user.is_staff:
            return resolve_url("admin:index")
        return str(super().get_login_redirect_url(request))
