"""The figures of a panel counted from columns: of a million tickets in a moment, by the definitions of ``figures``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
from django.db.models import Q

from catalog.models import Priority
from reports import figures, overview, packing
from reports.conditions import condition
from reports.figures import CLOSINGS, COHORT, NO_TIMES, SHARES, TIMES, Backlog
from reports.packing import EPOCH, NONE, day

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from reports.conditions import Condition
    from reports.figures import Openings
    from reports.overview import Overview
    from reports.packing import Columns
    from reports.periods import Period

Name = TypeVar("Name", bound=Hashable)

HOURS: Final = 24
COHORT_PARTS: Final = {name: condition(which) for name, which in COHORT.items()}
CLOSING_PARTS: Final = {name: condition(which) for name, which in CLOSINGS.items()}
TIMED: Final = {name: (column, condition(which)) for name, (column, which) in TIMES.items()}
OPENED: Final = frozenset({"priority", "opened_on", "opened_hour"}).union(*(part.names for part in COHORT_PARTS.values()))
ENDED: Final = frozenset(column for column, _ in TIMED.values()).union(
    *(part.names for part in (*CLOSING_PARTS.values(), *(part for _, part in TIMED.values())))
)
LYING: Final = frozenset({"started_on"})


def told(mine: Q, spans: Sequence[Period], today: date) -> tuple[dict[Period, Overview], Openings]:
    """Of the facts that ``mine`` holds for: of each span what ``overview.reckoned`` says, and the first one's openings."""
    chosen, tallies = condition(mine), [Tally(span, today) for span in spans]
    wanted = frozenset().union(*(tally.names for tally in tallies))
    for columns in packing.pieces(wanted | chosen.names):
        kept = _where(chosen, columns, wanted)
        for tally in tallies:
            tally.add(kept)
    return {tally.period: tally.overview() for tally in tallies}, tallies[0].openings()


def counts(mine: Q, parts: Mapping[Name, Q]) -> dict[Name, int]:
    """Of the facts that ``mine`` holds for, how many each part holds for."""
    found = dict.fromkeys(parts, 0)
    for columns, asked in _asked(mine, parts):
        for name, part in asked.items():
            found[name] += int(np.count_nonzero(part.of(columns)))
    return found


def counts_by(mine: Q, reference: str, parts: Mapping[Name, Q]) -> dict[int, dict[Name, int]]:
    """``counts`` of each id in a column of references; one of which no part holds for is missing."""
    found: dict[int, dict[Name, int]] = defaultdict(lambda: dict.fromkeys(parts, 0))
    for columns, asked in _asked(mine & Q(**{f"{reference}__isnull": False}), parts, {reference}):
        for name, part in asked.items():
            for pk, count in zip(*np.unique_counts(columns[reference][part.of(columns)]), strict=True):
                found[int(pk)][name] += int(count)
    return dict(found)


def _asked(mine: Q, parts: Mapping[Name, Q], also: Collection[str] = ()) -> Iterator[tuple[Columns, Mapping[Name, Condition]]]:
    chosen, asked = condition(mine), {name: condition(part) for name, part in parts.items()}
    wanted = frozenset(also).union(*(part.names for part in asked.values()))
    for columns in packing.pieces(wanted | chosen.names):
        yield _where(chosen, columns, wanted), asked


def _where(chosen: Condition, columns: Columns, names: Collection[str]) -> Columns:
    mask = chosen.of(columns)
    if mask.all():
        return columns
    places = np.flatnonzero(mask)  # looked for once, and not once a column
    return {name: columns[name].take(places) for name in names}


class Tally:
    """The counts of one period, as one piece of facts follows another."""

    def __init__(self, period: Period, today: date) -> None:
        self.period, self.today = period, today
        self.opened, self.ended = condition(figures.opened_in(period)), condition(figures.ended_in(period))
        self.lies = condition(figures.open_at_end_of(period.last))
        self.ages = [condition(which) for which in figures.begun_within(min(period.last, today))]
        self.names = OPENED | ENDED | LYING | self.opened.names | self.ended.names | self.lies.names
        self.cohorts = {name: np.zeros(max(Priority) + 1, np.int64) for name in COHORT}
        self.hours = np.zeros(period.days * HOURS, np.int64)
        self.closings = dict.fromkeys(CLOSINGS, 0)
        self.taken: dict[str, list[NDArray[Any]]] = {name: [] for name in TIMES}
        self.lying = [0 for _ in self.ages]
        self.oldest: list[int] = []

    def add(self, columns: Columns) -> None:
        opened = _where(self.opened, columns, OPENED)
        for name, part in COHORT_PARTS.items():
            self.cohorts[name] += np.bincount(opened["priority"][part.of(opened)], minlength=max(Priority) + 1)
        days = opened["opened_on"].astype(np.int64) - day(self.period.first)
        self.hours += np.bincount(days * HOURS + opened["opened_hour"], minlength=len(self.hours))
        ended = _where(self.ended, columns, ENDED)
        for name, part in CLOSING_PARTS.items():
            self.closings[name] += int(np.count_nonzero(part.of(ended)))
        for name, (column, part) in TIMED.items():
            self.taken[name].append(ended[column][part.of(ended) & (ended[column] != NONE)])
        lying = _where(self.lies, columns, LYING)
        for place, age in enumerate(self.ages):
            self.lying[place] += int(np.count_nonzero(age.of(lying)))
        if lying["started_on"].size:
            self.oldest.append(int(lying["started_on"].min()))

    def overview(self) -> Overview:
        cohorts = {
            priority: figures.cohort(
                {name: int(counts[priority]) for name, counts in self.cohorts.items()}, self.period, self.today
            )
            for priority in range(max(Priority) + 1)
            if self.cohorts["received"][priority]
        }
        oldest = EPOCH + timedelta(days=min(self.oldest)) if self.oldest else None
        ended = figures.ends(self.closings, {name: percentiles(values) for name, values in self.taken.items()})
        return overview.put_together(cohorts, ended, Backlog(sum(self.lying), tuple(self.lying), oldest))

    def openings(self) -> Openings:
        first = self.period.first
        told = ((place // HOURS, place % HOURS, int(self.hours[place])) for place in np.flatnonzero(self.hours).tolist())
        return figures.opened_at((first + timedelta(days=days), hour, count) for days, hour, count in told)


def percentiles(values: Sequence[NDArray[Any]]) -> tuple[int | None, ...]:
    """By nearest rank, as ``figures.Percentiles``: exact, and nothing is sorted whole."""
    found = np.concatenate(values) if values else np.array([], np.int32)
    if not found.size:
        return NO_TIMES
    places = [ceil(share * found.size) - 1 for share in SHARES]
    return tuple(int(value) for value in np.partition(found, places)[places])
