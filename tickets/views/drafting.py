"""The addresses of drafts: saved while somebody writes, found again, thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from catalog import offers
from catalog.models import Offering
from tickets import drafts, rules
from tickets.drafts import Place
from tickets.forms import keeping
from tickets.forms.offering import OfferingForm
from tickets.forms.talking import DEEDS, DeedForm
from tickets.models import Draft, Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

BACK: Final = {"inicio": "home", "abrir": "open"}
"""Where a draft was thrown away from, but for its own page."""


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def of_offering(request: HttpRequest, core: str, sphere: str, product: str, support_type: str) -> HttpResponse:
    """For the script of an offering's form."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    try:
        offering = offers.offering_at(core, sphere, product, support_type)
    except Offering.DoesNotExist as unknown:
        raise Http404 from unknown
    return keeping.answer(request, user, Place(offering=offering), lambda: OfferingForm(offering, request.POST, by=user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def of_ticket(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """For the script of a form on a ticket's page."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    parts = ("offering__product__core_system",)
    ticket = get_object_or_404(Ticket.objects.visible_to(user).select_related(*parts), number=number)
    deed = DEEDS.get(action)
    if deed is None or not deed.label or not rules.is_requester_side(rules.roles(user, ticket)):
        raise Http404
    return keeping.answer(
        request, user, Place(ticket=ticket, deed=action), lambda: DeedForm(deed, ticket, request.POST, by=user)
    )


def listed(user: User) -> list[tuple[Draft, str]]:
    """What this person can go on with, and when he left it."""
    return [(draft, keeping.saved_when(draft)) for draft in drafts.listed(user)]


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    parts = ("user", "ticket", "offering__sphere", "offering__support_type", "offering__product__core_system")
    draft = get_object_or_404(user.drafts.select_related(*parts), pk=pk)
    where = BACK.get(request.POST.get("voltar", "")) or draft.get_absolute_url()
    drafts.discard(draft)
    messages.success(request, "Rascunho descartado.")
    return redirect(where)


@login_required
@require_POST
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with what was set aside, instead of what its form shows."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    parts = ("user", "ticket", "offering__sphere", "offering__support_type", "offering__product__core_system")
    draft = get_object_or_404(user.drafts.select_related(*parts), pk=pk)
    drafts.use(draft)
    messages.success(request, "Este é o outro texto que você escreveu. O que estava aqui também foi guardado.")
    return redirect(draft.get_absolute_url())
