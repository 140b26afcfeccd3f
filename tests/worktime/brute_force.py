"""Working time reckoned the slow and obvious way: visit every day and every window."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from worktime import BRASILIA
from worktime.calendar import BusinessCalendar, Window

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def hours(opens: float, closes: float) -> Window:
    return Window(timedelta(hours=opens), timedelta(hours=closes))


def at(text: str) -> datetime:
    """A moment written in Brasília time."""
    return datetime.fromisoformat(text).replace(tzinfo=BRASILIA)


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """A wall time's moment; of a time that the clocks left out, the first that comes after it."""
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    while found.astimezone(zone).replace(tzinfo=None) < wall or (found - SECOND).astimezone(zone).replace(tzinfo=None) > wall:
        found -= SECOND
    return found


def walked(calendar: BusinessCalendar, start: datetime, end: datetime) -> timedelta:
    """The same as ``between``."""
    total, day = timedelta(0), start.astimezone(calendar.zone).date() - DAY
    while day <= end.astimezone(calendar.zone).date():
        for window in calendar.windows_on(day):
            midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # local wall time, made aware below
            opens, closes = (moment(midnight + edge, calendar.zone) for edge in (window.opens, window.closes))
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        day += DAY
    return total
