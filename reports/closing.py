"""The pages on which managers see the months that are closed, their versions, and correct one."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

import worktime
from catalog.models import CoreSystem
from reports import definitions, months, overview, panel, periods
from reports.access import scope_of
from reports.forms import said
from reports.models import ClosedFigures, ClosedMonth, Publication

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from reports.overview import Overview
    from reports.periods import Period

SHOWN: Final = 60
"""Months of the list: five years."""
REASON: Final = 500
SECONDS: Final = " (segundos)"


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label="Motivo da correção",
        help_text="Diga o que mudou nos dados e por quê. O motivo fica guardado com seu nome.",
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Escreva o motivo.", "max_length": f"Escreva no máximo {REASON} caracteres."},
    )


@login_required
@require_safe
def months_list(request: HttpRequest) -> HttpResponse:
    """The frozen months of a manager's core systems, newest first. One query."""
    systems = _systems(request)
    rows = ClosedMonth.objects.filter(core_system__in=systems).select_related("core_system", "closed_by")
    found = rows.order_by("-month", "core_system", "-version")
    listed = [list(versions) for _, versions in groupby(found[: SHOWN * 3], key=lambda row: (row.month, row.core_system_id))]
    context = {"months": [(said(_period(newest)), newest) for newest, *_ in listed[:SHOWN]]}
    return render(request, "reports/months.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest, system: str, year: int, number: int) -> HttpResponse:
    """One month: its versions beside what is counted today, and the form that makes a further version."""
    core = CoreSystem.objects.filter(slug=system, pk__in=_systems(request)).first()
    if core is None or not (1 <= number <= 12 and 2000 <= year <= 9000):
        raise Http404
    span = periods.month(year, number)
    versions = list(months.versions(core, span))
    if not versions:
        raise Http404
    form = CorrectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _corrected(request, core, span, form):
        return redirect("report-month", core.slug, year, f"{number:02}")
    today = worktime.now().astimezone(worktime.BRASILIA).date()
    told = [overview.read(row.told) for row in _whole(versions)]
    now = overview.reckoned(months.facts_of(core), span, today)
    published = Publication.objects.filter(core_system=core, month=span.first).select_related("closed")
    context = {
        "core": core,
        "period_said": said(span),
        "versions": [(version, definitions.CHANGES.get(version.definitions, "")) for version in versions],
        "public": published.order_by("number").last(),
        "newest": versions[-1],
        "lines": _lines(told, now),
        "differs": overview.lines(told[-1]) != overview.lines(now),
        "form": form,
    }
    return render(request, "reports/month.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, core: CoreSystem, span: Period, form: CorrectionForm) -> bool:
    """Whether there is a further version now; if not, the form says why."""
    by: User = request.user  # type: ignore[assignment]  # signed in
    try:
        made = months.correct(core, span, by=by, reason=" ".join(form.cleaned_data["reason"].split()))
    except months.NothingToCorrect:
        form.add_error(None, "Os números contados hoje são iguais aos guardados. Não há o que corrigir.")
        return False
    except months.FactsBehind:
        form.add_error(None, "Os dados ainda estão sendo contados. Tente de novo em alguns minutos.")
        return False
    messages.success(request, f"A versão {made.version} foi guardada. As anteriores continuam aqui.")
    return True


def _whole(versions: Sequence[ClosedMonth]) -> list[ClosedFigures]:
    rows = ClosedFigures.objects.filter(closed__in=versions, part=ClosedFigures.Part.ALL)
    return list(rows.order_by("closed__version"))


def _lines(told: Sequence[Overview], now: Overview) -> list[tuple[str, list[str], bool]]:
    """Each figure: its name, its value in each version and today, and whether they differ. Times to the second."""
    columns = [overview.lines(one) for one in (*told, now)]
    names = dict.fromkeys(name for column in columns for name in column)
    rows = [(name, [column.get(name) for column in columns]) for name in names]
    return [
        (name.removesuffix(SECONDS), [_said(name, value) for value in values], len(set(values)) > 1) for name, values in rows
    ]


def _said(name: str, value: int | None) -> str:
    if value is None or not name.endswith(SECONDS):
        return panel.number(value)
    minutes, seconds = divmod(value, 60)
    return f"{minutes // 60}h{minutes % 60:02}min{seconds:02}s"


def _period(closed: ClosedMonth) -> Period:
    return periods.month(closed.month.year, closed.month.month)


def _systems(request: HttpRequest) -> frozenset[int]:
    """The core systems that the reader manages; to everybody else there are no such pages."""
    systems = scope_of(request.user).systems
    if not systems:
        raise Http404
    return systems
