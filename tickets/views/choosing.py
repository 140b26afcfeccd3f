"""The way through the catalog to the form of an offering: core system, sphere, product, type of support."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog import offers
from tickets import habits, incidents
from tickets.views import drafting
from tickets.views.finding import form_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from catalog.models import Product

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
    written = drafting.listed(request.user) if request.user.is_authenticated else []
    return choice(request, "Sobre qual sistema é o seu pedido?", cards, [], usual=usual, searches=True, drafts=written)


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
