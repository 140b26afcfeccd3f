"""Numbers that lead to the tickets behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template
from django.urls import reverse
from django.utils.html import format_html

from reports.counted import DUE

if TYPE_CHECKING:
    from django.template.context import RequestContext
    from django.utils.safestring import SafeString

EMPTY: Final = (0, "0", "0,0%", "–")

register = template.Library()


@register.filter
def due(place: int) -> str:
    """The figure of the deadlines on the first, second … day of work."""
    return DUE[place - 1].slug


@register.simple_tag(takes_context=True)
def behind(context: RequestContext, said: object, slug: str, **narrower: object) -> SafeString:
    """What is said of a figure, leading to its tickets by the page's filters and ``narrower`` ones; bare where none are."""
    if said in EMPTY or not slug:
        return format_html("{}", said)
    kept = context["request"].GET.copy()
    kept.pop("page", None)
    for name, value in narrower.items():
        kept[name] = str(value)
    query = f"?{kept.urlencode()}" if kept else ""
    url = reverse("report-tickets", args=[slug])
    return format_html('<a href="{}{}" aria-label="{}: ver os chamados">{}</a>', url, query, said, said)
