"""72 h, the reminder and 48 h, on both sides of each edge."""

from datetime import datetime, timedelta

import pytest

from tests.cast import MONDAY
from tickets import waits
from worktime.calendar import BusinessCalendar, Window

SECOND = timedelta(seconds=1)
WAITS = waits.Waits()
EXPIRES = MONDAY + timedelta(hours=72)


def test_the_wait_is_72_consecutive_hours() -> None:
    assert WAITS.expires_at(MONDAY) == EXPIRES


def test_the_reminder_comes_24_hours_before() -> None:
    assert WAITS.remind_at(MONDAY) == MONDAY + timedelta(hours=48)


@pytest.mark.parametrize(
    ("at", "reminded_at", "over"),
    [
        (EXPIRES, MONDAY + timedelta(hours=48), False),
        (EXPIRES + SECOND, MONDAY + timedelta(hours=48), True),
        (EXPIRES + SECOND, None, False),
        (EXPIRES + SECOND, EXPIRES - timedelta(hours=12) + 2 * SECOND, False),
        (EXPIRES + SECOND, EXPIRES - timedelta(hours=12) + SECOND, True),
    ],
)
def test_a_wait_is_over_after_72_hours_and_a_reminder(at: datetime, reminded_at: datetime | None, over: bool) -> None:
    assert waits.is_over(at, expires=EXPIRES, reminded_at=reminded_at) is over


@pytest.mark.parametrize(
    ("reminded_at", "closes_from"),
    [(EXPIRES - timedelta(hours=24), EXPIRES), (EXPIRES - timedelta(hours=11), EXPIRES + timedelta(hours=1))],
)
def test_a_late_reminder_puts_the_closing_off(reminded_at: datetime, closes_from: datetime) -> None:
    assert waits.closes_from(EXPIRES, reminded_at=reminded_at) == closes_from


def test_reopening_ends_48_hours_after_closing() -> None:
    assert WAITS.reopen_until(MONDAY) == MONDAY + timedelta(hours=48)


def test_a_policy_may_count_working_time() -> None:
    """72 working hours from Monday 10h at 10 h a day: seven days and 2 h later, without the weekend."""
    office = BusinessCalendar({day: [Window(timedelta(hours=8), timedelta(hours=18))] for day in range(5)})
    working = waits.Waits(calendar=office)
    assert working.expires_at(MONDAY) == MONDAY + timedelta(days=9, hours=2)
    assert working.remind_at(MONDAY) == MONDAY + timedelta(days=4, hours=8)
    assert working.reopen_until(MONDAY) == MONDAY + timedelta(days=4, hours=8)
