"""The figures of a report and what each means, from facts that are narrowed already (docs/adr/0043).

Shares are between 0 and 1, and ``None`` where there is nothing to divide by. Times are working time in whole seconds.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Count, IntegerField, Min, Q

from tickets.states import Closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from reports.models import CycleFact
    from reports.periods import Period

SETTLED: Final = timedelta(days=90)
"""So long after its last day a cohort's figures stop being provisional, whatever is still open."""
SOLVED: Final = (Closure.RESOLVED.value, Closure.SOLVED_BY_REQUESTER.value)
OUT: Final = (Closure.DUPLICATE.value, Closure.CANCELLED.value, Closure.OUT_OF_SCOPE.value)
"""Not what the desk was asked to solve, or asked twice."""
MET: Final = Q(response_breached=False, resolution_breached=False)
AS_SOLVED: Final = Q(closure__in=SOLVED)
COHORT: Final = {
    "received": Q(),
    "out": Q(closure__in=OUT),
    "silent": Q(closure=Closure.NO_INTERACTION),
    "open": Q(closure=""),
    "in_time": AS_SOLVED & Q(all_in_time=True),
    "late": AS_SOLVED & Q(all_in_time=False),
}
"""Of the tickets opened in a period, which each number of ``Cohort`` counts."""
CLOSINGS: Final = {
    "count": Q(),
    "solved": AS_SOLVED,
    "in_time": AS_SOLVED & MET,
    "silent": Q(closure=Closure.NO_INTERACTION),
    "duplicates": Q(closure=Closure.DUPLICATE),
    "refused": Q(closure=Closure.OUT_OF_SCOPE),
    "cancelled": Q(closure=Closure.CANCELLED),
    "reopened": Q(is_last=False),
    "escalated": Q(level="N3"),
}
"""Of the cycles ended in a period, which each number of ``Ended`` counts."""
TIMES: Final = {
    "response": ("response_seconds", Q()),
    "resolution": ("resolution_seconds", AS_SOLVED),
    "n2": ("n2_seconds", AS_SOLVED),
    "n3": ("n3_seconds", AS_SOLVED & Q(level="N3")),
}
"""Of the same cycles, whose seconds the median and the 90th percentile are of; an empty one does not count."""
SHARES: Final = (0.5, 0.9)
NO_TIMES: Final = (None, None)
AGES: Final = (1, 5, 15, 30)
"""Days: the upper ends of the classes of the backlog's age, each included; the last class is what is older."""


class Percentiles(Aggregate):
    """The median and the 90th percentile by nearest rank: the smallest value that so large a share does not exceed.

    NULLs do not count; ``None`` where there is nothing else. Both of one sort.
    """

    function = "PERCENTILE_DISC"
    template = "%(function)s(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(IntegerField())


@dataclass(frozen=True, slots=True)
class Cohort:
    """The tickets opened in a period, once each, by what became of them."""

    received: int
    """All of them."""
    out: int
    """Duplicates, cancelled and refused: they are not in the share."""
    silent: int
    """Closed for want of the requester's answer: apart, and not in the share."""
    open: int
    in_time: int
    """Solved, and every cycle met both its targets."""
    late: int
    provisional: bool

    @property
    def share(self) -> float | None:
        """In time, of those that are solved; when it is no more provisional, what is still open counts as late."""
        counted = self.in_time + self.late + (0 if self.provisional else self.open)
        return self.in_time / counted if counted else None


@dataclass(frozen=True, slots=True)
class Ended:
    """What was closed in a period: each closing counts, also of a ticket that was reopened later."""

    count: int
    solved: int
    in_time: int
    """Solved, and this cycle met both its targets."""
    silent: int
    duplicates: int
    refused: int
    cancelled: int
    reopened: int
    """Closings after which the ticket was reopened, up to now."""
    escalated: int
    """Cycles that reached N3."""
    response_median: int | None
    response_p90: int | None
    resolution_median: int | None
    resolution_p90: int | None
    n2_median: int | None
    n3_median: int | None
    """Of the cycles that reached N3."""

    @property
    def share(self) -> float | None:
        return self.in_time / self.solved if self.solved else None

    def part(self, name: str) -> float | None:
        """Of all closings those of one kind: ``escalated``, ``silent`` and so on."""
        told: int = getattr(self, name)
        return told / self.count if self.count else None


def grouped(facts: QuerySet[CycleFact], by: str, **figures: Aggregate) -> dict[Any, dict[str, Any]]:
    """Figures of each value of a column; of all as one, under ``None``, where it is empty. One query."""
    if not by:
        return {None: facts.aggregate(**figures)}
    return {row.pop(by): row for row in facts.values(by).order_by().annotate(**figures)}


def cohorts(facts: QuerySet[CycleFact], period: Period, today: date) -> dict[int, Cohort]:
    """By priority, of the federal model (DOMAIN §2.7): each ticket under the priority it has, or had in the end. One query."""
    return cohorts_by(facts, period, today).get(None, {})


