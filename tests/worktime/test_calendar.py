"""Working time by example, and against brute force on some random calendars (``make soak``: on 100,000)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worktime.brute_force import at, hours, walked
from worktime import BRASILIA
from worktime.calendar import BusinessCalendar, Window

OFFICE = {weekday: [hours(8, 18)] for weekday in range(5)}


@st.composite
def days(draw: st.DrawFn) -> list[Window]:
    """Up to three windows on a day, ending at 24 h now and then, exact to the second."""
    edges = sorted(draw(st.sets(st.one_of(st.integers(0, 86_400), st.just(86_400)), max_size=6)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return [Window(timedelta(seconds=a), timedelta(seconds=b)) for a, b in pairs]


dates = st.dates(date(2017, 1, 1), date(2029, 12, 31))
zones = st.sampled_from([BRASILIA, ZoneInfo("UTC"), ZoneInfo("Europe/Lisbon"), ZoneInfo("America/Manaus")])
calendars = st.builds(
    BusinessCalendar,
    st.dictionaries(st.integers(0, 6), days()),
    st.dictionaries(dates, days(), max_size=8),
    zone=zones,
)
moments = st.datetimes(datetime(2017, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001  # made aware by the strategy
    lambda moment: moment.replace(microsecond=0)
)


@given(calendars, moments, st.integers(0, 60 * 86_400))
def test_between_agrees_with_walking_the_days(calendar: BusinessCalendar, start: datetime, seconds: int) -> None:
    end = start + timedelta(seconds=seconds)
    assert calendar.between(start, end) == walked(calendar, start, end)


@given(calendars, moments, st.integers(1, 400 * 3600))
def test_add_takes_exactly_that_long_and_no_moment_longer(calendar: BusinessCalendar, start: datetime, seconds: int) -> None:
    amount = timedelta(seconds=seconds)
    try:
        end = calendar.add(start, amount)
    except ValueError:
        assert calendar.between(start, start + timedelta(days=36_500)) < amount
        return
    assert end > start
    assert calendar.between(start, end) == amount
    assert calendar.between(start, end - timedelta(seconds=1)) == amount - timedelta(seconds=1)


@given(calendars, moments)
def test_is_open_is_what_the_next_microsecond_counts(calendar: BusinessCalendar, moment: datetime) -> None:
    tick = timedelta(microseconds=1)
    assert calendar.is_open(moment) == (calendar.between(moment, moment + tick) == tick)


def test_friday_afternoon_ends_on_monday() -> None:
    assert BusinessCalendar(OFFICE).add(at("2026-11-20T17:00"), timedelta(hours=4)) == at("2026-11-23T11:00")


def test_a_window_that_is_used_up_ends_at_its_closing() -> None:
    calendar = BusinessCalendar(OFFICE)
    assert calendar.add(at("2026-11-20T17:00"), timedelta(hours=1)) == at("2026-11-20T18:00")
    assert calendar.add(at("2026-11-20T19:00"), timedelta(seconds=1)) == at("2026-11-23T08:00:01")


def test_nothing_takes_no_time() -> None:
    assert BusinessCalendar(OFFICE).add(at("2026-11-21T12:00"), timedelta(0)) == at("2026-11-21T12:00")


def test_whole_and_partial_holidays() -> None:
    ash_wednesday, carnival = date(2026, 2, 18), date(2026, 2, 17)
    calendar = BusinessCalendar(OFFICE, {carnival: [], ash_wednesday: [hours(14, 18)]})
    assert calendar.between(at("2026-02-17T00:00"), at("2026-02-19T00:00")) == timedelta(hours=4)
    assert calendar.add(at("2026-02-16T17:00"), timedelta(hours=2)) == at("2026-02-18T15:00")


def test_lunch_breaks_and_the_end_of_the_day() -> None:
    calendar = BusinessCalendar({0: [hours(8, 12), hours(14, 18)], 1: [hours(0, 24)], 3: [hours(22, 24)]})
    assert calendar.add(at("2026-11-23T11:00"), timedelta(hours=2)) == at("2026-11-23T15:00")
    assert calendar.add(at("2026-11-24T23:00"), timedelta(hours=1)) == at("2026-11-25T00:00")
    assert calendar.between(at("2026-11-24T00:00"), at("2026-11-28T00:00")) == timedelta(hours=26)


def test_the_clock_change_of_2018_made_a_day_of_23_hours() -> None:
    around_the_clock = BusinessCalendar({weekday: [hours(0, 24)] for weekday in range(7)})
    start, end = at("2018-11-04T00:00"), at("2018-11-05T00:00")
    assert around_the_clock.between(start, end) == timedelta(hours=23) == end.astimezone(UTC) - start.astimezone(UTC)


def test_a_time_that_the_clocks_left_out_is_the_moment_of_their_change() -> None:
    """On 4 November 2018 Brasília went from 0h to 1h."""
    calendar = BusinessCalendar({6: [hours(0, 0.5), hours(0.75, 1.5), hours(2, 3)]})
    assert calendar.between(at("2018-11-03T00:00"), at("2018-11-05T00:00")) == timedelta(hours=1.5)
    assert calendar.add(at("2018-11-03T00:00"), timedelta(minutes=31)) == at("2018-11-04T02:01")


def test_a_clock_change_that_leaps_over_midnight_shortens_the_day_before() -> None:
    """On Saturday, 30 March 2024, Nuuk went from 23h to Sunday, 0h."""
    nuuk = ZoneInfo("America/Nuuk")
    around_the_clock = BusinessCalendar({weekday: [hours(0, 24)] for weekday in range(7)}, zone=nuuk)
    friday, monday = datetime(2024, 3, 29, tzinfo=nuuk), datetime(2024, 4, 1, tzinfo=nuuk)
    assert around_the_clock.between(friday, monday) == timedelta(hours=71)


def test_a_clock_change_falls_on_the_date_of_its_own_zone() -> None:
    """On 29 March 2026 Lisbon went from 1h to 2h, which in Brasília is the evening before."""
    lisbon = ZoneInfo("Europe/Lisbon")
    around_the_clock = BusinessCalendar({weekday: [hours(0, 24)] for weekday in range(7)}, zone=lisbon)
    sunday = datetime(2026, 3, 29, tzinfo=lisbon)
    assert around_the_clock.between(sunday, datetime(2026, 3, 30, tzinfo=lisbon)) == timedelta(hours=23)


def test_a_date_is_that_of_the_calendars_own_zone() -> None:
    """It is Monday, 8h, on Kiritimati while Sunday lasts elsewhere; and Monday, 23h30, in Honolulu when Tuesday has begun."""
    monday = {0: [hours(0, 24)]}
    kiritimati = BusinessCalendar(monday, zone=ZoneInfo("Pacific/Kiritimati"))
    assert kiritimati.is_open(datetime(2026, 11, 22, 18, tzinfo=UTC))
    assert not kiritimati.is_open(datetime(2026, 11, 23, 18, tzinfo=UTC))
    honolulu = BusinessCalendar(monday, zone=ZoneInfo("Pacific/Honolulu"))
    half_past_eleven = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert honolulu.add(half_past_eleven, timedelta(minutes=10)) == half_past_eleven + timedelta(minutes=10)


@pytest.mark.parametrize("amount", [timedelta(0), timedelta(hours=1), timedelta(hours=30)])
def test_what_comes_out_is_in_utc(amount: timedelta) -> None:
    calendar = BusinessCalendar(OFFICE)
    assert calendar.add(at("2026-11-20T17:00"), amount).tzinfo is UTC
    assert calendar.next_opening(at("2026-11-20T18:00")).tzinfo is UTC


def test_next_opening() -> None:
    calendar = BusinessCalendar(OFFICE)
    assert calendar.next_opening(at("2026-11-20T18:00")) == at("2026-11-23T08:00")
    assert calendar.next_opening(at("2026-11-20T17:59:59.999999")) == at("2026-11-20T17:59:59.999999")
    assert calendar.is_open(at("2026-11-20T08:00"))
    assert not calendar.is_open(at("2026-11-20T18:00"))


@pytest.mark.parametrize(("opens", "closes"), [(18, 8), (8, 8), (-1, 8), (8, 25)])
def test_a_window_lies_within_one_day(opens: float, closes: float) -> None:
    with pytest.raises(ValueError, match="within one day"):
        hours(opens, closes)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (hours(8, 18), hours(14, 24), hours(14, 18)),
        (hours(8, 18), hours(0, 12), hours(8, 12)),
        (hours(8, 18), hours(9, 10), hours(9, 10)),
        (hours(8, 12), hours(12, 18), None),
        (hours(8, 12), hours(14, 18), None),
    ],
)
def test_what_two_windows_have_in_common(one: Window, other: Window, both: Window | None) -> None:
    assert one.within(other) == other.within(one) == both


def test_windows_may_touch() -> None:
    touching = BusinessCalendar({0: [hours(12, 18), hours(8, 12)]})
    assert touching.windows_on(date(2026, 11, 23)) == (hours(8, 12), hours(12, 18))
    assert touching.between(at("2026-11-23T11:00"), at("2026-11-23T13:00")) == timedelta(hours=2)


def test_windows_may_not_overlap() -> None:
    with pytest.raises(ValueError, match="overlap"):
        BusinessCalendar({0: [hours(8, 12), hours(11, 18)]})


def test_time_does_not_run_backwards() -> None:
    calendar = BusinessCalendar(OFFICE)
    with pytest.raises(ValueError, match="before the start"):
        calendar.between(at("2026-11-23T10:00"), at("2026-11-23T09:00"))
    with pytest.raises(ValueError, match="taken away"):
        calendar.add(at("2026-11-23T10:00"), timedelta(seconds=-1))


def test_a_team_that_never_works_has_no_deadline() -> None:
    with pytest.raises(ValueError, match="never comes"):
        BusinessCalendar({}).add(at("2026-11-23T10:00"), timedelta(seconds=1))


def test_ten_years_cost_a_few_looks_at_days(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: a walk over the days would look at more than 3,600 of them."""
    calendar = BusinessCalendar(OFFICE, {date(2026 + n, 12, 25): [] for n in range(10)})
    looks = []
    before = calendar._before
    monkeypatch.setattr(calendar, "_before", lambda ordinal: looks.append(ordinal) or before(ordinal))
    calendar.add(at("2026-11-23T10:00"), timedelta(hours=26_000))
    assert len(looks) < 40
