"""Figures that count rows. The number on the panel and the list behind it come from one condition."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Q

import worktime
from catalog import hours
from reports import figures, forecast
from reports.figures import AGES, begun_within, ended_in, open_at_end_of, opened_in

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from reports.figures import Backlog, Cohort, Ended
    from reports.models import CycleFact
    from reports.periods import Period


HOUR: Final = 3600
HOURS: Final = {"response": (1, 2, 4, 8, 16), "resolution": (4, 8, 16, 40, 80)}
"""Of two of ``figures.TIMES`` the upper ends of the classes in working hours, each included; the last class took longer."""


@dataclass(frozen=True, slots=True)
class Counted:
    """``slug`` stands in addresses; ``meaning`` is the definition that the panel shows."""

    slug: str
    label: str
    meaning: str
    holds: Callable[[Period], Q]
    is_ahead: bool = False
    """Whether it looks from now on, whatever the period."""


def ages() -> list[str]:
    """The classes of the backlog's age in words, as they follow each other."""
    lows = [edge + 1 for edge in AGES]
    between = [f"{low} a {high} dias" for low, high in zip(lows, AGES[1:], strict=False)]
    return [f"até {AGES[0]} dia", *between, f"mais de {AGES[-1]} dias"]


def hours_said(name: str) -> list[str]:
    """The classes of ``HOURS`` in words."""
    ends = HOURS[name]
    between = [f"mais de {above} h até {up_to} h" for above, up_to in itertools.pairwise(ends)]
    return [f"até {ends[0]} h", *between, f"mais de {ends[-1]} h"]


def _became(name: str) -> Callable[[Period], Q]:
    return lambda period: opened_in(period) & figures.COHORT[name]


def _closed(name: str) -> Callable[[Period], Q]:
    return lambda period: ended_in(period) & figures.CLOSINGS[name]


def _aged(place: int) -> Callable[[Period], Q]:
    """Of a period that still runs the age is that of today."""
    return lambda period: open_at_end_of(period.last) & begun_within(min(period.last, _today()))[place]


def _taken(name: str, above: int | None, up_to: int | None) -> Callable[[Period], Q]:
    column, which = figures.TIMES[name]
    within = which & Q(**{f"{column}__isnull": False})
    if above is not None:
        within &= Q(**{f"{column}__gt": above * HOUR})
    if up_to is not None:
        within &= Q(**{f"{column}__lte": up_to * HOUR})
    return lambda period: ended_in(period) & within


def _due(place: int) -> Callable[[Period], Q]:
    return lambda _: forecast.due(forecast.windows(hours.current().calendar, worktime.now())[place])


def _today() -> date:
    return worktime.now().astimezone(worktime.BRASILIA).date()


