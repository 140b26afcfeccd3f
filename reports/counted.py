"""Figures that count rows. The number on the panel and the list behind it come from one condition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q

from reports.figures import SOLVED
from tickets.states import Closure

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reports.models import CycleFact
    from reports.periods import Period


@dataclass(frozen=True, slots=True)
class Counted:
    """``slug`` stands in addresses; ``meaning`` is the definition that the panel shows."""

    slug: str
    label: str
    meaning: str
    holds: Callable[[Period], Q]


def _opened(period: Period) -> Q:
    return Q(is_last=True, opened_on__range=(period.first, period.last))


def _ended(period: Period) -> Q:
    return Q(ended_on__range=(period.first, period.last))


def _open_at_end(period: Period) -> Q:
    return Q(started_on__lte=period.last) & (Q(ended_on=None) | Q(ended_on__gt=period.last))


COUNTED: Final = (
    Counted("abertos", "Abertos", "Chamados abertos no período. Cada chamado conta uma vez.", _opened),
    Counted(
        "resolvidos",
        "Resolvidos",
        "Encerramentos no período em que o problema foi resolvido. Um chamado reaberto e resolvido conta de novo.",
        lambda period: _ended(period) & Q(closure__in=SOLVED),
    ),
    Counted(
        "em-aberto",
        "Em aberto no fim",
        "Chamados que estavam abertos no fim do último dia do período.",
        _open_at_end,
    ),
    Counted(
        "fora-do-prazo",
        "Resolvidos fora do prazo",
        "Resolvidos no período com a primeira resposta ou a solução depois da meta.",
        lambda period: _ended(period) & Q(closure__in=SOLVED) & (Q(response_breached=True) | Q(resolution_breached=True)),
    ),
    Counted(
        "no-n3",
        "Encerrados que chegaram ao N3",
        "Encerramentos no período de chamados que passaram pela equipe N3.",
        lambda period: _ended(period) & Q(level="N3"),
    ),
    Counted(
        "reabertos",
        "Encerrados e reabertos",
        "Encerramentos no período depois dos quais o chamado foi reaberto, até hoje.",
        lambda period: _ended(period) & Q(is_last=False),
    ),
    Counted(
        "sem-resposta",
        "Encerrados por falta de resposta",
        "Encerramentos no período porque o solicitante não respondeu à pergunta da equipe.",
        lambda period: _ended(period) & Q(closure=Closure.NO_INTERACTION),
    ),
    Counted(
        "iguais",
        "Encerrados por ser iguais a outro",
        "Encerramentos no período de chamados que repetiam outro.",
        lambda period: _ended(period) & Q(closure=Closure.DUPLICATE),
    ),
    Counted(
        "fora-do-escopo",
        "Fora do escopo",
        "Encerramentos no período de pedidos que a Central não atende.",
        lambda period: _ended(period) & Q(closure=Closure.OUT_OF_SCOPE),
    ),
)
BY_SLUG: Final = {figure.slug: figure for figure in COUNTED}


def counts(facts: QuerySet[CycleFact], period: Period) -> dict[str, int]:
    """The number of each figure, by its slug. One query."""
    told = facts.aggregate(**{f"n{place}": Count("pk", filter=figure.holds(period)) for place, figure in enumerate(COUNTED)})
    return {figure.slug: told[f"n{place}"] for place, figure in enumerate(COUNTED)}


def behind(facts: QuerySet[CycleFact], period: Period, figure: Counted) -> QuerySet[CycleFact]:
    """The rows that a figure counts, the newest ticket first."""
    return facts.filter(figure.holds(period)).order_by("-ticket", "-ordinal")
