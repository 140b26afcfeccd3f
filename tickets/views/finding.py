"""The search for what to open a ticket about: a page, and while somebody types a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import limits
from catalog import finding
from govbr.search import LONGEST
from tickets import habits

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from catalog.finding import Found
    from catalog.models import Offering, Sphere

MOST = 30
"""Products on the page of a search."""


@dataclass(frozen=True, slots=True)
class Place:
    """A sphere in which what was found is offered, and its page there."""

    sphere: Sphere
    url: str


@dataclass(frozen=True, slots=True)
class Hit:
    found: Found
    places: list[Place]
    """The sphere that the reader usually asks in first."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the words mean, with a link for each sphere. Anybody may search, for anybody may look through the catalog."""
    words = request.GET.get("q", "")[:LONGEST]
    if words and (refused := limits.refusal(request, "catalog_search")) is not None:
        return refused
    # A list of everything would push the page under the reader's fingers; the page of the search has it.
    answer = finding.find(words, most=finding.SHOWN if request.htmx else MOST)  # type: ignore[attr-defined]  # django-htmx
    usual = habits.usual_sphere(request.user) if answer.found else None
    context = {"words": words, "answer": answer, "hits": [hit(found, usual) for found in answer.found]}
    template = "tickets/opening/found.html" if request.htmx else "tickets/opening/search_page.html"  # type: ignore[attr-defined]
    return render(request, template, context)


def hit(found: Found, usual: Sphere | None) -> Hit:
    spheres = sorted(found.spheres, key=lambda sphere: sphere != usual)
    return Hit(found, [Place(sphere, address(found, sphere)) for sphere in spheres])


def address(found: Found, sphere: Sphere) -> str:
    """The form where the words named a type of support, else the types of the product."""
    slugs = [found.product.core_system.slug, sphere.slug, found.product.slug]
    if found.support_type is None:
        return reverse("open-product", args=slugs)
    return reverse("open-form", args=[*slugs, found.support_type.slug])


def form_of(offering: Offering) -> str:
    """The address of an offering's form. Reads its core system, sphere, product and type."""
    product = offering.product
    return reverse("open-form", args=[product.core_system.slug, offering.sphere.slug, product.slug, offering.support_type.slug])
