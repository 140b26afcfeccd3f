"""What everybody may read of how the Central works, without signing in: the page and the open data (docs/adr/0048)."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

from accounts import limits
from reports import forms, open_data, panel, periods
from reports.disclosure import THRESHOLD
from reports.models import Publication
from reports.publishing import BY, PRIORITY, TOTAL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from reports.publishing import Told

LIMIT: Final = "public_figures"
SHOWN: Final = 24
"""Months on the page; the open data have them all."""
KINDS: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
HEADINGS: Final = {**{by: f"Por {by}" for by in BY.values()}, PRIORITY: "Por prioridade"}


def newest() -> list[Publication]:
    """What is told of each month now, the newest month first. One query."""
    found = Publication.objects.select_related("core_system", "closed").order_by("core_system_id", "-month", "-number")
    return list(found.distinct("core_system_id", "month"))


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The months of each core system, and in detail that of the address (``?mes=2026-10``), else the last that is final."""
    if (refused := limits.refusal(request, LIMIT)) is not None:
        return refused
    systems = [
        _system(list(rows), request.GET.get("mes", "")) for _, rows in groupby(newest(), key=lambda row: row.core_system_id)
    ]
    context = {
        "systems": systems,
        "threshold": THRESHOLD,
        "tables": [(table.slug, table.title) for table in open_data.TABLES.values()],
        "licence": open_data.LICENCE,
        "licence_url": open_data.LICENCE_URL,
    }
    return render(request, "reports/public.html", context)


def _system(told: Sequence[Publication], asked: str) -> dict[str, Any]:
    shown = list(told[:SHOWN])
    final = [row for row in shown if row.closed]
    chosen = next((row for row in shown if f"{row.month:%Y-%m}" == asked), final[0] if final else None)
    months = [_month(row) for row in shown]
    return {
        "core": shown[0].core_system,
        "months": months,
        "charts": _charts(list(reversed(months))) if len(months) > 1 else [],
        "chosen": _month(chosen) if chosen else None,
        "parts": _parts(chosen.told) if chosen else [],
    }


def _charts(months: Sequence[dict[str, Any]]) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What is drawn, the oldest month first: title, heading of its column, and rows. What is not told is a gap."""
    drawn = (
        ("Chamados recebidos por mês", "Recebidos", "received"),
        ("Resolvidos no prazo por mês, em %", "No prazo", "share"),
        ("Tempo até a solução por mês, em horas de atendimento", "Horas", "hours"),
    )
    return [(title, heading, [(month["short"], month[name]) for month in months]) for title, heading, name in drawn]


def _month(row: Publication) -> dict[str, Any]:
    total: dict[str, Any] = next((part for part in row.told.get("rows", []) if part["by"] == TOTAL), {})
    seconds, stars = row.told.get("seconds", {}), row.told.get("stars")
    return {
        "slug": f"{row.month:%Y-%m}",
        "short": f"{row.month:%m/%Y}",
        "name": forms.said(periods.month(row.month.year, row.month.month)),
        "closed": row.closed,
        "received": _number(row.told["received"]),
        "share": _share(total, row.told.get("at_least")),
        "response": panel.duration(seconds.get("response_median")),
        "resolution": panel.duration(seconds.get("resolution_median")),
        "hours": _hours(seconds.get("resolution_median")),
        "stars": panel.NOTHING if stars is None else f"{stars:.1f}".replace(".", ","),
    }


def _hours(seconds: int | None) -> str:
    return panel.NOTHING if seconds is None else f"{seconds / 3600:.1f}".replace(".", ",")


def _parts(told: Told) -> list[tuple[str, list[dict[str, str]], bool, list[tuple[str, str]]]]:
    """Each breakdown: its heading, its rows, whether it tells how the tickets went or only how many, and what is drawn."""
    rows = [row for row in told.get("rows", []) if row["by"] != TOTAL]
    parts = [(by, list(group)) for by, group in groupby(rows, key=lambda row: row["by"])]
    return [
        (
            HEADINGS[by],
            [_part(row) for row in group],
            group[0]["in_time"] is not None,
            [(row["name"], _number(row["received"])) for row in group],
        )
        for by, group in parts
    ]


def _part(row: dict[str, Any]) -> dict[str, str]:
    counts = {name: _number(row[name]) for name in ("received", "in_time", "late", "out")}
    return {"name": row["name"], **counts, "share": _share(row, None)}


def _share(row: dict[str, Any], at_least: float | None) -> str:
    """As the panel says it; of a month where so few were late that their number is not told, what it is at the least."""
    if at_least is not None:
        return f"ao menos {panel.percent(at_least)}"
    if row.get("in_time") is None or not row["counted"]:
        return panel.NOTHING
    return panel.percent(row["in_time"] / row["counted"])


def _number(count: int | None) -> str:
    return panel.NOTHING if count is None else panel.number(count)


def _etag(request: HttpRequest, **path: str) -> str:
    """Another one for whatever changes a file: something published, or the format."""
    last = Publication.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f'"{open_data.FORMAT}-{last or 0}"'


def _last_modified(request: HttpRequest, **path: str) -> datetime | None:
    return Publication.objects.order_by("-pk").values_list("published_at", flat=True).first()


@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def table(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """A table of the open data. The same for everybody, so it may be kept by whoever passes it on."""
    if (refused := limits.refusal(request, LIMIT)) is not None:
        return refused
    wanted = open_data.TABLES.get(slug)
    if wanted is None or kind not in KINDS:
        raise Http404
    made = open_data.as_csv if kind == "csv" else open_data.as_json
    return _file(made(wanted, newest()), KINDS[kind], f"{slug}.{kind}")


@require_safe
def dictionary(request: HttpRequest) -> HttpResponse:
    if (refused := limits.refusal(request, LIMIT)) is not None:
        return refused
    return _file(open_data.dictionary(), KINDS["csv"], "dicionario.csv")


@require_safe
def schema(request: HttpRequest, slug: str) -> HttpResponse:
    if (refused := limits.refusal(request, LIMIT)) is not None:
        return refused
    wanted = open_data.TABLES.get(slug)
    if wanted is None:
        raise Http404
    return _file(open_data.schema(wanted), "application/schema+json; charset=utf-8", f"{slug}.schema.json")


def _file(content: str, kind: str, name: str) -> HttpResponse:
    """Readable by the pages of others too: it holds nothing of who asks."""
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Access-Control-Allow-Origin": "*"}
    response = HttpResponse(content, content_type=kind, headers=headers)
    patch_cache_control(response, public=True, max_age=3600)
    return response
