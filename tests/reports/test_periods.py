"""Stretches of days and what they are compared with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.periods import DAY, Period, month, quarter, year

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def test_months_quarters_and_years_compare_with_their_like() -> None:
    assert month(2026, 3).before() == month(2026, 2)
    assert month(2026, 1).before() == month(2025, 12)
    assert month(2024, 2) == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert month(2024, 2).a_year_before() == month(2023, 2)
    assert month(2023, 2).a_year_before() == month(2022, 2)
    assert month(2025, 2).a_year_before() == month(2024, 2)  # with its 29 days
    assert quarter(2026, 1).before() == quarter(2025, 4)
    assert quarter(2026, 3).a_year_before() == quarter(2025, 3)
    assert year(2026).before() == year(2025) == year(2026).a_year_before()


def test_free_days_compare_with_as_many_days() -> None:
    period = Period(date(2026, 3, 10), date(2026, 3, 12))
    assert period.before() == Period(date(2026, 3, 7), date(2026, 3, 9))
    assert period.a_year_before() == Period(date(2025, 3, 10), date(2025, 3, 12))
    assert Period(date(2024, 2, 29), date(2024, 2, 29)).a_year_before() == Period(date(2023, 2, 28), date(2023, 2, 28))


def test_the_last_day_may_not_come_first() -> None:
    with pytest.raises(ValueError, match="comes before"):
        Period(date(2026, 3, 2), date(2026, 3, 1))


@given(DAYS, st.integers(0, 1000))
def test_what_lies_before_ends_where_this_begins(first: date, more: int) -> None:
    period = Period(first, first + more * DAY)
    before = period.before()
    assert before.last + DAY == period.first
    assert period.months in (0, before.months)  # free days may follow whole months by chance
    assert period.months or before.days == period.days


@given(DAYS, st.integers(0, 1000))
def test_months_make_up_the_whole(first: date, more: int) -> None:
    period = Period(first, first + more * DAY)
    parts = period.by_month()
    assert (parts[0].first, parts[-1].last) == (period.first, period.last)
    assert sum(part.days for part in parts) == period.days
    assert all((part.first.year, part.first.month) == (part.last.year, part.last.month) for part in parts)
