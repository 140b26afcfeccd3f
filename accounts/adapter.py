"""How allauth works here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.shortcuts import resolve_url

from accounts.models import User


def short_name(user: User) -> str:
    """What allauth's messages call a person."""
    return user.get_short_name()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where sign-in leads when no page asked for it: the desk for who works there, else the first page."""
        if isinstance(request.user, User) and request.user.is_staff:
            return resolve_url("admin:index")
        return str(super().get_login_redirect_url(request))
