"""What somebody typed in a form that could not be taken, because his session was over or the page too old."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import resolve_url

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

WORTH: Final = 20
"""Characters from which a text is shown back; what is shorter was mostly chosen, and is soon typed again."""

MOST: Final = 20
"""Texts shown back."""

ACCOUNTS: Final = "/conta/"
"""Forms with passwords: nothing of theirs is shown back."""


def words_of(request: HttpRequest) -> list[str]:
    """The texts that were sent, for their sender to copy. They are kept nowhere."""
    if request.method != "POST" or request.path.startswith(ACCOUNTS):
        return []
    return [
        text
        for name, texts in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for text in texts
        if len(text.strip()) >= WORTH and not _is_id(text)
    ][:MOST]


def asks_to_sign_in(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the answer to a form sends its sender to the sign-in. A part of a page that asks by itself loses nothing."""
    if request.method != "POST" or "HX-Request" in request.headers or not isinstance(response, HttpResponseRedirect):
        return False
    return response.url.partition("?")[0] in (resolve_url(settings.LOGIN_URL), resolve_url("admin:login"))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
