"""Opening a ticket: the form and the receipt. The way to it is in ``choosing``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

import worktime
from catalog import hours, offers
from catalog.models import Offering
from tickets import drafts, incidents, lifecycle, likeness, search, wording
from tickets.drafts import Place
from tickets.forms import keeping, unread
from tickets.forms.offering import RELATED, OfferingForm
from tickets.models import Draft, Ticket, TicketEvent
from tickets.states import Action, Via
from tickets.views import following, pace, review, similar
from tickets.views.choosing import STEPS, way

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

BESIDES: Final = frozenset({"acompanhar", "continuar", "parecidos", "corrigir"})
"""Buttons that send nothing: ask to follow, go on in another sphere, look for tickets alike, come back from the review."""


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, core: str, sphere: str, product: str, support_type: str) -> HttpResponse:
    """The offering's form. Only who has signed in fills it in; a form sent again leads to what it opened.

    Where the catalog knows the situation, its sender reads what it says before the second press opens.
    """
    try:
        offering = offers.offering_at(core, sphere, product, support_type)
    except Offering.DoesNotExist as unknown:
        raise Http404 from unknown
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method != "POST":
        return new_form(request, offering, request.user)
    return send(request, offering, request.user)


def new_form(request: HttpRequest, offering: Offering, user: User) -> HttpResponse:
    """The form with what this person wrote in it before, if he did not send it."""
    related = search.number_in(request.GET.get("relacionado", "")[:20])
    draft = drafts.of(user, Place(offering=offering))
    written = {**draft.content, "form_id": draft.form_id} if draft else {}
    shown = OfferingForm(offering, by=user, initial={**written, **({RELATED: related} if related else {})})
    if draft is not None:
        shown.show_files_of(draft.form_id)
    return form_page(request, shown, draft=draft)


def send(request: HttpRequest, offering: Offering, user: User) -> HttpResponse:
    earlier = opened_with(request.POST.get("form_id", ""), user)
    if earlier is not None:
        messages.info(request, "Este formulário já abriu o chamado abaixo. Para outro assunto, abra um chamado novo.")
        return redirect("opened", earlier)
    sent = OfferingForm(offering, request.POST, request.FILES, by=user)
    valid = sent.is_valid()
    here = Place(offering=offering)
    if keeping.BUTTON in request.POST:
        return save_draft(request, sent, here)
    if not BESIDES.isdisjoint(request.POST):
        return besides(request, sent, here)
    if not valid:
        draft = keeping.kept_or_not(request, user, here, sent)
        return form_page(request, sent, status=422, alike=similar.to_what_is_written(request, offering), draft=draft)
    if found := unread.unread(request.POST, sent):
        draft = keeping.kept_or_not(request, user, here, sent)
        return review.page(request, sent, found, {**place(offering), "draft_version": draft.version if draft else 0})
    return open_ticket(request, sent, user)


def besides(request: HttpRequest, sent: OfferingForm, here: Place) -> HttpResponse:
    """The form again, with everything in it, after a press on a button that sends nothing."""
    if "acompanhar" in request.POST:
        following.ask(request, sent.by, request.POST["acompanhar"])
    for sentence in sent.refused_files:
        messages.error(request, sentence)
    looks = not {"acompanhar", "parecidos"}.isdisjoint(request.POST)
    alike = similar.to_what_is_written(request, sent.offering) if looks else None
    return form_page(request, carried_over(sent), alike=alike, draft=keeping.kept_or_not(request, sent.by, here, sent))


def save_draft(request: HttpRequest, sent: OfferingForm, here: Place) -> HttpResponse:
    """What the button does where no script saves: the form is found as it was left, on any device."""
    for sentence in sent.refused_files:
        messages.error(request, sentence)
    try:
        keeping.keep(request, sent.by, here, sent)
    except drafts.Overtaken as overtaken:
        return form_page(request, carried_over(sent), status=409, overtaken=overtaken.kept)
    except drafts.NotKept as refused:
        messages.error(request, refused.sentence)
        return form_page(request, carried_over(sent), status=422)
    messages.success(request, "Rascunho salvo. Você pode continuar depois, aqui ou em outro aparelho.")
    return redirect(request.path)


def open_ticket(request: HttpRequest, sent: OfferingForm, user: User) -> HttpResponse:
    """Open what a valid form asks for, or show it again with the reason."""
    if pace.opens_too_fast(user):
        sent.add_error(None, pace.SENTENCE)
        return form_page(request, sent, status=429)
    try:
        with transaction.atomic():
            ticket = lifecycle.open_ticket(sent.request, by=user, via=Via.PORTAL, request_id=sent.request_id)
            drafts.sent(user, sent.request_id)
    except lifecycle.Refused as refused:
        sent.add_error(None, refused.sentence)
        return form_page(request, sent, status=409)
    return redirect("opened", ticket.number)


def opened_with(form_id: str, user: User) -> int | None:
    """The number of the ticket that this person's form opened already, if it did."""
    try:
        request_id = UUID(form_id)
    except ValueError:
        return None
    opened = TicketEvent.objects.filter(request_id=request_id, action=Action.OPEN, actor=user)
    return opened.values_list("ticket__number", flat=True).first()


