"""The twelve months up to a period's end, each beside the same month a year before, and how long answers took."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Q

from reports import periods
from reports.figures import SOLVED
from reports.panel import number, percent
from reports.periods import Period

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import QuerySet

    from reports.models import CycleFact

MONTHS: Final = 12
HOUR: Final = 3600
RESPONSES: Final = (1, 2, 4, 8, 16)
SOLUTIONS: Final = (4, 8, 16, 40, 80)
"""Working hours: the upper ends of the classes, each included; the last class is what took longer."""
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


def trend(facts: QuerySet[CycleFact], period: Period, today: date) -> list[tuple[Period, Month, Month]]:
    """Each month, what it counts, and what the same month a year before counted. Two queries.

    It ends with the period, or with the month that runs.
    """
    end = min(period.last, today)
    last = periods.month(end.year, end.month)
    whole = Period(last.first.replace(year=last.first.year - 1), last.last)
    shown = whole.by_month()[1:]
    all_of_it = Period(shown[0].a_year_before().first, last.last)
    opened = {
        (row["opened_on__year"], row["opened_on__month"]): row["opened"]
        for row in facts.filter(is_last=True, opened_on__range=(all_of_it.first, all_of_it.last))
        .values("opened_on__year", "opened_on__month")
        .order_by()
        .annotate(opened=Count("pk"))
    }
    solved = {
        (row["ended_on__year"], row["ended_on__month"]): (row["solved"], row["in_time"])
        for row in facts.filter(ended_on__range=(all_of_it.first, all_of_it.last), closure__in=SOLVED)
        .values("ended_on__year", "ended_on__month")
        .order_by()
        .annotate(
            solved=Count("pk"),
            in_time=Count("pk", filter=Q(response_breached=False, resolution_breached=False)),
        )
    }

    def of(year: int, month: int) -> Month:
        return Month(opened.get((year, month), 0), *solved.get((year, month), (0, 0)))

    return [(one, of(one.first.year, one.first.month), of(one.first.year - 1, one.first.month)) for one in shown]


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


def taken(facts: QuerySet[CycleFact], period: Period) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """First responses and solutions by how long they took, in words. One query."""
    conditions: dict[str, Any] = {}
    for column, hours, also in (("response", RESPONSES, Q()), ("resolution", SOLUTIONS, Q(closure__in=SOLVED))):
        for place, (above, up_to) in enumerate(zip((None, *hours), (*hours, None), strict=True)):
            within = Q(**{f"{column}_seconds__isnull": False})
            if above is not None:
                within &= Q(**{f"{column}_seconds__gt": above * HOUR})
            if up_to is not None:
                within &= Q(**{f"{column}_seconds__lte": up_to * HOUR})
            conditions[f"{column}{place}"] = Count("pk", filter=within & also)
    told = facts.filter(ended_on__range=(period.first, period.last)).aggregate(**conditions)
    return (
        [(label, told[f"response{place}"]) for place, label in enumerate(_labels(RESPONSES))],
        [(label, told[f"resolution{place}"]) for place, label in enumerate(_labels(SOLUTIONS))],
    )


def _labels(hours: tuple[int, ...]) -> list[str]:
    between = [f"Mais de {above} h até {up_to} h" for above, up_to in pairwise(hours)]
    return [f"Até {hours[0]} h", *between, f"Mais de {hours[-1]} h"]
