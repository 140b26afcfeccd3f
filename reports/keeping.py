"""The figures of panels that people look at, kept ready: reckoned at the first look, and by the job when facts change.

What is kept is never shown once the facts say otherwise: it names the change of the facts that it was reckoned from.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

import worktime
from reports import overview, tally
from reports.access import Scope
from reports.definitions import VERSION
from reports.figures import Openings
from reports.forms import narrowing
from reports.models import Gathered, KeptPanel
from reports.periods import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.overview import Overview

READY: Final = timedelta(hours=10)
"""So long after the last look a panel is kept ready."""
NOTED: Final = timedelta(minutes=30)
"""A look is noted again after this: a page that only reads writes rarely."""
RUN: Final = timedelta(seconds=10)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Question:
    """Whose panel of what: a scope, filters as the address has them, and spans of days."""

    scope: Scope
    asked: Mapping[str, str]
    spans: tuple[Period, ...]
    """The first is that of which openings are told."""

    def holds(self) -> Q:
        """What puts a fact into this panel."""
        return self.scope.holds() & narrowing(self.asked)

    def written(self) -> dict[str, Any]:
        scope = {name: sorted(getattr(self.scope, name)) for name in ("systems", "bodies", "queue_ids")}
        spans = [[span.first.isoformat(), span.last.isoformat()] for span in self.spans]
        return {"definitions": VERSION, "scope": scope, "asked": dict(sorted(self.asked.items())), "spans": spans}


@dataclass(frozen=True, slots=True)
class Told:
    overviews: dict[Period, Overview]
    openings: Openings


def told(question: Question, today: date) -> Told:
    """The figures as the facts have them now. Two queries where they are kept ready."""
    at, row = worktime.now(), KeptPanel.objects.filter(digest=_digest(question)).first()
    if row is None or row.changes != _changes() or row.day != today:
        return _keep(question, today)
    if row.asked_at < at - NOTED:
        KeptPanel.objects.filter(pk=row.pk).update(asked_at=at)
    return _read(row, question)


def refresh() -> int:
    """Reckon anew what somebody looked at lately and the facts have changed, newest first, within ``RUN``; how many."""
    at = worktime.now()
    KeptPanel.objects.filter(asked_at__lt=at - READY).delete()
    today, until, done = at.astimezone(worktime.BRASILIA).date(), time.monotonic() + RUN.total_seconds(), 0
    changes = _changes()
    for row in KeptPanel.objects.exclude(changes=changes, day=today).order_by("-asked_at")[:MOST]:
        if time.monotonic() > until:
            break
        if _digest(_question(row.question)) == row.digest:  # else of another release
            _keep(_question(row.question), today, asked=False)
            done += 1
    return done


def _keep(question: Question, today: date, *, asked: bool = True) -> Told:
    changes = _changes()  # read first: a change meanwhile makes the figures stale, never the other way round
    found = Told(*tally.told(question.holds(), question.spans, today))
    row = KeptPanel(
        digest=_digest(question),
        question=question.written(),
        told=_written(found, question),
        changes=changes,
        day=today,
        asked_at=worktime.now(),
    )
    fields = ["told", "changes", "day", *(["asked_at"] if asked else [])]
    KeptPanel.objects.bulk_create([row], update_conflicts=True, unique_fields=["digest"], update_fields=fields)
    return found


def _changes() -> int:
    return Gathered.objects.values_list("changes", flat=True).first() or 0


def _digest(question: Question) -> str:
    return hashlib.sha256(json.dumps(question.written()).encode()).hexdigest()


def _question(written: dict[str, Any]) -> Question:
    scope = Scope(**{name: frozenset(ids) for name, ids in written["scope"].items()})
    spans = tuple(Period(date.fromisoformat(first), date.fromisoformat(last)) for first, last in written["spans"])
    return Question(scope, written["asked"], spans)


def _written(found: Told, question: Question) -> dict[str, Any]:
    return {
        "overviews": [overview.written(found.overviews[span]) for span in question.spans],
        "load": [[*place, count] for place, count in found.openings.load.items()],
        "months": [[*month, count] for month, count in found.openings.months.items()],
    }


def _read(row: KeptPanel, question: Question) -> Told:
    load, months = ({(one, other): count for one, other, count in row.told[name]} for name in ("load", "months"))
    overviews = {span: overview.read(kept) for span, kept in zip(question.spans, row.told["overviews"], strict=True)}
    return Told(overviews, Openings(load, months))
