"""Numbers that lead to the tickets behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from reports import charts, panel
from reports.counted import DUE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.template.context import RequestContext
    from django.utils.safestring import SafeString

    from reports.causes import Frequent

EMPTY: Final = ("0", "0,0%", "–")

register = template.Library()


@register.filter
def due(place: int) -> str:
    """The figure of the deadlines on the first, second … day of work."""
    return DUE[place - 1].slug


@register.filter
def number(count: int) -> str:
    """``1.204``."""
    return panel.number(count)


@register.simple_tag(takes_context=True)
def behind(context: RequestContext, said: object, slug: str, **narrower: object) -> SafeString:
    """What is said of a figure, leading to its tickets by the page's filters and ``narrower`` ones; bare where none are."""
    if isinstance(said, int):
        said = panel.number(said)
    if said in EMPTY or not slug:
        return format_html("{}", said)
    kept = {**context["request"].GET.dict(), **narrower}
    kept.pop("page", None)
    query = f"?{urlencode(kept)}" if kept else ""
    url = reverse("report-tickets", args=[slug])
    return format_html('<a href="{}{}" aria-label="{}: ver os chamados">{}</a>', url, query, said, said)


@register.inclusion_tag("reports/_chart.html")
def chart(kind: str, title: str, rows: Iterable[Sequence[object]]) -> dict[str, str]:
    """The place of a chart, right before the table that it draws: ``lines`` of every column of numbers, ``bars`` of the first.

    ``rows`` are those of the table, name and value first: they make the sentence that stands for the chart.
    """
    return {"kind": kind, "sentence": charts.sentence(kind, title, rows)}


@register.filter
def named(found: Iterable[Frequent]) -> list[tuple[str, int]]:
    """Causes as rows of a chart."""
    return [(one.name, one.now) for one in found]


@register.filter
def heat(count: int, most: int) -> int:
    """How much a cell stands out, from 0 to 4."""
    return charts.heat(count, most)
