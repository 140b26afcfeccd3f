"""The panel, and the tickets behind each of its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

import worktime
from catalog import hours
from feedback import treatment_lists
from govbr.paging import page_of
from knowledge.opinions import most_saving
from reports import causes, counted, exports, files, forecast, gathering, keeping, months, panel, satisfaction, trend
from reports.access import opinions_of, scope_of
from reports.forms import FREE, ReportForm, said
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http import HttpRequest, HttpResponse

    from reports.access import Scope

ARTICLES: Final = 20
"""Articles that are named; the number counts all."""
PAGE: Final = 50
PERIOD: Final = ("periodo", "de", "ate")
TAKEN: Final = tuple(f"{exports.TICKETS}{slug}" for slug in ("abertos", "encerrados", "em-aberto"))
"""Lists of tickets that may be taken out from the panel itself; the others from their own pages."""


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The panel. Its address holds the filters, so that a view can be sent; each reader sees his own part of it.

    Who reads opinions alone is led to these.
    """
    if not (scope := scope_of(request.user)) and opinions_of(request.user, scope):
        return redirect("report-satisfaction")
    form = _form(request)
    period = form.period
    kept = months.kept(form.scope, form.asked(), panel.spans(period))
    frozen = {span: month.overview for span, month in kept.items()}
    spans = tuple(dict.fromkeys(panel.spans(period)))
    told = keeping.told(keeping.Question(form.scope, form.asked(), spans), form.today)
    context = {
        **_frame(request, form),
        "panel": panel.panel(form.narrowed(), period, form.today, {**told.overviews, **frozen}, told.openings),
        "became": (counted.BY_SLUG["abertos"], *counted.COHORT),
        "closed": kept[period].closed if period in kept else None,
        "take": files.offer(form, request, "numeros", "prioridades", "idade", "meses", "horas", *TAKEN),
    }
    return render(request, "reports/panel.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """The tickets that one figure counts; words of a ticket only to who may read it."""
    form = _form(request)
    figure = counted.BY_SLUG.get(slug)
    if figure is None:
        raise Http404
    rows = counted.behind(form.narrowed(), form.period, figure)
    related = ("ticket", "product", "support_type", "agency", "sphere")
    page = page_of(rows.select_related(*related), request.GET.get("page", ""), PAGE)
    shown = {fact.ticket_id for fact in page.rows}
    context = {
        **_frame(request, form),
        "figure": figure,
        "take": files.offer(form, request, f"{exports.TICKETS}{slug}"),
        "page": page,
        "readable": set(Ticket.objects.visible_to(request.user).filter(pk__in=shown).values_list("pk", flat=True)),
    }
    return render(request, "reports/listing.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def over_months(request: HttpRequest) -> HttpResponse:
    """The twelve months up to the period's end beside those a year before, and how long answers took in the period."""
    form = _form(request)
    months_told = trend.trend(form.holds(), form.period, form.today)
    taken = trend.taken(form.holds(), form.period)
    context = {
        **_frame(request, form),
        "last_month": said(months_told[-1][0]),
        "parts": trend.parts(months_told),
        "meaning": trend.MEANING,
        "taken": [("Tempo até a primeira resposta", taken["response"]), ("Tempo até a solução", taken["resolution"])],
        "taken_meaning": trend.TAKEN,
        "take": files.offer(form, request, "evolucao", "tempos"),
    }
    return render(request, "reports/trend.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def frequent_causes(request: HttpRequest) -> HttpResponse:
    """The most frequent causes of each product. They are the team's words: who reads for bodies alone has none."""
    form = _form(request)
    readable = form.scope.causes()
    if not readable.exists():
        raise PermissionDenied
    spans = panel.spans(form.period)
    context = {
        **_frame(request, form),
        "products": causes.frequent(form.holds(), readable, spans),
        "meaning": causes.MEANING,
        "take": files.offer(form, request, "causas"),
    }
    return render(request, "reports/causes.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """What runs out in the next days, whatever the period, which the address keeps for the other pages."""
    form = _form(request, without=PERIOD)
    context = {
        **_frame(request, form),
        "forecast": forecast.forecast(form.narrowed(), hours.current().calendar, worktime.now()),
        "meaning": forecast.MEANING,
        "timeless": {name: request.GET[name] for name in PERIOD if name in request.GET},
        "take": files.offer(form, request, "previsao"),
    }
    return render(request, "reports/ahead.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def satisfied(request: HttpRequest) -> HttpResponse:
    """What people said after closings, and what the articles saved."""
    scope = scope_of(request.user)
    if (opinions := opinions_of(request.user, scope)) is None:
        raise PermissionDenied
    form = _asked(request, scope, {*PERIOD, *satisfaction.ANSWERS})
    asked, spans = form.asked(), panel.spans(form.period)
    told, lines = satisfaction.compared(opinions, asked, spans)
    context = {
        **_frame(request, form),
        "filters": [form[name] for name in satisfaction.ANSWERS],
        "told": told,
        "lines": lines,
        "articles": most_saving(form.period.first, form.period.last, satisfaction.about(opinions, asked))[:ARTICLES],
        "take": files.offer(form, request, "satisfacao"),
    }
    return render(request, "reports/satisfaction.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, *, without: Collection[str] = ()) -> ReportForm:
    """Of who reads figures of tickets; anybody else is refused. Names ``without`` are not asked."""
    if not (scope := scope_of(request.user)):
        raise PermissionDenied
    return _asked(request, scope, ReportForm.base_fields.keys() - set(without))


def _asked(request: HttpRequest, scope: Scope, names: Collection[str]) -> ReportForm:
    asked = {name: value for name, value in request.GET.items() if name in names}
    return ReportForm(asked, scope=scope, today=worktime.now().astimezone(worktime.BRASILIA).date())


def _frame(request: HttpRequest, form: ReportForm) -> dict[str, object]:
    """What every page says of what it shows."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return {
        "timeless": None,
        "form": form,
        "filters": [field for field in form if field.name not in PERIOD],
        "is_free": form.data.get("periodo") == FREE,
        "period": form.period,
        "period_said": said(form.period),
        "before": said(form.period.before()),
        "year_before": said(form.period.a_year_before()),
        "figures_too": bool(form.scope),
        "causes_too": bool(form.scope.systems or form.scope.queue_ids),
        "opinions_too": opinions_of(request.user, form.scope) is not None,
        "worklist_too": treatment_lists.reads(request.user),
        "filtered": form.said(),
        "query": f"?{kept.urlencode()}" if kept else "",
        "until": gathering.until(),
    }
