"""Months whose figures are final: frozen once by a job, corrected by managers, each version kept (docs/adr/0047)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

import worktime
from accounts.models import Agency
from catalog.models import CoreSystem, Product, Sphere
from reports import definitions, overview, periods
from reports.figures import SETTLED
from reports.models import ClosedFigures, ClosedMonth, CycleFact, Gathered
from tickets.states import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from django.db.models import QuerySet

    from accounts.models import User
    from reports.access import Scope
    from reports.overview import Overview
    from reports.periods import Period

Part = ClosedFigures.Part

FRESH: Final = timedelta(hours=1)
"""Facts that were gathered up to less than this ago tell everything of the months before."""
RUN: Final = timedelta(seconds=10)
"""No further month is begun after this, so that other jobs have their turn; the rest is asked for again."""
COLUMNS: Final = {Part.PRODUCT: "product", Part.SPHERE: "sphere", Part.AGENCY: "agency"}
FILTERS: Final = {"produto": (Part.PRODUCT, Product), "esfera": (Part.SPHERE, Sphere), "orgao": (Part.AGENCY, Agency)}
"""A filter of the panel → the part that it asks for, where it is the only one."""


class NothingToCorrect(Exception):
    """The facts say what the newest version says already."""


class FactsBehind(Exception):
    """The facts are being gathered and do not tell everything yet."""


def facts_of(system: CoreSystem) -> QuerySet[CycleFact]:
    return CycleFact.objects.filter(core_system=system)


def due(today: date) -> Iterator[tuple[CoreSystem, Period]]:
    """The months that are final and not frozen, oldest first."""
    for system in CoreSystem.objects.order_by("pk"):
        facts = facts_of(system)
        first = facts.filter(is_last=True).order_by("opened_on").values_list("opened_on", flat=True).first()
        this = periods.month(today.year, today.month)
        if first is None or first >= this.first:
            continue
        frozen = set(ClosedMonth.objects.filter(core_system=system, version=1).values_list("month", flat=True))
        for month in periods.Period(periods.month(first.year, first.month).first, this.before().last).by_month():
            if month.first not in frozen and is_final(facts, month, today):
                yield system, month


def is_final(facts: QuerySet[CycleFact], month: Period, today: date) -> bool:
    """Whether nothing that these facts count of a month changes any more in the ordinary course of things.

    Every ticket opened or closed in it is final, past its reopening; or ninety days have gone by, and what is still open
    counts as late. At most two queries.
    """
    if today <= month.last:
        return False
    if today > month.last + SETTLED:
        return True
    days = (month.first, month.last)
    last = facts.filter(is_last=True).exclude(ticket__status=Status.FINAL)
    return not (last.filter(opened_on__range=days).exists() or last.filter(ended_on__range=days).exists())


def freeze_due() -> int:
    """Freeze what is due, within ``RUN``; how many months. Beside itself, and again, it changes nothing."""
    today, done, until = _today(), 0, time.monotonic() + RUN.total_seconds()
    for system, month in due(today):
        if time.monotonic() > until:
            break
        with transaction.atomic():
            # The row that gathering takes for each batch: while it is ours, no fact changes and nobody else freezes.
            mark = Gathered.objects.select_for_update(skip_locked=True).first()
            if mark is None or not is_fresh(mark):
                break
            if ClosedMonth.objects.filter(core_system=system, month=month.first).exists():
                continue
            _write(ClosedMonth(core_system=system, month=month.first, version=1), month, today)
            done += 1
    return done


def correct(system: CoreSystem, month: Period, *, by: User, reason: str) -> ClosedMonth:
    """A further version of a frozen month, from the facts as they are now. Who may, the caller knows.

    Raises ``NothingToCorrect`` where nothing differs, ``FactsBehind`` where the facts are not up to date, and
    ``ClosedMonth.DoesNotExist`` where the month is not frozen.
    """
    with transaction.atomic():
        mark = Gathered.objects.select_for_update().first()
        if mark is None or not is_fresh(mark):
            raise FactsBehind
        newest = versions(system, month).last()
        if newest is None:
            raise ClosedMonth.DoesNotExist
        # Compared by the newest version: a correction that a second press asks for is there already.
        if _told(newest) == dict(_reckoned(system, month, _today())) and newest.definitions == definitions.VERSION:
            raise NothingToCorrect
        made = ClosedMonth(core_system=system, month=month.first, version=newest.version + 1, closed_by=by, reason=reason)
        return _write(made, month, _today())


def versions(system: CoreSystem, month: Period) -> QuerySet[ClosedMonth]:
    return ClosedMonth.objects.filter(core_system=system, month=month.first).select_related("closed_by").order_by("version")


def _write(closed: ClosedMonth, month: Period, today: date) -> ClosedMonth:
    closed.definitions, closed.closed_at = definitions.VERSION, worktime.now()
    closed.save(force_insert=True)
    ClosedFigures.objects.bulk_create(
        ClosedFigures(closed=closed, part=part, subject=subject, told=told)
        for (part, subject), told in _reckoned(closed.core_system, month, today)
    )
    return closed


def _reckoned(system: CoreSystem, month: Period, today: date) -> Iterator[tuple[tuple[str, int], overview.Told]]:
    """What is kept of a month: all of it, and each product, sphere and body of which it has anything. Twelve queries."""
    facts = facts_of(system)
    yield (Part.ALL.value, 0), overview.written(overview.reckoned(facts, month, today))
    for part, column in COLUMNS.items():
        for subject, one in overview.reckoned_by(facts, month, today, column).items():
            yield (part.value, subject), overview.written(one)


def _told(closed: ClosedMonth) -> dict[tuple[str, int], overview.Told]:
    return {(row.part, row.subject): row.told for row in closed.figures.all()}


def is_fresh(mark: Gathered) -> bool:
    return mark.until > worktime.now() - FRESH


def _today() -> date:
    return worktime.now().astimezone(worktime.BRASILIA).date()


@dataclass(frozen=True, slots=True)
class Kept:
    """The newest version of a month, of the part that was asked for."""

    closed: ClosedMonth
    overview: Overview


def kept(scope: Scope, asked: Mapping[str, str], spans: Sequence[Period]) -> dict[Period, Kept]:
    """Those of the spans that are frozen months, for a reader and the filters in the address of the panel.

    Where reader and filters together mean neither a core system nor one of its products, spheres or bodies, nothing is
    frozen. At most three queries.
    """
    months = {span.first: span for span in spans if span.months == 1}
    wanted = _part(scope, asked) if months else None
    if wanted is None:
        return {}
    system, part, subject = wanted
    newest = (
        ClosedFigures.objects.filter(closed__core_system=system, closed__month__in=months, part=part, subject=subject)
        .select_related("closed")
        .order_by("closed__month", "-closed__version")
        .distinct("closed__month")
    )
    return {months[row.closed.month]: Kept(row.closed, overview.read(row.told)) for row in newest}


def _part(scope: Scope, asked: Mapping[str, str]) -> tuple[int, Part, int] | None:
    """The core system, the part and its subject that a reader's whole scope and his filters are."""
    if scope.queue_ids or len(asked) > 1 or len(scope.systems) + len(scope.bodies) != 1:
        return None
    if scope.bodies:
        # A body asks of every core system; what is frozen is of one.
        only = list(CoreSystem.objects.values_list("pk", flat=True)[:2])
        return (only[0], Part.AGENCY, next(iter(scope.bodies))) if len(only) == 1 and not asked else None
    system = next(iter(scope.systems))
    if not asked:
        return system, Part.ALL, 0
    name, slug = next(iter(asked.items()))
    if name not in FILTERS:
        return None
    part, model = FILTERS[name]
    found = model._default_manager.filter(slug=slug)  # one of three models
    if part == Part.PRODUCT:
        found = found.filter(core_system=system)
    subject = found.values_list("pk", flat=True).first()
    return None if subject is None else (system, part, subject)
