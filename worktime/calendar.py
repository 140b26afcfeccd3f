"""Working time: what counts of the time between two moments (DESIGN §5).

Pure and cheap: a span of ten years costs a few look-ups, not a walk over its days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from worktime.clock import BRASILIA

DAY = timedelta(days=1)
NOTHING = timedelta(0)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A stretch of a day, from ``opens`` up to but not including ``closes``, both since 0h.

    ``closes`` may be 24 h. Raises ``ValueError`` when it is not a stretch of one day.
    """

    opens: timedelta
    closes: timedelta

    def __post_init__(self) -> None:
        if not NOTHING <= self.opens < self.closes <= DAY:
            raise ValueError(f"A window opens before it closes, within one day: {self.opens}–{self.closes}")

    @property
    def length(self) -> timedelta:
        return self.closes - self.opens

    def within(self, other: Window) -> Window | None:
        """What both have in common, if anything."""
        opens, closes = max(self.opens, other.opens), min(self.closes, other.closes)
        return Window(opens, closes) if opens < closes else None


Windows = tuple[Window, ...]


def day_of(*windows: Window) -> Windows:
    """The windows in order. Raises ``ValueError`` where two overlap."""
    ordered = tuple(sorted(windows))
    for before, after in pairwise(ordered):
        if after.opens < before.closes:
            raise ValueError(f"Windows overlap: {before} and {after}")
    return ordered


class BusinessCalendar:
    """The hours in which the team works: windows by weekday (0 is Monday), and days that differ.

    ``exceptions`` gives the windows of single dates: none for a whole holiday, fewer for a partial
    one. Windows are local time in ``zone``; everything that goes in and out is aware. Where the
    clocks change, a window lasts from the first time that its opening comes to the first time that
    its closing comes; a time that the clocks leave out is the moment of their change. A moment
    belongs to the window that it opens, not to the one that it closes.
    """

    def __init__(
        self,
        week: Mapping[int, Sequence[Window]],
        exceptions: Mapping[date, Sequence[Window]] | None = None,
        *,
        zone: ZoneInfo = BRASILIA,
    ) -> None:
        self.zone = zone
        self.week: tuple[Windows, ...] = tuple(day_of(*week.get(weekday, ())) for weekday in range(7))
        self.exceptions = {day: day_of(*windows) for day, windows in (exceptions or {}).items()}
        self._of_weekday = tuple(sum((w.length for w in windows), NOTHING) for windows in self.week)
        # Working time of a week up to each weekday, from the Monday of day 1 (date.min is a Monday).
        self._up_to = (NOTHING, *accumulate(self._of_weekday))
        self._clock_changes = clock_changes(zone)
        days_of_change = {(at - tick).astimezone(zone).date() for at in self._clock_changes for tick in (NOTHING, INSTANT)}
        special = sorted({*self.exceptions, *days_of_change})
        self._special = [day.toordinal() for day in special]
        # By how much all special days so far differ from an ordinary day of their weekday.
        differences = (self._length(day) - self._of_weekday[day.weekday()] for day in special)
        self._difference = (NOTHING, *accumulate(differences))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from ``start`` to ``end``. Raises ``ValueError`` when ``end`` comes first."""
        if end < start:
            raise ValueError("The end comes before the start.")
        return self._worked(end) - self._worked(start)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment, in UTC, at which ``amount`` of working time has gone by since ``start``.

        When it uses up a window that is the closing instant, not the next opening. Raises
        ``ValueError`` for a negative amount, and when so much working time never comes.
        """
        if amount < NOTHING:
            raise ValueError("Working time cannot be taken away.")
        if amount == NOTHING:
            return start.astimezone(UTC)
        target = self._worked(start) + amount
        first, last = start.astimezone(self.zone).toordinal(), date.max.toordinal() - 1
        if self._before(last) < target:
            raise ValueError("So much working time never comes.")
        # The day at whose end the target is reached: the first whose next day begins at or past it.
        day = date.fromordinal(bisect_left(range(first, last), target, key=lambda n: self._before(n + 1)) + first)
        left = target - self._before(day.toordinal())
        for opens, closes in self._instants(day):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise AssertionError("The day holds the target.")  # pragma: no cover - by the choice of day

    def is_open(self, at: datetime) -> bool:
        """Whether the team works at that moment."""
        return any(opens <= at < closes for opens, closes in self._instants(at.astimezone(self.zone).date()))

    def next_opening(self, at: datetime) -> datetime:
        """``at`` when the team works then, else the next moment, in UTC, at which it begins."""
        return self.add(at, INSTANT) - INSTANT

    def windows_on(self, day: date) -> Windows:
        """The working windows of a date, in order."""
        return self.exceptions.get(day, self.week[day.weekday()])

    def _worked(self, at: datetime) -> timedelta:
        """Working time from the beginning of all days to ``at``."""
        day = at.astimezone(self.zone).date()
        today = sum((min(at, closes) - opens for opens, closes in self._instants(day) if opens < at), NOTHING)
        return self._before(day.toordinal()) + today

    def _before(self, ordinal: int) -> timedelta:
        """Working time from the beginning of all days to the start of a day."""
        weeks, weekday = divmod(ordinal - 1, 7)
        return weeks * self._up_to[7] + self._up_to[weekday] + self._difference[bisect_left(self._special, ordinal)]

    def _length(self, day: date) -> timedelta:
        return sum((closes - opens for opens, closes in self._instants(day)), NOTHING)

    def _instants(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The windows of a date as moments in UTC. One that the clocks leave out lasts no time."""
        for window in self.windows_on(day):
            yield self._moment(day, window.opens), self._moment(day, window.closes)

    def _moment(self, day: date, since_midnight: timedelta) -> datetime:
        if since_midnight == DAY:
            day, since_midnight = day + DAY, NOTHING
        wall = datetime.combine(day, time.min) + since_midnight
        at = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if at.astimezone(self.zone).replace(tzinfo=None) == wall:
            return at
        return self._clock_changes[bisect_right(self._clock_changes, at) - 1]


@lru_cache(maxsize=8)
def clock_changes(zone: ZoneInfo) -> tuple[datetime, ...]:
    """The moments, in UTC, from 1970 to 2100, at which the zone's clocks change.

    Found by looking every fortnight and closing in on what differs: changes lie further apart.
    """
    changes = []
    step, end = timedelta(days=14), datetime(2101, 1, 1, tzinfo=UTC)
    at = datetime(1970, 1, 1, tzinfo=UTC)
    while at < end:
        before = at.astimezone(zone).utcoffset()
        low, high = at, at + step
        if before != high.astimezone(zone).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
            changes.append(high)
        at += step
    return tuple(changes)
