"""What for: the offering, its form filled in for the person, and the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from catalog import finding, offers
from catalog.models import Offering, Sphere
from govbr.search import LONGEST
from tickets import drafts, incidents, lifecycle, repeats
from tickets.admin.behalf import people
from tickets.admin.behalf.forms import OnBehalfForm
from tickets.admin.bench import workbench
from tickets.drafts import Place
from tickets.forms import keeping, unread
from tickets.forms.offering import RELATED
from tickets.models import Ticket, TicketEvent
from tickets.search import number_in
from tickets.states import Action, Via

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.models import Draft

BESIDES = frozenset({"continuar", "corrigir"})
"""Buttons that send nothing: go on in another sphere, come back from the review."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A product with what may be opened about it here."""

    product: str
    kinds: list[tuple[str, str]]
    """Name and address of each form."""


def choose(desk: QueueAdmin, request: HttpRequest, token: str) -> HttpResponse:
    """The offerings of one sphere that begin in queues of this analyst, narrowed by words as in the portal."""
    user = people.opener(desk, request)
    person = people.person_of(token, by=user)
    spheres = list(Sphere.objects.filter(active=True))
    own = [bond.agency.sphere.slug for bond in person.active_memberships]
    wanted = request.GET.get("esfera") or next(iter(own), "")
    sphere = next((found for found in spheres if found.slug == wanted), spheres[0] if spheres else None)
    words = request.GET.get("q", "")[:LONGEST]
    context = {
        **people.frame(desk, request),
        "person": person,
        "unproven": people.found_by_cpf(token),
        "bodies": [bond.agency for bond in person.active_memberships],
        "spheres": spheres,
        "sphere": sphere,
        "words": words,
        "offered": offered(desk, token, user, sphere, words) if sphere is not None else [],
    }
    return TemplateResponse(request, "admin/tickets/behalf/choose.html", context)