def carried_over(sent: OfferingForm) -> OfferingForm:
    """The same answers and files in a form that nobody has tried to send yet."""
    fresh = OfferingForm(sent.offering, by=sent.by, initial={**sent.typed, "form_id": sent.data.get("form_id")})
    for name, field in fresh.file_fields.items():
        field.kept, field.half_sent = sent.file_fields[name].kept, sent.file_fields[name].half_sent
    return fresh


def place(offering: Offering) -> dict[str, Any]:
    """Where the last step stands, for its pages."""
    chosen = way(offering.product.core_system, offering.sphere, offering.product, offering.support_type)
    return {"offering": offering, "way": chosen, "steps": STEPS, "step": 4}


def form_page(
    request: HttpRequest,
    shown: OfferingForm,
    *,
    status: int = 200,
    alike: list[likeness.Card] | None = None,
    draft: Draft | None = None,
    overtaken: Draft | None = None,
) -> HttpResponse:
    """The form; ``alike`` are the tickets like what was written, where somebody looked for them.

    ``draft`` is what the form shows or was just kept as; ``overtaken`` is what another page saved meanwhile.
    """
    offering = shown.offering
    core = offering.product.core_system
    context = {**place(offering), "form": shown, "incidents": incidents.standing(offering.product_id)}
    slugs = [core.slug, offering.sphere.slug, offering.product.slug, offering.support_type.slug]
    context |= {"similar": alike, "looked": alike is not None and shown.is_bound is False}
    context |= {"similar_url": reverse("open-similar", args=slugs), "draft_url": reverse("open-draft", args=slugs)}
    kept = draft or overtaken
    context |= {"draft": draft, "overtaken": overtaken, "saved_when": keeping.saved_when(kept) if kept else ""}
    answering = hours.said(worktime.now())
    context["closed_now"] = "" if answering == hours.ANSWERS_NOW else answering.removesuffix(".")
    context["draft_version"] = draft.version if draft else keeping.version_of(request)
    if shown.other_sphere is not None:
        context |= {"other_sphere": shown.other_sphere, **right_path(shown)}
    return render(request, "tickets/opening/form.html", context, status=status)


def right_path(shown: OfferingForm) -> dict[str, str]:
    """The same form in the sphere of the body answered, or else what is on offer there."""
    offering, sphere = shown.offering, shown.other_sphere
    assert sphere is not None  # noqa: S101 - asked only for a body of another sphere
    core, product, kind = offering.product.core_system.slug, offering.product.slug, offering.support_type.slug
    if offers.offerings().filter(sphere=sphere, product=offering.product, support_type=offering.support_type).exists():
        return {"same_form_url": reverse("open-form", args=[core, sphere.slug, product, kind])}
    if offers.spheres_of(core).filter(pk=sphere.pk).exists():
        return {"sphere_url": reverse("open-sphere", args=[core, sphere.slug])}
    return {"sphere_url": reverse("open-core", args=[core])}


@require_safe
@login_required
def opened(request: HttpRequest, number: int) -> HttpResponse:
    found = get_object_or_404(Ticket.objects.visible_to(request.user).select_related("product", "policy"), number=number)
    now = worktime.now()
    due = found.first_response_due_at
    context = {
        "ticket": found,
        "waits": wording.waits(found.policy),
        "answering": hours.said(now),
        "answer_by": wording.when(due, now) if due is not None and due > now else "",
    }
    return render(request, "tickets/opening/opened.html", context)
