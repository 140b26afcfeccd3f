"""Browsers in which a person has signed in before: a stranger's wrong passwords do not lock the person out there.

The mark is a signed cookie. It opens nothing: it only gives its browser tries of its own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import get_random_string

from accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

COOKIE = "portal_navegador" if settings.DEMO else "__Host-portal_navegador"
SALT = "accounts.known_browsers"
LIFE = timedelta(days=180)


def remember(response: HttpResponseBase, user: User) -> None:
    """Mark the browser that gets this answer as one of the person's."""
    response.set_signed_cookie(
        COOKIE,
        f"{user.pk}:{get_random_string(16)}",
        salt=SALT,
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def mark_of(request: HttpRequest, email: str) -> str:
    """What the browser is known by to the account with this address; empty where it is not known."""
    mark: str = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFE) or ""
    pk = mark.partition(":")[0]
    known = pk.isdigit() and User.objects.filter(pk=int(pk), email__iexact=email).exists()
    return mark if known else ""