def cohorts_by(facts: QuerySet[CycleFact], period: Period, today: date, by: str = "") -> dict[Any, dict[int, Cohort]]:
    """``cohorts`` of each value of a column; one that has none is missing. One query."""
    told = (
        facts.filter(opened_in(period))
        .values("priority", *([by] if by else []))
        .order_by("priority")
        .annotate(**{name: Count("pk", filter=which) for name, which in COHORT.items()})
    )
    found = dict[Any, dict[int, Cohort]]()
    for row in told:
        found.setdefault(row[by] if by else None, {})[row["priority"]] = cohort(
            {name: row[name] for name in COHORT}, period, today
        )
    return found


def opened_in(period: Period) -> Q:
    """Each ticket once, by its last cycle."""
    return Q(is_last=True, opened_on__range=(period.first, period.last))


def ended_in(period: Period) -> Q:
    return Q(ended_on__range=(period.first, period.last))


def open_at_end_of(day: date) -> Q:
    return Q(started_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gt=day))


def cohort(counts: Mapping[str, int], period: Period, today: date) -> Cohort:
    """``counts`` by the names of ``COHORT``."""
    settled = today > period.last + SETTLED
    return Cohort(**counts, provisional=not settled and (counts["open"] > 0 or today <= period.last))


def together(told: dict[int, Cohort]) -> float | None:
    """The share of all priorities as one."""
    parts = list(told.values())
    counted = sum(part.in_time + part.late + (0 if part.provisional else part.open) for part in parts)
    return sum(part.in_time for part in parts) / counted if counted else None


def ended(facts: QuerySet[CycleFact], period: Period) -> Ended:
    """What was closed in the period. Times are those of cycles that the desk solved or the requester did. One query."""
    return ended_by(facts, period)[None]


def ended_by(facts: QuerySet[CycleFact], period: Period, by: str = "") -> dict[Any, Ended]:
    """``ended`` of each value of a column; one of which nothing was closed is missing. One query."""
    told = grouped(
        facts.filter(ended_in(period)),
        by,
        **{name: Count("pk", filter=which) for name, which in CLOSINGS.items()},
        **{f"{name}_taken": Percentiles(column, filter=which or None) for name, (column, which) in TIMES.items()},
    )
    return {
        key: ends({name: row[name] for name in CLOSINGS}, {name: row[f"{name}_taken"] or NO_TIMES for name in TIMES})
        for key, row in told.items()
    }


def ends(counts: Mapping[str, int], taken: Mapping[str, Sequence[int | None]]) -> Ended:
    """``counts`` by the names of ``CLOSINGS``; ``taken`` by those of ``TIMES``, as ``SHARES`` follow each other."""
    return Ended(
        **counts,
        response_median=taken["response"][0],
        response_p90=taken["response"][1],
        resolution_median=taken["resolution"][0],
        resolution_p90=taken["resolution"][1],
        n2_median=taken["n2"][0],
        n3_median=taken["n3"][0],
    )


@dataclass(frozen=True, slots=True)
class Backlog:
    """What was open at the end of a day."""

    count: int
    ages: tuple[int, ...]
    """By the classes of ``AGES``, and last what is older."""
    oldest: date | None


def backlog(facts: QuerySet[CycleFact], at_end_of: date, today: date) -> Backlog:
    """Cycles begun by then and not ended by then; the age is in days since they began, up to today. One query."""
    return backlog_by(facts, at_end_of, today)[None]


def backlog_by(facts: QuerySet[CycleFact], at_end_of: date, today: date, by: str = "") -> dict[Any, Backlog]:
    """``backlog`` of each value of a column; one of which nothing was open is missing. One query."""
    lay = facts.filter(open_at_end_of(at_end_of))
    classes = {f"age{n}": Count("pk", filter=condition) for n, condition in enumerate(begun_within(min(at_end_of, today)))}
    told = grouped(lay, by, count=Count("pk"), oldest=Min("started_on"), **classes)
    return {key: Backlog(row["count"], tuple(row[name] for name in classes), row["oldest"]) for key, row in told.items()}


def begun_within(at_end_of: date) -> list[Q]:
    """What puts a cycle into each class of age at the end of a day."""
    edges = [at_end_of - timedelta(days=age) for age in AGES]
    between = [Q(started_on__gte=later, started_on__lt=earlier) for earlier, later in pairwise(edges)]
    return [Q(started_on__gte=edges[0]), *between, Q(started_on__lt=edges[-1])]


@dataclass(frozen=True, slots=True)
class Openings:
    """When tickets were opened, in Brasília; what is missing is none."""

    load: dict[tuple[int, int], int]
    """(day of the week from 1 Monday to 7 Sunday, hour) → tickets."""
    months: dict[tuple[int, int], int]
    """(year, month) → tickets."""


def openings(facts: QuerySet[CycleFact], period: Period) -> Openings:
    """Tickets opened in the period, once each. One query, of at most a row for each of its hours."""
    told = facts.filter(opened_in(period)).values_list("opened_on", "opened_hour")
    return opened_at(told.order_by().annotate(count=Count("pk")))


def opened_at(told: Iterable[tuple[date, int, int]]) -> Openings:
    """From days, hours and how many tickets."""
    load: dict[tuple[int, int], int] = defaultdict(int)
    months: dict[tuple[int, int], int] = defaultdict(int)
    for day, hour, count in told:
        load[day.isoweekday(), hour] += count
        months[day.year, day.month] += count
    return Openings(dict(load), dict(months))
