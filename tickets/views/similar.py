"""While a request is written: the open tickets that resemble it, as far as its writer may know of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts import limits
from catalog import offers
from catalog.models import Offering
from tickets import likeness
from tickets.forms.offering import BODY, SUBJECT

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tickets.likeness import Card


def to_what_is_written(request: HttpRequest, offering: Offering) -> list[Card]:
    """The tickets like the title and the description in this form, valid or not."""
    assert request.user.is_authenticated  # noqa: S101 - nobody else is shown a form
    subject, body = request.POST.get(SUBJECT, ""), request.POST.get(BODY, "")
    return likeness.similar(request.user, offering=offering, subject=subject, body=body)


@login_required
@require_POST
def fragment(request: HttpRequest, core: str, sphere: str, product: str, support_type: str) -> HttpResponse:
    """For htmx, while somebody writes. By POST: what is written belongs in no log of addresses. Changes nothing."""
    try:
        offering = offers.offering_at(core, sphere, product, support_type)
    except Offering.DoesNotExist as unknown:
        raise Http404 from unknown
    if (refused := limits.refusal(request, "tickets_like")) is not None:
        return refused
    return render(request, "tickets/opening/similar.html", {"similar": to_what_is_written(request, offering)})
