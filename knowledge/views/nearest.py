"""While a request is written: the articles that may answer it, and that one of them did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from accounts import limits
from catalog.models import Product
from govbr import search
from knowledge import finding, opinions, reading
from knowledge.facts import Facts

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_POST
def fragment(request: HttpRequest) -> HttpResponse:
    """At most three articles near to ``titulo`` and ``descricao``, about ``produto`` (a slug) first; empty where none is.

    By POST, for what is written belongs in no log of addresses; nothing is kept of it. Without htmx, as a page.
    """
    if (refused := limits.refusal(request, "articles_like")) is not None:
        return refused
    title, body = (search.clean(request.POST.get(name, ""), 8_000) for name in ("titulo", "descricao"))
    product = Product.objects.filter(slug=search.clean(request.POST.get("produto", ""), 60)).first()
    found = finding.nearest(title, body, product=product)
    facts = Facts()
    near = [(article, reading.html(article, facts, highest=5)) for article in found]
    htmx = request.htmx  # type: ignore[attr-defined]  # django_htmx's middleware
    return render(request, "knowledge/nearest.html" if htmx else "knowledge/nearest_page.html", {"near": near})


@require_POST
def solved(request: HttpRequest) -> HttpResponse:
    """“Isto resolveu”: the ticket that was about to be opened is not needed. Counted once for each reader and article."""
    article = get_object_or_404(finding.questions(), slug=search.clean(request.POST.get("artigo", ""), 80))
    if (refused := limits.refusal(request, "article_opinion")) is not None:
        return refused
    opinions.keep(article, visitor=opinions.visitor(request), helped=True, while_opening=True)
    htmx = request.htmx  # type: ignore[attr-defined]  # django_htmx's middleware
    response = render(request, "knowledge/solved.html" if htmx else "knowledge/solved_page.html", {"article": article})
    response["HX-Trigger"] = "article-solved"
    return response
