"""The only reader of the clock, and how the demo shifts it."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

import worktime

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(("offset", "seconds"), [(None, 0), ("", 0), ("172800", 172_800), ("-1.5", -1.5)])
def test_now_is_the_machines_moment_shifted_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, offset: str | None, seconds: float
) -> None:
    monkeypatch.delenv("DEMO_CLOCK_OFFSET", raising=False)
    if offset is not None:
        monkeypatch.setenv("DEMO_CLOCK_OFFSET", offset)
    assert worktime.now() == NOON + timedelta(seconds=seconds)
    assert worktime.now().utcoffset() == timedelta(0)


def test_people_read_the_time_of_brasilia() -> None:
    assert datetime(2026, 11, 23, 9, tzinfo=worktime.BRASILIA) == NOON


def test_an_offset_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_CLOCK_OFFSET", "tomorrow")
    with pytest.raises(ValueError, match="tomorrow"):
        worktime.now()


@pytest.mark.parametrize("offset", [None, "60"])
def test_a_block_lives_later_and_leaves_the_clock_as_it_was(monkeypatch: pytest.MonkeyPatch, offset: str | None) -> None:
    monkeypatch.delenv("DEMO_CLOCK_OFFSET", raising=False)
    if offset is not None:
        monkeypatch.setenv("DEMO_CLOCK_OFFSET", offset)
    before = worktime.offset()
    with worktime.shifted(timedelta(hours=48)), worktime.shifted(timedelta(hours=-1)):
        assert worktime.offset() == before + timedelta(hours=47)
    assert worktime.offset() == before


def test_a_block_that_fails_leaves_the_clock_as_it_was_too() -> None:
    before = worktime.offset()
    with pytest.raises(ZeroDivisionError), worktime.shifted(timedelta(days=1)):
        1 / 0  # noqa: B018  # it fails
    assert worktime.offset() == before
