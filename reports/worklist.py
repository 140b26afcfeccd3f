"""The pages where low ratings and manifestations are treated (docs/adr/0053). The rules are ``feedback.treatments``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

import worktime
from accounts.models import User
from feedback import satisfaction, treatment_lists, treatments
from feedback.deadlines import day_of, left_in_words
from feedback.models import SurveyAnswer, Treatment, TreatmentNote
from feedback.reasons import TEXTS
from govbr.paging import page_of
from reports import periods
from reports.forms import said
from reports.worklist_forms import FilterForm, TreatForm

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from feedback.treatment_lists import TreatmentQuerySet
    from reports.periods import Period

PAGE: Final = 25
LATELY: Final = 5
"""The last things that were done, above the list."""
SOON: Final = 5
"""Days before the deadline from which it is marked."""


@dataclass(frozen=True, slots=True)
class Item:
    """One treatment with what it is about, as its reader reads it."""

    treatment: Treatment
    rating: SurveyAnswer | None
    """Without the day: templates show what the desk shows."""
    reasons: list[str]
    left: str
    """Of the law's deadline, in words; empty where there is none, or no more."""
    is_late: bool
    is_soon: bool

    @classmethod
    def of(cls, treatment: Treatment, rating: SurveyAnswer | None, today: date) -> Item:
        due = treatment.due_on
        return cls(
            treatment,
            rating,
            [TEXTS.get(slug, slug) for slug in rating.reasons] if rating else [],
            left_in_words(due, today) if due else "",
            due is not None and due < today,
            due is not None and 0 <= (due - today).days <= SOON,
        )


@login_required
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What waits, the most urgent first, or what else the address asks for; above it what it comes to."""
    user = _reader(request)
    today = day_of(worktime.now())
    form = FilterForm(request.GET, reader=user)
    mine = form.about(Treatment.objects.read_by(user))
    span = form.period or periods.month(today.year, today.month)
    lines, total = treatment_lists.by_theme(mine, _days(span), _days(span.before()), _moments(span))
    page = page_of(form.chosen(mine).select_related("product", "theme", "manifestation"), request.GET.get("page", ""), PAGE)
    context = {
        "form": form,
        "filtered": form.said(),
        "standing": treatment_lists.standing(mine, today),
        "period_said": said(span),
        "before_said": said(span.before()),
        "is_over": span.last < today,  # a part of a month says nothing beside a whole one
        "themes": lines,
        "total": total,
        "lately": _lately(mine),
        "items": _items(page.rows, user, today),
        "page": page,
        "query": _query(request),
    }
    return render(request, "reports/worklist.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of them with its notes, and the form that adds one. The address keeps the list's filters for the way back."""
    user = _reader(request)
    found = Treatment.objects.read_by(user).select_related("product", "theme", "manifestation")
    treatment = get_object_or_404(found, pk=pk)
    notes = list(treatment.notes.select_related("by", "theme"))
    form, status = TreatForm(request.POST or None, treatment=treatment, seen=len(notes)), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                treatments.treat(pk, by=user, **form.given())
            except treatments.Refused as refused:
                form.add_error(refused.field, refused.sentence)
                status = 409
                treatment = get_object_or_404(found, pk=pk)
                notes = list(treatment.notes.select_related("by", "theme"))
            else:
                messages.success(request, "Anotado.")
                return redirect(f"{reverse('report-treatment', args=[pk])}{_query(request)}")
    [item] = _items([treatment], user, day_of(worktime.now()))
    context = {
        "item": item,
        "notes": notes,
        "form": form.fresh(len(notes)),
        "query": _query(request),
    }
    return render(request, "reports/treatment.html", context, status=status)


def _items(found: list[Treatment], reader: User, today: date) -> list[Item]:
    """One query, for the ratings among them."""
    wanted = [treatment.answer for treatment in found if treatment.answer]
    answers: dict[UUID, SurveyAnswer] = satisfaction.read_by(reader).order_by().in_bulk(wanted) if wanted else {}
    return [Item.of(treatment, answers.get(treatment.answer) if treatment.answer else None, today) for treatment in found]


def _lately(mine: TreatmentQuerySet) -> QuerySet[TreatmentNote]:
    """What was done at last with what the filters let through."""
    notes = TreatmentNote.objects.filter(treatment__in=mine.order_by(), state=Treatment.State.DONE).exclude(words="")
    return notes.select_related("by", "theme", "treatment__manifestation", "treatment__product").order_by("-at", "-pk")[:LATELY]


def _query(request: HttpRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def _days(span: Period) -> tuple[date, date]:
    return span.first, span.last


def _moments(span: Period) -> tuple[datetime, datetime]:
    first, after = (
        datetime.combine(day, time.min, tzinfo=worktime.BRASILIA) for day in (span.first, span.last + timedelta(days=1))
    )
    return first, after


def _reader(request: HttpRequest) -> User:
    """To everybody else these pages do not exist."""
    user = request.user
    if not (isinstance(user, User) and treatment_lists.reads(user)):
        raise Http404
    return user
