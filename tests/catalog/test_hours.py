"""The calendar that the curators' rows make."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from catalog import hours
from catalog.models import Holiday, WorkWindow
from tests.cast import office_hours
from worktime import BRASILIA

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    """A moment written in Brasília time."""
    return datetime.fromisoformat(text).replace(tzinfo=BRASILIA)


def worked_on(day: str) -> timedelta:
    start = at(day)
    return hours.current().calendar.between(start, start + timedelta(days=1))


def holiday(day: str, **fields: Any) -> Holiday:
    return Holiday.objects.create(date=date.fromisoformat(day), name="Feriado", **fields)


def test_windows_make_the_week(django_assert_num_queries: Any) -> None:
    office_hours()
    WorkWindow.objects.create(weekday=5, opens=0, closes=6 * 60)
    WorkWindow.objects.create(weekday=5, opens=20 * 60, closes=24 * 60)
    WorkWindow.objects.create(weekday=6, opens=0, closes=24 * 60, active=False)
    with django_assert_num_queries(1):
        calendar = hours.current().calendar
    assert calendar.between(at("2026-11-23"), at("2026-11-24")) == 10 * HOUR
    assert calendar.between(at("2026-11-28"), at("2026-11-29")) == 10 * HOUR
    assert calendar.is_open(at("2026-11-28T23:59:59"))
    assert calendar.between(at("2026-11-29"), at("2026-11-30")) == 0 * HOUR


def test_partial_holidays_leave_the_part_on_which_work_goes_on() -> None:
    WorkWindow.objects.create(weekday=2, opens=8 * 60, closes=12 * 60)
    WorkWindow.objects.create(weekday=2, opens=13 * 60, closes=18 * 60)
    holiday("2026-02-18", works_from=time(14))
    holiday("2026-12-23", works_until=time(13))
    holiday("2026-12-30", works_until=time(12, 30))
    holiday("2026-06-24", works_from=time(10), works_until=time(15, 30))
    holiday("2026-07-01")
    worked = [worked_on(day) for day in ("2026-02-18", "2026-12-23", "2026-12-30", "2026-06-24", "2026-07-01", "2026-07-08")]
    assert worked == [4 * HOUR, 4 * HOUR, 4 * HOUR, 4.5 * HOUR, 0 * HOUR, 9 * HOUR]


@pytest.mark.parametrize("day", ["2026-11-20", "2030-04-19", "2037-12-25", "2021-09-07"])
def test_dates_that_nobody_keeps_follow_the_law(day: str) -> None:
    office_hours()
    holiday("2026-10-28", kind="facultativo")
    assert worked_on(day) == 0 * HOUR


def test_optional_days_of_the_law_are_no_holidays_by_themselves() -> None:
    """Carnival and Corpus Christi of 2028: who grants them is the year's decree."""
    office_hours()
    assert [worked_on(day) for day in ("2028-02-28", "2028-02-29", "2028-06-15")] == [10 * HOUR] * 3


def test_one_row_in_a_later_year_leaves_its_other_holidays() -> None:
    office_hours()
    holiday("2029-03-01", works_until=time(12))
    assert worked_on("2029-03-01") == 4 * HOUR
    assert worked_on("2028-12-25") == worked_on("2029-12-25") == 0 * HOUR


def test_a_date_switched_off_is_an_ordinary_day() -> None:
    office_hours()
    row = holiday("2026-11-20")
    assert worked_on("2026-11-20") == 0 * HOUR
    row.active = False
    row.save()
    assert worked_on("2026-11-20") == 10 * HOUR


def test_equal_rows_have_equal_versions_and_others_do_not() -> None:
    versions = [hours.current().version]
    office_hours()
    versions.append(hours.current().version)
    row = holiday("2026-10-28", kind="facultativo")
    versions.append(hours.current().version)
    row.works_until = time(13)
    row.save()
    versions.append(hours.current().version)
    row.active = False
    row.save()
    versions.append(hours.current().version)
    WorkWindow.objects.filter(weekday=4).update(closes=17 * 60)
    versions.append(hours.current().version)
    assert len(set(versions)) == len(versions)

    Holiday.objects.all().delete()
    WorkWindow.objects.all().delete()
    assert hours.current().version == versions[0]
    office_hours()
    assert hours.current().version == versions[1]
    row.pk, row.active, row.works_until, row.name = None, True, None, "Outro nome"
    row.save()
    assert hours.current().version == versions[2]


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [
        ("2026-11-23T08:00", "A equipe responde agora."),
        ("2026-11-23T17:59:59", "A equipe responde agora."),
        ("2026-11-23T07:59:59", "A equipe volta hoje, às 8h."),
        ("2026-11-23T18:00", "A equipe volta amanhã, às 8h."),
        ("2026-11-20T12:00", "A equipe volta segunda, às 8h."),
        ("2026-11-22T23:00", "A equipe volta amanhã, às 8h."),
        ("2026-12-24T13:00", "A equipe volta segunda, às 8h30."),
        ("2026-12-24T12:59", "A equipe responde agora."),
        ("2027-02-05T18:00", "A equipe volta em 15/02/2027, às 8h."),
    ],
)
def test_said_in_plain_words(moment: str, sentence: str, django_assert_num_queries: Any) -> None:
    office_hours()
    holiday("2026-12-24", works_until=time(13))
    holiday("2026-12-28", works_from=time(8, 30))
    for day in range(8, 13):
        holiday(f"2027-02-{day:02}")
    with django_assert_num_queries(1):
        assert hours.said(at(moment)) == sentence


def test_one_oclock_has_its_own_article() -> None:
    WorkWindow.objects.create(weekday=0, opens=60, closes=120)
    assert hours.said(at("2026-11-23T00:00")) == "A equipe volta hoje, à 1h."


def test_without_working_hours_nothing_is_promised() -> None:
    assert hours.said(at("2026-11-23T10:00")) == ""


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([(day, 8, 18) for day in range(5)], "de segunda a sexta, das 8h às 18h, exceto feriados"),
        (
            [(0, 7.5, 12), (0, 13, 17), (2, 7.5, 12), (2, 13, 17)],
            "segunda e quarta, das 7h30 às 12h e das 13h às 17h, exceto feriados",
        ),
        ([(0, 8, 18), (2, 8, 18), (4, 8, 18)], "segunda, quarta e sexta, das 8h às 18h, exceto feriados"),
        ([(5, 1, 13), (6, 0, 24)], "sábado, da 1h às 13h; domingo, o dia todo, exceto feriados"),
        ([(6, 0, 1)], "domingo, das 0h à 1h, exceto feriados"),
        ([], ""),
    ],
)
def test_the_week_in_words(windows: list[tuple[int, float, float]], words: str, django_assert_num_queries: Any) -> None:
    WorkWindow.objects.bulk_create(
        WorkWindow(weekday=day, opens=int(opens * 60), closes=int(closes * 60)) for day, opens, closes in windows
    )
    WorkWindow.objects.create(weekday=1, opens=0, closes=60, active=False)
    with django_assert_num_queries(1):
        assert hours.in_words() == words
