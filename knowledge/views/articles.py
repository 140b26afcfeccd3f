"""The questions: found by words and product, read one by one, with the way on to a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from accounts import limits
from catalog import offers
from catalog.models import Product, Sphere
from govbr import paging, search
from knowledge import finding, opinions, reading
from knowledge.facts import Facts
from knowledge.models import Article

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

ROWS: Final = 20
LAST_PAGE: Final = 500
RELATED: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that questions are about, as a filter."""

    slug: str
    name: str


def choices() -> list[Choice]:
    """The topics, then the products that have a question, by name. One query."""
    asked = Product.objects.filter(pk__in=finding.questions().values("product")).order_by("name")
    topics = [Choice(value, label) for value, label in Article.Topic.choices]
    return topics + [Choice(slug, name) for slug, name in asked.values_list("slug", "name")]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All questions, or those about one product or topic; with words, what has them, pages of the guide and the portal too.

    A page at a time, without counting.
    """
    words = search.clean(request.GET.get("q", ""))
    if words and (refused := limits.refusal(request, "articles_search")) is not None:
        return refused
    offered = choices()
    chosen = next((choice for choice in offered if choice.slug == request.GET.get("produto")), None)
    everything = finding.published() if words else finding.questions()
    articles = finding.about(finding.questions(), chosen.slug) if chosen else everything
    terms = search.terms(words) if words else []
    page, some = paging.number_of(request.GET.get("pagina", "1"), LAST_PAGE), False
    rows: list[Article] = []
    if terms or not words:
        rows = _rows(finding.found(articles, terms) if terms else articles.order_by("position", "pk"), page)
        if not rows and page == 1 and len(terms) > 1:
            rows = _rows(finding.found(articles, terms, every=False), page)[:ROWS]
            some = bool(rows)
    kept = {"q": words} if words else {}
    kept |= {"produto": chosen.slug} if chosen else {}
    context = {
        "words": words,
        "choices": offered,
        "chosen": chosen,
        "rows": finding.shown(rows[:ROWS], terms, Facts()),
        "some": some,
        "page": page,
        "previous": f"?{urlencode(kept | {'pagina': page - 1})}" if page > 1 else "",
        "next": f"?{urlencode(kept | {'pagina': page + 1})}" if len(rows) > ROWS and page < LAST_PAGE else "",
    }
    return render(request, "knowledge/listing.html", context)


def _rows(articles: QuerySet[Article], page: int) -> list[Article]:
    """One row more than shown tells whether there is a next page, without counting them all."""
    return list(articles.select_related("product")[(page - 1) * ROWS : page * ROWS + 1])


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    article = get_object_or_404(finding.questions().select_related("product__core_system", "core_system"), slug=slug)
    related = finding.nearest(article.title, "", product=article.product, exclude=article.pk, limit=RELATED)
    context = {
        "article": article,
        "answer": reading.html(article, Facts()),
        "related": related,
        "ways": ways_to_open(request, article),
    }
    return render(request, "knowledge/article.html", context)


@dataclass(frozen=True, slots=True)
class Way:
    """Where a ticket about the article's subject is opened, as far as we know it."""

    url: str
    sphere: str = ""


def ways_to_open(request: HttpRequest, article: Article) -> list[Way]:
    """The place of the catalog for the article's product: in the sphere of the reader's body if it is offered there.

    Else in each sphere where it is offered; without a product, the core system's. At most two queries.
    """
    core = article.core_system.slug
    if article.product is None:
        return [Way(reverse("open-core", args=[core]))]
    offered = offers.offerings().filter(product=article.product)
    spheres = list(Sphere.objects.filter(pk__in=offered.values("sphere")))
    mine = {bond.agency.sphere_id for bond in request.user.active_memberships} if request.user.is_authenticated else set()
    nearest = [sphere for sphere in spheres if sphere.pk in mine] or spheres
    return [Way(reverse("open-product", args=[core, sphere.slug, article.product.slug]), sphere.name) for sphere in nearest]


@require_POST
def helped(request: HttpRequest, slug: str) -> HttpResponse:
    """“Isto ajudou?”, answered."""
    article = get_object_or_404(finding.questions(), slug=slug)
    if (refused := limits.refusal(request, "article_opinion")) is not None:
        return refused
    said = request.POST.get("resposta")
    if said in ("sim", "nao"):
        opinions.keep(article, visitor=opinions.visitor(request), helped=said == "sim")
        if said == "sim":
            messages.success(request, "Que bom! Obrigado por contar.")
        else:
            messages.info(request, "Obrigado por contar. Se precisar, abra um chamado: veja como no fim da página.")
    return redirect("article", slug)
