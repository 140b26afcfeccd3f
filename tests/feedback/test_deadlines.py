"""The law's deadlines against the calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.deadlines import day_of, falls_due, is_whole_working_day
from worktime.calendar import BusinessCalendar, Window


def hours(opens: int, closes: int) -> Window:
    return Window(timedelta(hours=opens), timedelta(hours=closes))


WEEK = {day: [hours(8, 12), hours(14, 18)] for day in range(5)}
CHRISTMAS = {
    date(2026, 12, 24): [hours(8, 12)],  # it ends early
    date(2026, 12, 25): [],
    date(2027, 1, 1): [],
    date(2027, 2, 8): [],
    date(2027, 2, 9): [],
    date(2027, 2, 10): [hours(14, 18)],  # it begins late
}
CALENDAR = BusinessCalendar(WEEK, CHRISTMAS)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # The day of the start is left out: 30 days after the 1st is the 31st.
        (date(2026, 7, 1), 30, date(2026, 7, 31)),
        # A Saturday goes on to Monday.
        (date(2026, 11, 12), 30, date(2026, 12, 14)),
        # Christmas Eve ends early, Christmas is a holiday, then comes the week's end.
        (date(2026, 11, 24), 30, date(2026, 12, 28)),
        # Carnival; Ash Wednesday begins late and counts.
        (date(2027, 1, 9), 30, date(2027, 2, 10)),
        (date(2026, 12, 12), 20, date(2027, 1, 4)),
    ],
)
def test_a_deadline_ends_on_a_whole_working_day(start: date, days: int, due: date) -> None:
    assert falls_due(start, days, CALENDAR) == due


def test_without_a_calendar_the_date_stays() -> None:
    assert falls_due(date(2026, 11, 12), 30, BusinessCalendar({})) == date(2026, 12, 12)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.sampled_from([20, 30]))
def test_it_is_the_first_whole_working_day_from_the_last_day_on(start: date, days: int) -> None:
    due, last = falls_due(start, days, CALENDAR), start + timedelta(days=days)
    assert due >= last
    assert is_whole_working_day(due, CALENDAR)
    skipped = [last + timedelta(days=ahead) for ahead in range((due - last).days)]
    assert not any(is_whole_working_day(day, CALENDAR) for day in skipped)


def test_the_day_is_that_of_brasilia() -> None:
    assert day_of(datetime(2026, 11, 23, 2, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert day_of(datetime(2026, 11, 23, 3, 0, tzinfo=UTC)) == date(2026, 11, 23)
