"""Opening a ticket: the way through the catalog, the form, the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from catalog import offers
from catalog.models import Offering, Product
from tickets import habits, incidents, lifecycle, likeness, search, wording
from tickets.forms.offering import RELATED, OfferingForm
from tickets.models import Ticket, TicketEvent
from tickets.states import Action, Via
from tickets.views import following, pace, review, similar
from tickets.views.finding import form_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

STEPS: Final = "Esfera|Produto|Tipo de suporte|Detalhes"


@dataclass(frozen=True, slots=True)
class Card:
    url: str
    title: str
    text: str
    icon: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part of the way that was chosen, and where to choose another."""

    label: str
    name: str
    url: str
    change: str


def way(*chosen: object) -> list[Chosen]:
    """The parts chosen so far, from the core system on."""
    labels = ("Estruturante", "Esfera", "Produto", "Tipo de suporte")
    names = ("open", "open-core", "open-sphere", "open-product", "open-form")
    slugs = [part.slug for part in chosen]  # type: ignore[attr-defined]  # rows of the catalog all have one
    return [
        Chosen(labels[n], str(part), reverse(names[n + 1], args=slugs[: n + 1]), reverse(names[n], args=slugs[:n]))
        for n, part in enumerate(chosen)
    ]


def choice(
    request: HttpRequest,
    title: str,
    cards: list[Card],
    chosen: list[Chosen],
    *,
    hint: str = "",
    product: Product | None = None,
    **more: object,
) -> HttpResponse:
    if not cards and chosen:
        raise Http404
    context: dict[str, Any] = {"title": title, "cards": cards, "way": chosen, "hint": hint}
    context |= {"steps": STEPS, "step": len(chosen)} if chosen else {}
    context |= {"incidents": incidents.standing(product.pk)} if product else {}
    return render(request, "tickets/opening/choice.html", context | more)


@require_safe
def core_systems(request: HttpRequest) -> HttpResponse:
    found = offers.core_systems()
    cards = [Card(reverse("open-core", args=[c.slug]), c.card_name, c.description, c.icon) for c in found]
    usual = [(form_of(one.offering), one) for one in habits.usual(request.user)]
    return choice(request, "Sobre qual sistema é o seu pedido?", cards, [], usual=usual, searches=True)


@require_safe
def spheres(request: HttpRequest, core: str) -> HttpResponse:
    chosen = get_object_or_404(offers.core_systems(), slug=core)
    found = list(offers.spheres_of(core))
    cards = [Card(reverse("open-sphere", args=[core, s.slug]), s.name, s.description, s.icon) for s in found]
    usual = habits.usual_sphere(request.user)
    last = next((card for sphere, card in zip(found, cards, strict=True) if sphere == usual), None)
    return choice(request, "Qual é a esfera do seu órgão?", cards, way(chosen), last=last)


@require_safe
def products(request: HttpRequest, core: str, sphere: str) -> HttpResponse:
    system = get_object_or_404(offers.core_systems(), slug=core)
    chosen = get_object_or_404(offers.spheres_of(core), slug=sphere)
    cards = [
        Card(
            reverse("open-product", args=[core, sphere, product.slug]),
            product.name,
            product.purpose,
            product.icon,
            note=f"antes {product.former_name}" if product.former_name else "",
        )
        for product in offers.products_in(core, sphere)
    ]
    hint = "Abra um chamado para cada produto: assim ele vai direto para a equipe certa."
    return choice(request, "Para qual produto você quer suporte?", cards, way(system, chosen), hint=hint)


@require_safe
def support_types(request: HttpRequest, core: str, sphere: str, product: str) -> HttpResponse:
    system = get_object_or_404(offers.core_systems(), slug=core)
    place = get_object_or_404(offers.spheres_of(core), slug=sphere)
    chosen = get_object_or_404(offers.products_in(core, sphere), slug=product)
    cards = [
        Card(reverse("open-form", args=[core, sphere, product, found.slug]), found.name, found.description, found.icon)
        for found in offers.support_types_of(core, sphere, product)
    ]
    return choice(request, "De que tipo de suporte você precisa?", cards, way(system, place, chosen), product=chosen)


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
        related = search.number_in(request.GET.get("relacionado", "")[:20])
        return form_page(request, OfferingForm(offering, by=request.user, initial={RELATED: related} if related else None))
    return send(request, offering, request.user)


def send(request: HttpRequest, offering: Offering, user: User) -> HttpResponse:
    earlier = opened_with(request.POST.get("form_id", ""), user)
    if earlier is not None:
        messages.info(request, "Este formulário já abriu o chamado abaixo. Para outro assunto, abra um chamado novo.")
        return redirect("opened", earlier)
    sent = OfferingForm(offering, request.POST, request.FILES, by=user)
    valid = sent.is_valid()
    if "acompanhar" in request.POST:
        following.ask(request, user, request.POST["acompanhar"])
        return form_page(request, carried_over(sent), alike=similar.to_what_is_written(request, offering))
    if not {"continuar", "parecidos", "corrigir"}.isdisjoint(request.POST):
        for sentence in sent.refused_files:
            messages.error(request, sentence)
        alike = similar.to_what_is_written(request, offering) if "parecidos" in request.POST else None
        return form_page(request, carried_over(sent), alike=alike)
    if not valid:
        return form_page(request, sent, status=422, alike=similar.to_what_is_written(request, offering))
    if found := review.unread(request, sent):
        return review.page(request, sent, found, place(offering))
    return open_ticket(request, sent, user)


def open_ticket(request: HttpRequest, sent: OfferingForm, user: User) -> HttpResponse:
    """Open what a valid form asks for, or show it again with the reason."""
    if pace.opens_too_fast(user):
        sent.add_error(None, pace.SENTENCE)
        return form_page(request, sent, status=429)
    try:
        ticket = lifecycle.open_ticket(sent.request, by=user, via=Via.PORTAL, request_id=sent.request_id)
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
    fresh = OfferingForm(sent.offering, by=sent.by, initial=sent.typed)
    for name, field in fresh.file_fields.items():
        field.kept = sent.file_fields[name].kept
    return fresh


def place(offering: Offering) -> dict[str, Any]:
    """Where the last step stands, for its pages."""
    chosen = way(offering.product.core_system, offering.sphere, offering.product, offering.support_type)
    return {"offering": offering, "way": chosen, "steps": STEPS, "step": 4}


def form_page(
    request: HttpRequest, shown: OfferingForm, status: int = 200, alike: list[likeness.Card] | None = None
) -> HttpResponse:
    """The form; ``alike`` are the tickets like what was written, where somebody looked for them."""
    offering = shown.offering
    core = offering.product.core_system
    context = {**place(offering), "form": shown, "incidents": incidents.standing(offering.product_id)}
    slugs = [core.slug, offering.sphere.slug, offering.product.slug, offering.support_type.slug]
    context |= {"similar": alike, "looked": alike is not None and shown.is_bound is False}
    context["similar_url"] = reverse("open-similar", args=slugs)
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
    context = {"ticket": found, "waits": wording.waits(found.policy)}
    return render(request, "tickets/opening/opened.html", context)
