"""The figures of one period as one value: reckoned now, or read back from what was frozen (``reports.months``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar

from catalog.models import Priority
from reports import counted, figures
from reports.figures import Backlog, Cohort, Ended

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reports.models import CycleFact
    from reports.periods import Period

Value = TypeVar("Value", Cohort, Ended)
Told = dict[str, Any]

COHORT: Final = {
    "received": "Recebidos",
    "in_time": "No prazo",
    "late": "Fora do prazo",
    "open": "Ainda abertos",
    "silent": "Sem resposta do solicitante",
    "out": "Fora da conta",
}
ENDED: Final = {
    "count": "Encerramentos",
    "solved": "Encerramentos resolvidos",
    "in_time": "Encerramentos resolvidos no prazo",
    "silent": "Encerramentos sem resposta do solicitante",
    "duplicates": "Encerramentos de chamados iguais",
    "refused": "Encerramentos fora do escopo",
    "cancelled": "Encerramentos cancelados",
    "reopened": "Encerramentos seguidos de reabertura",
    "escalated": "Encerramentos que chegaram ao N3",
    "response_median": "Primeira resposta, mediana (segundos)",
    "response_p90": "Primeira resposta, 90% (segundos)",
    "resolution_median": "Solução, mediana (segundos)",
    "resolution_p90": "Solução, 90% (segundos)",
    "n2_median": "Tempo no N2, mediana (segundos)",
    "n3_median": "Tempo no N3, mediana (segundos)",
}


@dataclass(frozen=True, slots=True)
class Overview:
    counts: dict[str, int]
    """By the slugs of ``counted``."""
    cohorts: dict[int, Cohort]
    ended: Ended
    backlog: Backlog


def reckoned(facts: QuerySet[CycleFact], period: Period, today: date) -> Overview:
    """From the facts as they are; the backlog is that of the period's last day, or of today. Three queries."""
    cohorts, ended = figures.cohorts(facts, period, today), figures.ended(facts, period)
    return put_together(cohorts, ended, figures.backlog(facts, period.last, today))


def reckoned_by(facts: QuerySet[CycleFact], period: Period, today: date, by: str) -> dict[int, Overview]:
    """``reckoned`` of each value of a column of which the period has anything. Three queries, however many values."""
    named = facts.exclude(**{by: None})
    cohorts, ends = figures.cohorts_by(named, period, today, by), figures.ended_by(named, period, by)
    lays = figures.backlog_by(named, period.last, today, by)
    nothing, none_open = figures.ended(facts.none(), period), figures.backlog(facts.none(), period.last, today)
    return {
        key: put_together(cohorts.get(key, {}), ends.get(key, nothing), lays.get(key, none_open))
        for key in sorted({*cohorts, *ends, *lays})
    }


def put_together(cohorts: dict[int, Cohort], ended: Ended, lay: Backlog) -> Overview:
    """With the counts that follow from the rest."""
    return Overview(counted.counts(cohorts.values(), ended, lay), cohorts, ended, lay)


def written(overview: Overview) -> Told:
    """As JSON keeps it."""
    oldest = overview.backlog.oldest
    return {
        "counts": overview.counts,
        "cohorts": {str(priority): asdict(cohort) for priority, cohort in overview.cohorts.items()},
        "ended": asdict(overview.ended),
        "backlog": {
            "count": overview.backlog.count,
            "ages": list(overview.backlog.ages),
            "oldest": oldest.isoformat() if oldest else None,
        },
    }


def read(told: Told) -> Overview:
    """What ``written`` made, by whatever release: what it did not know yet is ``None``, what is no more is left out."""
    lay = told["backlog"]
    oldest = date.fromisoformat(lay["oldest"]) if lay["oldest"] else None
    return Overview(
        told["counts"],
        {int(priority): _filled(Cohort, cohort) for priority, cohort in told["cohorts"].items()},
        _filled(Ended, told["ended"]),
        Backlog(lay["count"], tuple(lay["ages"]), oldest),
    )


def _filled(kind: Callable[..., Value], told: Mapping[str, Any]) -> Value:
    return kind(**{field.name: told.get(field.name) for field in fields(kind)})  # type: ignore[arg-type]  # a dataclass


def lines(overview: Overview) -> dict[str, int | None]:
    """Every figure by its name, in the order of the panel. Times are in seconds."""
    found: dict[str, int | None] = {
        figure.label: overview.counts.get(figure.slug) for figure in counted.COUNTED if figure.slug in overview.counts
    }
    for priority, cohort in sorted(overview.cohorts.items()):
        for name, label in COHORT.items():
            found[f"{label}, prioridade {Priority(priority).label.lower()}"] = getattr(cohort, name)
    for field in fields(overview.ended):
        found[ENDED.get(field.name, field.name)] = getattr(overview.ended, field.name)
    return found
