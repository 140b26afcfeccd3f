"""Drafts as pages and scripts meet them: saved while somebody writes, found again, thrown away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

import worktime
from catalog import offers
from catalog.models import Offering
from tickets import drafts, rules, wording
from tickets.drafts import Place
from tickets.forms.offering import OfferingForm
from tickets.forms.talking import DEEDS, DeedForm
from tickets.forms.uploads import place_of
from tickets.models import Draft, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from tickets.forms.uploads import FormWithFiles

VERSION: Final = "rascunho_versao"
"""The form's field with the version of the draft that its page began from."""
WRITER: Final = "rascunho_de"
"""The form's field with its writer, so that what one person wrote never becomes another's, who signed in in another tab."""
BUTTON: Final = "rascunho"
"""The button that saves without JavaScript; its value ``OVERWRITE`` does so over what another page saved."""
OVERWRITE: Final = "manter"
BACK: Final = {"inicio": "home", "abrir": "open"}
"""Where a draft was thrown away from, but for its own page."""


def keep(request: HttpRequest, user: User, place: Place, form: FormWithFiles) -> Draft:
    """Save what was typed in a form, valid or not. Raises ``drafts.NotKept``; then nothing changed."""
    try:
        form_id = UUID(request.POST.get("form_id", ""))
    except ValueError as lost:
        raise drafts.NotKept("Este formulário perdeu a identificação. Recarregue a página.") from lost
    files = [place_of(form_id, name) for name in form.file_fields]
    base = None if request.POST.get(BUTTON) == OVERWRITE else version_of(request)
    return drafts.save(user, place, form.typed, form_id=form_id, file_places=files, base=base)


def kept_or_not(request: HttpRequest, user: User, place: Place, form: FormWithFiles) -> Draft | None:
    """The same where the page shows everything that was typed anyway; what was not kept is no reason to complain."""
    try:
        return keep(request, user, place, form)
    except drafts.NotKept:
        return None


def version_of(request: HttpRequest) -> int:
    typed = request.POST.get(VERSION, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def of_offering(request: HttpRequest, core: str, sphere: str, product: str, support_type: str) -> HttpResponse:
    """For the script of an offering's form."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    try:
        offering = offers.offering_at(core, sphere, product, support_type)
    except Offering.DoesNotExist as unknown:
        raise Http404 from unknown
    return answer(request, user, Place(offering=offering), lambda: OfferingForm(offering, request.POST, by=user))


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
    return answer(request, user, Place(ticket=ticket, deed=action), lambda: DeedForm(deed, ticket, request.POST, by=user))


def answer(request: HttpRequest, user: User, place: Place, form: Callable[[], FormWithFiles]) -> JsonResponse:
    """GET: who is signed in, his form's token and his draft's version, for a page that may be behind. POST: save."""
    if request.method != "POST":
        kept = drafts.of(user, place)
        return JsonResponse({"de": str(user.pk), "csrf": get_token(request), "versao": kept.version if kept else 0})
    if request.POST.get(WRITER) != str(user.pk):
        return JsonResponse({"frase": "Você entrou com outra conta. O que está aqui não foi salvo nela."}, status=403)
    try:
        draft = keep(request, user, place, form())
    except drafts.Overtaken as overtaken:
        return JsonResponse({"frase": overtaken.sentence, "salvo": saved_when(overtaken.kept)}, status=409)
    except drafts.AlreadySent as over:
        return JsonResponse({"frase": over.sentence}, status=410)
    except drafts.NotKept as refused:
        return JsonResponse({"frase": refused.sentence}, status=422)
    return JsonResponse({"versao": draft.version, "salvo": saved_when(draft)})


def saved_when(draft: Draft) -> str:
    """``hoje, 14h32``, in Brasília's time."""
    return wording.when(draft.saved_at, worktime.now())


def listed(user: User) -> list[tuple[Draft, str]]:
    """What this person can go on with, and when he left it."""
    return [(draft, saved_when(draft)) for draft in drafts.listed(user)]


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