COUNTED: Final = (
    Counted("abertos", "Abertos", "Chamados abertos no período. Cada chamado conta uma vez.", opened_in),
    Counted(
        "resolvidos",
        "Resolvidos",
        "Encerramentos no período em que o problema foi resolvido. Um chamado reaberto e resolvido conta de novo.",
        _closed("solved"),
    ),
    Counted(
        "em-aberto",
        "Em aberto no fim",
        "Chamados que estavam abertos no fim do último dia do período.",
        lambda period: open_at_end_of(period.last),
    ),
    Counted(
        "fora-do-prazo",
        "Resolvidos fora do prazo",
        "Resolvidos no período com a primeira resposta ou a solução depois da meta.",
        lambda period: ended_in(period) & figures.AS_SOLVED & (Q(response_breached=True) | Q(resolution_breached=True)),
    ),
    Counted(
        "no-n3",
        "Encerrados que chegaram ao N3",
        "Encerramentos no período de chamados que passaram pela equipe N3.",
        _closed("escalated"),
    ),
    Counted(
        "reabertos",
        "Encerrados e reabertos",
        "Encerramentos no período depois dos quais o chamado foi reaberto, até hoje.",
        _closed("reopened"),
    ),
    Counted(
        "sem-resposta",
        "Encerrados por falta de resposta",
        "Encerramentos no período porque o solicitante não respondeu à pergunta da equipe.",
        _closed("silent"),
    ),
    Counted(
        "iguais",
        "Encerrados por ser iguais a outro",
        "Encerramentos no período de chamados que repetiam outro.",
        _closed("duplicates"),
    ),
    Counted(
        "fora-do-escopo",
        "Fora do escopo",
        "Encerramentos no período de pedidos que a Central não atende.",
        _closed("refused"),
    ),
    Counted(
        "cancelados",
        "Cancelados",
        "Encerramentos no período em que o solicitante desistiu do pedido.",
        _closed("cancelled"),
    ),
)
"""Those that are lines of the panel, in its order."""
COHORT: Final = (
    Counted(
        "recebidos-no-prazo",
        "Abertos no período e resolvidos no prazo",
        "Chamados abertos no período e já resolvidos, em que a equipe cumpriu as duas metas, também depois de cada reabertura.",
        _became("in_time"),
    ),
    Counted(
        "recebidos-fora-do-prazo",
        "Abertos no período e resolvidos fora do prazo",
        "Chamados abertos no período e já resolvidos, com a primeira resposta ou a solução depois da meta.",
        _became("late"),
    ),
    Counted(
        "recebidos-em-aberto",
        "Abertos no período e ainda abertos",
        "Chamados abertos no período que ninguém encerrou até hoje.",
        _became("open"),
    ),
    Counted(
        "recebidos-sem-resposta",
        "Abertos no período e encerrados por falta de resposta",
        "Chamados abertos no período e encerrados porque o solicitante não respondeu. Contam à parte.",
        _became("silent"),
    ),
    Counted(
        "recebidos-fora-da-conta",
        "Abertos no período e fora da conta",
        "Chamados abertos no período que eram iguais a outro, fora do escopo ou foram cancelados.",
        _became("out"),
    ),
)
"""What became of the tickets opened in the period."""
ENDED: Final = (
    Counted("encerrados", "Encerrados", "Encerramentos no período, de qualquer forma.", ended_in),
    Counted(
        "respondidos",
        "Encerrados com primeira resposta",
        "Encerramentos no período em que a equipe respondeu ao solicitante antes.",
        lambda period: ended_in(period) & Q(response_seconds__isnull=False),
    ),
    Counted(
        "no-prazo",
        "Resolvidos no prazo",
        "Resolvidos no período com a primeira resposta e a solução dentro da meta.",
        _closed("in_time"),
    ),
    Counted(
        "resolvidos-no-n3",
        "Resolvidos que chegaram ao N3",
        "Resolvidos no período que passaram pela equipe N3.",
        lambda period: ended_in(period) & figures.AS_SOLVED & Q(level="N3"),
    ),
)
"""What shares and times are reckoned from."""
AGED: Final = tuple(
    Counted(
        f"em-aberto-idade-{place + 1}",
        f"Em aberto há {words}",
        "Chamados abertos no fim do último dia do período, pelos dias desde que foram abertos ou reabertos.",
        _aged(place),
    )
    for place, words in enumerate(ages())
)
DUE: Final = tuple(
    Counted(f"vencem-{place + 1}", f"Vencem no {place + 1}º dia útil", forecast.MEANING, _due(place), is_ahead=True)
    for place in range(forecast.DAYS)
)
"""The first day of work is today where work is left of it."""
TAKEN: Final = {
    name: tuple(
        Counted(f"{slug}-{place + 1}", f"{label}: {words}", meaning, _taken(name, above, up_to))
        for place, (words, above, up_to) in enumerate(
            zip(hours_said(name), (None, *HOURS[name]), (*HOURS[name], None), strict=True)
        )
    )
    for name, slug, label, meaning in (
        (
            "response",
            "resposta",
            "Tempo até a primeira resposta",
            "Encerramentos do período, pelo tempo de trabalho até a primeira resposta.",
        ),
        ("resolution", "solucao", "Tempo até a solução", "Resolvidos do período, pelo tempo de trabalho até a solução."),
    )
}
"""By how long they took, the shortest first."""
BY_SLUG: Final = {figure.slug: figure for figure in (*COUNTED, *COHORT, *ENDED, *AGED, *DUE, *itertools.chain(*TAKEN.values()))}


def counts(cohorts: Iterable[Cohort], ended: Ended, lay: Backlog) -> dict[str, int]:
    """The number of each line by its slug, from figures that are reckoned already. Tests hold it against the lists."""
    return {
        "abertos": sum(cohort.received for cohort in cohorts),
        "resolvidos": ended.solved,
        "em-aberto": lay.count,
        "fora-do-prazo": ended.solved - ended.in_time,
        "no-n3": ended.escalated,
        "reabertos": ended.reopened,
        "sem-resposta": ended.silent,
        "iguais": ended.duplicates,
        "fora-do-escopo": ended.refused,
        "cancelados": ended.cancelled,
    }


def behind(facts: QuerySet[CycleFact], period: Period, figure: Counted) -> QuerySet[CycleFact]:
    """The rows that a figure counts, the newest ticket first."""
    return facts.filter(figure.holds(period)).order_by("-ticket", "-ordinal")
