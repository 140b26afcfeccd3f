"""Working time on 100,000 random cases with random calendars, and against an independent library."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytz
from businesstimedelta import BusinessTimeDelta, HolidayRule, LunchTimeRule, Rules, WorkDayRule

from tests.worktime.brute_force import SECOND, walked
from worktime import BRASILIA
from worktime.calendar import BusinessCalendar, Window

pytestmark = pytest.mark.soak

CALENDARS, SPANS = 20_000, 5
FIRST = datetime(2017, 1, 1, tzinfo=UTC)
DAYS = 13 * 365
ZONES = [BRASILIA, ZoneInfo("UTC"), ZoneInfo("Europe/Lisbon"), ZoneInfo("America/Manaus")]


def some_windows(rng: random.Random) -> list[Window]:
    """Up to three on a day: to the second or on the hour, touching or not, from 0h and to 24h now and then."""
    step = rng.choice([1, 60, 3600])
    edges = sorted(rng.sample(range(0, 86_401, step), 2 * rng.randint(0, 3)))
    if edges and rng.random() < 0.2:
        edges[-1] = 86_400
    if len(edges) > 2 and rng.random() < 0.2:
        edges[2] = edges[1]
    return [Window(timedelta(seconds=a), timedelta(seconds=b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def some_calendar(rng: random.Random) -> BusinessCalendar:
    week = {weekday: some_windows(rng) for weekday in rng.sample(range(7), rng.randint(0, 7))}
    exceptions = {(FIRST + timedelta(days=rng.randrange(DAYS))).date(): some_windows(rng) for _ in range(rng.randint(0, 200))}
    return BusinessCalendar(week, exceptions, zone=rng.choice(ZONES))


def some_moment(rng: random.Random) -> datetime:
    return FIRST + timedelta(seconds=rng.randrange(DAYS * 86_400))


def test_every_case_agrees_with_walking_the_days() -> None:
    for case in range(CALENDARS):
        rng = random.Random(case)  # noqa: S311  # which calendars, no secret  # a case can be run again by its number
        calendar = some_calendar(rng)
        for _ in range(SPANS):
            start = some_moment(rng)
            end = start + timedelta(seconds=rng.randrange(20 * 86_400))
            worked = calendar.between(start, end)
            assert worked == walked(calendar, start, end), case
            assert calendar.is_open(start) == (calendar.between(start, start + SECOND / 1000) > timedelta(0)), case
            if worked:
                due = calendar.add(start, worked)
                assert due <= end, case
                assert calendar.between(start, due) == worked, case
                assert walked(calendar, due, end) == timedelta(0), case
                assert calendar.between(start, due - SECOND) == worked - SECOND, case


def test_what_an_independent_library_can_say_it_says_too() -> None:
    """One stretch of any weekdays, a break in it, whole holidays: it knows no more than that.

    Only from 2020, when Brazil's clocks change no more: of a time that comes twice it takes the second, we the first.
    """
    for case in range(CALENDARS):
        rng = random.Random(case)  # noqa: S311  # which calendars, no secret
        opens, leaves, returns, closes = sorted(rng.sample(range(3600, 86_400), 4))
        weekdays = rng.sample(range(7), rng.randint(1, 7))
        start = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(10 * 365 * 86_400))
        # One a year besides, since it fails where it finds no holiday ahead.
        free = {date(year, 2, 1) for year in range(2016, 2036)}
        free |= {(start + timedelta(days=rng.randrange(60))).date() for _ in range(rng.randint(0, 10))}
        zone = pytz.timezone("America/Sao_Paulo")
        clock = [(FIRST + timedelta(seconds=edge)).time() for edge in (opens, leaves, returns, closes)]
        theirs = Rules(
            [
                WorkDayRule(clock[0], clock[3], weekdays, tz=zone),
                LunchTimeRule(clock[1], clock[2], weekdays, tz=zone),
                HolidayRule(free, tz=zone),
            ]
        )
        day = [Window(timedelta(seconds=a), timedelta(seconds=b)) for a, b in ((opens, leaves), (returns, closes))]
        ours = BusinessCalendar(dict.fromkeys(weekdays, day), dict.fromkeys(free, ()))
        end = start + timedelta(seconds=rng.randrange(60 * 86_400))
        assert ours.between(start, end) == theirs.difference(start, end).timedelta, case
        amount = timedelta(seconds=rng.randrange(1, 20 * (leaves - opens + closes - returns)))
        assert ours.add(start, amount) == start + BusinessTimeDelta(theirs, timedelta=amount), case


def test_ten_years_cost_less_than_ten_times_a_day() -> None:
    """Measured as a ratio, since machines differ; the figures stand in docs/soak.md."""
    week = {weekday: [Window(timedelta(hours=8), timedelta(hours=18))] for weekday in range(5)}
    calendar = BusinessCalendar(week, {date(year, 12, 25): [] for year in range(2020, 2040)})
    start = datetime(2026, 11, 23, 13, tzinfo=UTC)

    def cost(amount: timedelta) -> float:
        """Of one ``add``, in seconds: the best of many, so that a busy machine does not count."""
        rounds = []
        for _ in range(200):
            begun = time.perf_counter()
            calendar.add(start, amount)
            rounds.append(time.perf_counter() - begun)
        return min(rounds)

    assert cost(timedelta(hours=26_000)) < 10 * cost(timedelta(hours=10))
