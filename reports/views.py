"""The panel, and the tickets behind each of its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

import worktime
from govbr.paging import page_of
from reports import counted, gathering, months, panel
from reports.access import scope_of
from reports.forms import FREE, ReportForm, said
from tickets.models import Ticket

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE: Final = 50
PERIOD: Final = ("periodo", "de", "ate")


@login_required
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The panel. Its address holds the filters, so that a view can be sent; each reader sees his own part of it."""
    form = _form(request)
    period = form.period
    kept = months.kept(form.scope, form.asked(), panel.spans(period))
    frozen = {span: month.overview for span, month in kept.items()}
    context = {
        **_frame(request, form),
        "panel": panel.panel(form.narrowed(), period, form.today, frozen),
        "closed": kept[period].closed if period in kept else None,
        "before": said(period.before()),
        "year_before": said(period.a_year_before()),
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
        "page": page,
        "readable": set(Ticket.objects.visible_to(request.user).filter(pk__in=shown).values_list("pk", flat=True)),
    }
    return render(request, "reports/listing.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest) -> ReportForm:
    scope = scope_of(request.user)
    if not scope:
        raise PermissionDenied
    asked = {name: value for name, value in request.GET.items() if name in ReportForm.base_fields}
    return ReportForm(asked, scope=scope, today=worktime.now().astimezone(worktime.BRASILIA).date())


def _frame(request: HttpRequest, form: ReportForm) -> dict[str, object]:
    """What both pages say of what they show."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return {
        "form": form,
        "filters": [field for field in form if field.name not in PERIOD],
        "is_free": form.data.get("periodo") == FREE,
        "period": form.period,
        "period_said": said(form.period),
        "filtered": form.said(),
        "query": f"?{kept.urlencode()}" if kept else "",
        "until": gathering.until(),
    }
