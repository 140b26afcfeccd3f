"""What the panel shows of a period, beside the period before and the same a year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from catalog.models import Priority
from reports import counted, figures, overview
from reports.forms import WEEK
from tickets.wording import brief

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from reports.counted import Counted
    from reports.figures import Cohort, Ended, Openings
    from reports.models import CycleFact
    from reports.overview import Overview
    from reports.periods import Period

Figure = TypeVar("Figure", int, float)

NOTHING: Final = "–"
IN_TIME: Final = (
    "Dos chamados abertos no período e já resolvidos, os que cumpriram a meta da primeira resposta e a da solução."
    " Ficam fora os iguais a outro, os cancelados e os fora do escopo. Os encerrados por falta de resposta contam à parte."
)
CLOSED_IN_TIME: Final = "Dos resolvidos no período, os que cumpriram as duas metas."

PARTS: Final = (
    ("Chegaram ao N3, dos encerrados", "que passaram pela equipe N3", "escalated", "no-n3"),
    ("Reabertos, dos encerrados", "reabertos depois, até hoje", "reopened", "reabertos"),
    ("Sem resposta, dos encerrados", "por falta de resposta do solicitante", "silent", "sem-resposta"),
    ("Iguais a outro, dos encerrados", "de chamados que repetiam outro", "duplicates", "iguais"),
    ("Fora do escopo, dos encerrados", "de pedidos que a Central não atende", "refused", "fora-do-escopo"),
)
"""Label, which of a hundred closings, the field of ``Ended``, and the list behind it."""
TIMES: Final = (
    ("Primeira resposta, mediana", "Metade teve a primeira resposta em até este tempo.", "response_median", "respondidos"),
    (
        "Primeira resposta, 90%",
        "Nove de cada dez tiveram a primeira resposta em até este tempo.",
        "response_p90",
        "respondidos",
    ),
    ("Solução, mediana", "Metade dos resolvidos levou até este tempo de trabalho.", "resolution_median", "resolvidos"),
    ("Solução, 90%", "Nove de cada dez resolvidos levaram até este tempo.", "resolution_p90", "resolvidos"),
    ("Tempo no N2, mediana", "Tempo de trabalho na equipe N2, dos resolvidos no período.", "n2_median", "resolvidos"),
    ("Tempo no N3, mediana", "Tempo de trabalho na equipe N3, dos que passaram por ela.", "n3_median", "resolvidos-no-n3"),
)
"""Working time: the middle one, and what nine of ten do not exceed."""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure as it stands on the panel: in this period, the one before and a year before."""

    label: str
    meaning: str
    now: str
    before: str
    year_before: str
    slug: str = ""
    """Of the list behind it; empty where there is none."""
    since_before: str = ""
    """In a word, which way it went since the period before; empty where one of the two is missing."""
    since_year_before: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    lines: list[Line]
    by_priority: list[tuple[Priority, Cohort]]
    provisional: bool
    ages: list[tuple[Counted, int]]
    oldest: date | None
    hours: list[int]
    """Those of the columns of ``load``: from the first to the last with a ticket."""
    load: list[tuple[str, list[tuple[int, int, int]]]]
    """Each day's name, and for each of the hours: day (1 Monday), hour, tickets."""
    fullest: int
    """The most tickets in one of these hours."""
    months: list[tuple[Period, int]]


def spans(period: Period) -> tuple[Period, Period, Period]:
    """The period, the one before and the same a year before."""
    return period, period.before(), period.a_year_before()


def panel(
    facts: QuerySet[CycleFact],
    period: Period,
    today: date,
    frozen: Mapping[Period, Overview] | None = None,
    openings: Openings | None = None,
) -> Panel:
    """Everything on one page; of the spans that are ``frozen``, what was frozen, and ``openings`` where they are known.

    At most ten queries, however many rows: a span that is asked for twice is reckoned once.
    """
    known = dict(frozen or {})
    for span in spans(period):
        if span not in known:
            known[span] = overview.reckoned(facts, span, today)
    told = [known[span] for span in spans(period)]
    counts, ends, cohorts = ([getattr(one, name) for one in told] for name in ("counts", "ended", "cohorts"))
    lay = told[0].backlog
    openings = openings or figures.openings(facts, period)
    load, opened = openings.load, openings.months
    hours = list(range(min(hour for _, hour in load), max(hour for _, hour in load) + 1)) if load else []
    return Panel(
        lines=[*_counted(counts), *_shares(cohorts, ends), *_times(ends)],
        by_priority=[(Priority(priority), cohort) for priority, cohort in sorted(cohorts[0].items())],
        provisional=any(cohort.provisional for cohort in cohorts[0].values()),
        ages=list(zip(counted.AGED, lay.ages, strict=True)),
        oldest=lay.oldest,
        hours=hours,
        load=[
            (name, [(day, hour, load.get((day, hour), 0)) for hour in hours]) for day, name in enumerate(WEEK, start=1) if load
        ],
        fullest=max(load.values(), default=0),
        months=[
            (month, opened.get((month.first.year, month.first.month), 0)) for month in period.by_month() if month.first <= today
        ],
    )


def _counted(counts: list[dict[str, int]]) -> list[Line]:
    # What was frozen before a figure was thought of does not tell it.
    return [
        line(figure.label, figure.meaning, [told.get(figure.slug) for told in counts], number, figure.slug)
        for figure in counted.COUNTED
    ]


def _shares(cohorts: list[dict[int, Cohort]], ends: list[Ended]) -> list[Line]:
    return [
        line("No prazo, dos abertos no período", IN_TIME, list(map(figures.together, cohorts)), percent, "recebidos-no-prazo"),
        line("No prazo, dos resolvidos no período", CLOSED_IN_TIME, [one.share for one in ends], percent, "no-prazo"),
        *(
            line(label, f"De cada cem encerramentos no período, os {which}.", [one.part(name) for one in ends], percent, slug)
            for label, which, name, slug in PARTS
        ),
    ]


def _times(ends: list[Ended]) -> list[Line]:
    return [line(label, meaning, [getattr(one, name) for one in ends], duration, slug) for label, meaning, name, slug in TIMES]


def line(label: str, meaning: str, told: Sequence[Figure | None], say: Callable[[Figure | None], str], slug: str = "") -> Line:
    """``told``: of the period, the one before and the same a year before; ``say`` puts one of them in words."""
    now, before, year_before = told
    return Line(label, meaning, say(now), say(before), say(year_before), slug, since(before, now), since(year_before, now))


def since(then: float | None, now: float | None) -> str:
    """Which way a figure went, in words: neither a colour nor an arrow says it alone."""
    if then is None or now is None:
        return ""
    if then == now:
        return "Sem mudança"
    return "Subiu desde então" if now > then else "Caiu desde então"


def number(count: int | None) -> str:
    """``1.204``; a dash where it is not known."""
    return NOTHING if count is None else f"{count:,}".replace(",", ".")


def percent(share: float | None) -> str:
    """``93,4%``; a dash where there is nothing to divide by."""
    return NOTHING if share is None else f"{share * 100:.1f}%".replace(".", ",")


def duration(seconds: int | None) -> str:
    return NOTHING if seconds is None else brief(timedelta(seconds=seconds))
