"""How often something may be asked for; how often each thing is written in the settings (``ACCOUNT_RATE_LIMITS``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from allauth.core.internal import ratelimit  # the public module counts no GET
from django.shortcuts import render

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def refusal(request: HttpRequest, action: str) -> HttpResponse | None:
    """Counts this request; what to answer, with 429, where it is one too many. A part of a page where htmx asks for one."""
    if ratelimit.consume(request, app="allauth.account", action=action, limit_get=True):
        return None
    if request.htmx:  # type: ignore[attr-defined]  # django_htmx's middleware
        return render(request, "govbr/too_many.html", status=429)
    return cast("HttpResponse", ratelimit.respond_429(request))
