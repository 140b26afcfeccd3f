"""How long a ticket waits for its requester, and how long a closed one can be reopened.

Pure. Source: guide, sections 3 and 5, and DESIGN §4.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from worktime.calendar import BusinessCalendar

REMINDER_AGE: Final = timedelta(hours=12)
"""A ticket closes for want of an answer only when its reminder is at least this old, in consecutive hours."""


@dataclass(frozen=True, slots=True)
class Waits:
    """The hours that a policy gives. They count one after the other, or by a calendar's working time."""

    wait: timedelta = timedelta(hours=72)
    remind_before: timedelta = timedelta(hours=24)
    reopening: timedelta = timedelta(hours=48)
    calendar: BusinessCalendar | None = None

    def expires_at(self, since: datetime) -> datetime:
        """The last moment of a wait that began, or had its last public message, at ``since``."""
        return self._after(since, self.wait)

    def remind_at(self, since: datetime) -> datetime:
        """The first moment at which the requester is reminded of such a wait."""
        return self._after(since, self.wait - self.remind_before)

    def reopen_until(self, closed_at: datetime) -> datetime:
        """The last moment, inclusive, at which a ticket closed at ``closed_at`` can be reopened."""
        return self._after(closed_at, self.reopening)

    def _after(self, start: datetime, hours: timedelta) -> datetime:
        return start + hours if self.calendar is None else self.calendar.add(start, hours)


def closes_from(expires: datetime, *, reminded_at: datetime) -> datetime:
    """The first moment at which a reminded wait may be closed: an answer until then is in time."""
    return max(expires, reminded_at + REMINDER_AGE)


def is_over(at: datetime, *, expires: datetime, reminded_at: datetime | None) -> bool:
    """Whether the system may close: more than the whole wait went by, after a reminder old enough."""
    return at > expires and reminded_at is not None and at - reminded_at >= REMINDER_AGE
