"""The deadlines of the law for manifestations (Lei 13.460/2017, art. 16). Dates are those of Brasília.

Counted in running days: the day of the start is left out, the last one counts in; where that is no whole
working day the deadline is the next one (Lei 9.784/1999, art. 66).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from worktime import BRASILIA

if TYPE_CHECKING:
    from datetime import datetime

    from worktime.calendar import BusinessCalendar

ANSWER_DAYS: Final = 30
"""For the answer; once as much again, with a reason."""
AREA_DAYS: Final = 20
"""For an area that the ombudsman asks; once as much again, with a reason."""
LONGEST_CLOSURE: Final = 366
"""Days after which no working day comes any more: then no calendar is kept, and the date stays."""


def falls_due(start: date, days: int, calendar: BusinessCalendar) -> date:
    """The last day of a deadline of so many days that begins on ``start``."""
    due = start + timedelta(days=days)
    following = (due + timedelta(days=ahead) for ahead in range(LONGEST_CLOSURE))
    return next((day for day in following if is_whole_working_day(day, calendar)), due)


def is_whole_working_day(day: date, calendar: BusinessCalendar) -> bool:
    """Whether the team works on that date until its usual hour. One that begins late counts; one that ends early does not."""
    usual, works = calendar.week[day.weekday()], calendar.windows_on(day)
    return bool(usual and works) and works[-1].closes >= usual[-1].closes


def day_of(at: datetime) -> date:
    """The date of a moment in Brasília."""
    return at.astimezone(BRASILIA).date()


def left_in_words(due: date, today: date) -> str:
    """``em 3 dias``, ``hoje``, ``atrasada há 2 dias``."""
    days = (due - today).days
    if days < 0:
        return f"atrasada há {_days(-days)}"
    return {0: "hoje", 1: "amanhã"}.get(days) or f"em {_days(days)}"


def _days(count: int) -> str:
    return "1 dia" if count == 1 else f"{count} dias"
