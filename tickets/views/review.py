"""The page before a request is opened: what its sender has not been shown yet (``forms.unread``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from tickets.forms import unread
from tickets.views import similar

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tickets.forms.offering import OfferingForm
    from tickets.forms.unread import Unread


def page(request: HttpRequest, sent: OfferingForm, found: Unread, context: dict[str, Any]) -> HttpResponse:
    """What was found, with everything that was typed carried along."""
    alike = {"similar": similar.to_what_is_written(request, sent.offering)}
    return render(request, "tickets/opening/review.html", {**context, **unread.carried(sent, found, request.POST), **alike})
