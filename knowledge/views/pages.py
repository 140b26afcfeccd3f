"""The way into the help, the guide's pages and the portal's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from govbr import acronyms
from knowledge import finding, matrix, reading
from knowledge.facts import Facts
from knowledge.models import Article

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What help there is. Two queries."""
    pages = finding.published().exclude(kind=Article.Kind.QUESTION).only("kind", "slug", "title", "position")
    listed = list(pages.order_by("position", "pk"))
    context = {
        "guide": [page for page in listed if page.kind == Article.Kind.GUIDE],
        "pages": [page for page in listed if page.kind == Article.Kind.PAGE],
    }
    return render(request, "knowledge/index.html", context)


@conditional_page
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """The matrix of all offerings; who has it already is told that it is the same. One query."""
    spheres, blocks = matrix.matrix()
    context = {"spheres": spheres, "blocks": blocks, "columns": len(spheres) + 1}
    response = render(request, "knowledge/products.html", context)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:  # the pages of who has a session are kept nowhere
        patch_cache_control(response, public=True, no_cache=True)
    return response


@require_safe
def short_names(request: HttpRequest) -> HttpResponse:
    """What every short name stands for."""
    return render(
        request, "knowledge/short_names.html", {"known": sorted(acronyms.KNOWN.items(), key=lambda pair: pair[0].lower())}
    )


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the guide, with the way to the others."""
    shown = get_object_or_404(finding.published(), kind=Article.Kind.GUIDE, slug=slug)
    others = finding.published().filter(kind=Article.Kind.GUIDE).only("kind", "slug", "title").order_by("position", "pk")
    return _page(request, shown, {"guide": others})


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the portal's own pages: accessibility, privacy."""
    return _page(request, get_object_or_404(finding.published(), kind=Article.Kind.PAGE, slug=slug), {})


def _page(request: HttpRequest, shown: Article, context: dict[str, object]) -> HttpResponse:
    context |= {"article": shown, "text": reading.html(shown, Facts())}
    return render(request, "knowledge/page.html", context)
