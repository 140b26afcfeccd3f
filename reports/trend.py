"""The twelve months up to a period's end, each beside the same month a year before, and how long answers took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from reports import counted, figures, periods, tally
from reports.panel import number, percent
from reports.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date


MONTHS: Final = 12
MEANING: Final = (
    "Abertos são os chamados que chegaram no mês. Resolvidos são os encerramentos com solução no mês, também de chamados que"
    " foram reabertos depois. No prazo são os resolvidos que cumpriram a meta da primeira resposta e a da solução."
)
TAKEN: Final = "Encerramentos do período. A solução conta só os resolvidos. Tempos são de trabalho, em horas de atendimento."


@dataclass(frozen=True, slots=True)
class Month:
    """What one month counts. Shares are between 0 and 1, ``None`` where nothing was solved."""

    opened: int = 0
    solved: int = 0
    in_time: int = 0

    @property
    def share(self) -> float | None:
        return self.in_time / self.solved if self.solved else None


def trend(mine: Q, period: Period, today: date) -> list[tuple[Period, Month, Month]]:
    """Of the facts that ``mine`` holds for: each month, what it counts, and what the same month a year before counted.

    It ends with the period, or with the month that runs.
    """
    end = min(period.last, today)
    last = periods.month(end.year, end.month)
    shown = Period(last.first.replace(year=last.first.year - 1), last.last).by_month()[1:]
    parts = {
        (month, name): which
        for one in shown
        for month in (one, one.a_year_before())
        for name, which in (
            ("opened", figures.opened_in(month)),
            ("solved", figures.ended_in(month) & figures.CLOSINGS["solved"]),
            ("in_time", figures.ended_in(month) & figures.CLOSINGS["in_time"]),
        )
    }
    told = tally.counts(mine, parts)

    def of(month: Period) -> Month:
        return Month(told[month, "opened"], told[month, "solved"], told[month, "in_time"])

    return [(one, of(one), of(one.a_year_before())) for one in shown]


@dataclass(frozen=True, slots=True)
class Part:
    """One figure by month, as the page and its chart show it."""

    slug: str
    title: str
    behind: str
    """The list behind each month's number."""
    rows: list[tuple[Period, str, str]]
    """A month, its number, and that of the year before."""


def parts(told: list[tuple[Period, Month, Month]]) -> list[Part]:
    def rows(say: Callable[[Month], str]) -> list[tuple[Period, str, str]]:
        return [(month, say(now), say(year_before)) for month, now, year_before in told]

    return [
        Part("por-mes-abertos", "Chamados abertos por mês", "abertos", rows(lambda one: number(one.opened))),
        Part("por-mes-resolvidos", "Chamados resolvidos por mês", "resolvidos", rows(lambda one: number(one.solved))),
        Part("por-mes-no-prazo", "Resolvidos no prazo por mês, em %", "no-prazo", rows(lambda one: percent(one.share))),
    ]


def taken(mine: Q, period: Period) -> dict[str, list[tuple[str, int, str]]]:
    """``response`` and ``resolution`` by how long they took: each class in words, how many, and the list behind."""
    told = tally.counts(mine, {figure.slug: figure.holds(period) for part in counted.TAKEN.values() for figure in part})
    return {
        name: [
            (words.capitalize(), told[figure.slug], figure.slug)
            for words, figure in zip(counted.hours_said(name), part, strict=True)
        ]
        for name, part in counted.TAKEN.items()
    }
