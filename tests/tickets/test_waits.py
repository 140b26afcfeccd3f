"""72 h, the reminder and 48 h, on both sides of each edge."""

from datetime import datetime, timedelta

import pytest

from tests.cast import MONDAY
from tickets import waits

SECOND = timedelta(seconds=1)
EXPIRES = MONDAY + timedelta(hours=72)


def test_the_wait_is_72_consecutive_hours() -> None:
    assert waits.expires_at(MONDAY) == EXPIRES


def test_the_reminder_comes_24_hours_before() -> None:
    assert waits.remind_from(EXPIRES) == MONDAY + timedelta(hours=48)


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


def test_reopening_ends_48_hours_after_closing() -> None:
    assert waits.reopen_until(MONDAY) == MONDAY + timedelta(hours=48)