def offered(desk: QueueAdmin, token: str, user: User, sphere: Sphere, words: str) -> list[Offered]:
    """By product in the catalog's order, or in that of the search."""
    rows = offers.offerings().filter(sphere=sphere).select_related("product", "support_type", "n2_queue__successor")
    mine = list(rows.select_related("n3_queue__successor").order_by("product__name", "support_type__position"))
    mine = [row for row in mine if may_open(row, user)]
    if words.strip():
        found = finding.find(words, most=len(mine) or 1).found
        wanted = [(hit.product.pk, hit.support_type.pk if hit.support_type else None) for hit in found]
        mine = [row for pk, kind in wanted for row in mine if row.product_id == pk and kind in (None, row.support_type_id)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in mine:
        url = people.address(desk, "behalf_form", token, row.pk)
        groups.setdefault(str(row.product), []).append((str(row.support_type), url))
    return [Offered(product, kinds) for product, kinds in groups.items()]


def may_open(offering: Offering, user: User) -> bool:
    """Whether this person works the queue in which tickets of the offering begin."""
    return lifecycle.first_queue(offering).pk in user.queue_ids("analyst", "lead")


def form(desk: QueueAdmin, request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """The offering's form; a form sent again leads to what it opened. Rules and secrets are shown before it opens."""
    user = people.opener(desk, request)
    person = people.person_of(token, by=user)
    offering = _offering(pk, user)
    if request.method != "POST":
        shown, kept = begun(request, offering, user, person)
        return _page(desk, request, token, shown, draft=kept)
    opened = _opened_with(request.POST.get("form_id", ""), user)
    if opened is not None:
        messages.info(request, f"Este formulário já abriu o chamado {opened.number}.")
        return redirect(workbench.address(opened))
    return _send(desk, request, token, OnBehalfForm(offering, request.POST, request.FILES, by=user, requester=person))


def _send(desk: QueueAdmin, request: HttpRequest, token: str, sent: OnBehalfForm) -> HttpResponse:
    valid = sent.is_valid()
    if keeping.BUTTON in request.POST:
        return _keep(desk, request, token, sent)
    if valid and BESIDES.isdisjoint(request.POST):
        if (again := _opened_just_now(request, sent)) is not None:
            return _page(desk, request, token, again, repeated=True, status=workbench.CONFLICT)
        found = unread.unread(request.POST, sent)
        if not found:
            return _open(desk, request, token, sent)
        draft = keeping.kept_or_not(request, sent.by, place(sent), sent)
        context = {**_about(desk, request, token, sent), **unread.carried(sent, found, request.POST)}
        context["again"] = repeats.AGAIN in request.POST
        context["draft_version"] = draft.version if draft else 0
        return TemplateResponse(request, "admin/tickets/behalf/review.html", context)
    draft = keeping.kept_or_not(request, sent.by, place(sent), sent)
    if not BESIDES.isdisjoint(request.POST):
        return _page(desk, request, token, _fresh(sent), draft=draft)
    return _page(desk, request, token, sent, draft=draft, status=people.UNPROCESSABLE)


def _opened_just_now(request: HttpRequest, sent: OnBehalfForm) -> OnBehalfForm | None:
    """The form with the reason, where the same was opened just now and its analyst has not said that he means it."""
    if repeats.AGAIN in request.POST:
        return None
    sentence = repeats.opened(sent.by, sent.requester, sent.request, request_id=sent.request_id)
    if not sentence:
        return None
    sent.add_error(None, sentence + repeats.MARK)
    return sent


def draft(desk: QueueAdmin, request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """For the script of the form: keeps what stands in it now."""
    user = people.opener(desk, request)
    person = people.person_of(token, by=user)
    offering = _offering(pk, user)
    here = Place(offering=offering, requester=person)
    return keeping.answer(request, user, here, lambda: OnBehalfForm(offering, request.POST, by=user, requester=person))


def _offering(pk: int, user: User) -> Offering:
    """Raises ``Http404`` where this person may not open it."""
    related = ("sphere", "product__core_system", "support_type", "n2_queue__successor", "n3_queue__successor")
    offering = offers.offerings().select_related(*related).filter(pk=pk).first()
    if offering is None or not may_open(offering, user):
        raise Http404
    return offering


def place(shown: OnBehalfForm) -> Place:
    return Place(offering=shown.offering, requester=shown.requester)


def begun(request: HttpRequest, offering: Offering, user: User, person: User) -> tuple[OnBehalfForm, Draft | None]:
    """The form with what this analyst wrote in it for this person before, if he did not send it."""
    number = number_in(request.GET.get("relacionado", "")[:20])
    kept = drafts.of(user, Place(offering=offering, requester=person))
    written = {**kept.content, "form_id": kept.form_id} if kept else {}
    initial = {**written, **({RELATED: number} if number else {})}
    shown = OnBehalfForm(offering, by=user, requester=person, initial=initial)
    if kept is not None:
        shown.show_files_of(kept.form_id)
    return shown, kept


def _keep(desk: QueueAdmin, request: HttpRequest, token: str, sent: OnBehalfForm) -> HttpResponse:
    """What the button does where no script saves: the form is found as it was left."""
    for sentence in sent.refused_files:
        messages.error(request, sentence)
    try:
        keeping.keep(request, sent.by, place(sent), sent)
    except drafts.Overtaken as overtaken:
        return _page(desk, request, token, _fresh(sent), overtaken=overtaken.kept, status=workbench.CONFLICT)
    except drafts.NotKept as refused:
        messages.error(request, refused.sentence)
        return _page(desk, request, token, _fresh(sent), status=people.UNPROCESSABLE)
    messages.success(request, "Rascunho salvo. Para continuar depois, procure a pessoa de novo.")
    return redirect(request.path)


def _open(desk: QueueAdmin, request: HttpRequest, token: str, sent: OnBehalfForm) -> HttpResponse:
    facts: dict[str, Any] = {"by": sent.by, "via": Via.DESK, "request_id": sent.request_id}
    try:
        with transaction.atomic():
            ticket = lifecycle.open_ticket(sent.request, **facts, requester=sent.requester, origin=sent.origin)
            drafts.sent(sent.by, sent.request_id)
    except lifecycle.Refused as refused:
        sent.add_error(None, refused.sentence)
        return _page(desk, request, token, sent, status=409)
    messages.success(request, f"Chamado {ticket.number} aberto em nome de {sent.requester.display_name}, que foi avisado.")
    return redirect(workbench.address(ticket))


def _opened_with(form_id: str, user: User) -> Ticket | None:
    """What this person's form opened already, if it did."""
    try:
        request_id = UUID(form_id)
    except ValueError:
        return None
    event = TicketEvent.objects.filter(request_id=request_id, action=Action.OPEN, actor=user).select_related("ticket").first()
    return event.ticket if event else None


def _fresh(sent: OnBehalfForm) -> OnBehalfForm:
    """The same answers and files in a form that nobody has tried to send yet."""
    initial = {**sent.typed, "form_id": sent.data.get("form_id")}
    again = OnBehalfForm(sent.offering, by=sent.by, requester=sent.requester, initial=initial)
    for name, field in again.file_fields.items():
        field.kept = sent.file_fields[name].kept
    return again


def _about(desk: QueueAdmin, request: HttpRequest, token: str, shown: OnBehalfForm) -> dict[str, Any]:
    offering = shown.offering
    return {
        **people.frame(desk, request),
        "title": f"{offering.support_type}: {offering.product}",
        "offering": offering,
        "person": shown.requester,
        "unproven": people.found_by_cpf(token),
        "choose_url": people.address(desk, "behalf_choose", token),
    }


def _page(
    desk: QueueAdmin,
    request: HttpRequest,
    token: str,
    shown: OnBehalfForm,
    *,
    draft: Draft | None = None,
    overtaken: Draft | None = None,
    repeated: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form. ``draft`` is what it shows or was just kept as; ``overtaken`` what another page saved meanwhile."""
    offering, kept = shown.offering, draft or overtaken
    context = {
        **_about(desk, request, token, shown),
        "form": shown,
        "incidents": incidents.standing(offering.product_id),
        "other_sphere": shown.other_sphere,
        "repeated": repeated,
        "draft": draft,
        "overtaken": overtaken,
        "saved_when": keeping.saved_when(kept) if kept else "",
        "draft_version": draft.version if draft else keeping.version_of(request),
        "draft_url": people.address(desk, "behalf_draft", token, offering.pk),
    }
    if shown.other_sphere is not None:
        same = offers.offerings().filter(product=offering.product, support_type=offering.support_type)
        there = same.filter(sphere=shown.other_sphere).first()
        context["same_form_url"] = people.address(desk, "behalf_form", token, there.pk) if there else ""
    return TemplateResponse(request, "admin/tickets/behalf/form.html", context, status=status)
