"""How long a ticket waits for its requester, and how long a closed one can be reopened.

Pure. All hours are consecutive, not working hours. Source: guide, sections 3 and 5, and DESIGN §4.
"""

from datetime import datetime, timedelta
from typing import Final

WAIT: Final = timedelta(hours=72)
REMIND_BEFORE: Final = timedelta(hours=24)
"""The reminder goes out this long before the wait ends."""
REMINDER_AGE: Final = timedelta(hours=12)
"""A ticket closes for want of an answer only when its reminder is at least this old."""
REOPENING: Final = timedelta(hours=48)


def expires_at(since: datetime) -> datetime:
    """The last moment of a wait that began, or had its last public message, at ``since``."""
    return since + WAIT


def remind_from(expires: datetime) -> datetime:
    """The first moment at which the requester is reminded of a wait that ends at ``expires``."""
    return expires - REMIND_BEFORE


def closes_from(expires: datetime, *, reminded_at: datetime) -> datetime:
    """The first moment at which a reminded wait may be closed: an answer until then is in time."""
    return max(expires, reminded_at + REMINDER_AGE)


def is_over(at: datetime, *, expires: datetime, reminded_at: datetime | None) -> bool:
    """Whether the system may close: more than the whole wait went by, after a reminder old enough."""
    return at > expires and reminded_at is not None and at - reminded_at >= REMINDER_AGE


def reopen_until(closed_at: datetime) -> datetime:
    """The last moment, inclusive, at which a ticket closed at ``closed_at`` can be reopened."""
    return closed_at + REOPENING
