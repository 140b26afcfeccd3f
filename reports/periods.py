"""Stretches of whole days in Brasília, and those that one compares them with. Pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included. Raises ``ValueError`` where the last comes before the first."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} comes before {self.first}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def months(self) -> int:
        """How many whole months it is made of; 0 where it is not."""
        whole = self.first.day == 1 and (self.last + DAY).day == 1
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1 if whole else 0

    def before(self) -> Period:
        """As long, and ending where this one begins: so many months where it is made of months, else so many days."""
        if self.months:
            return Period(_shifted(self.first, -self.months), self.first - DAY)
        return Period(self.first - self.days * DAY, self.first - DAY)

    def a_year_before(self) -> Period:
        """The same days of the year before; of a 29 February the day before it."""
        last = _shifted(self.last + DAY, -12) - DAY if self.months else _shifted(self.last, -12)
        return Period(_shifted(self.first, -12), last)

    def by_month(self) -> list[Period]:
        """Its calendar months in order, the first and the last cut off where it is."""
        found, first = [], self.first
        while first <= self.last:
            last = min(_month_end(first), self.last)
            found.append(Period(first, last))
            first = last + DAY
        return found


def month(year: int, number: int) -> Period:
    first = date(year, number, 1)
    return Period(first, _month_end(first))


def quarter(year: int, number: int) -> Period:
    return Period(date(year, number * 3 - 2, 1), _month_end(date(year, number * 3, 1)))


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31))


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _shifted(day: date, months: int) -> date:
    """So many months later, on the same day or the last there is."""
    years, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, index + 1, min(day.day, calendar.monthrange(years, index + 1)[1]))
