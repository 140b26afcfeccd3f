"""What each figure of the panel counts, in plain Python over reckoned cycles: written from the definitions, not the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.reports.reckoning import HERE, Reckoned, worked

SOLVED, OUT = {"resolved", "solved_by_requester"}, {"duplicate", "cancelled", "out_of_scope"}
AGES = [(-1, 1), (1, 5), (5, 15), (15, 30), (30, 10**6)]
TIMES = {
    "resposta-": [(-1, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, 10**6)],
    "solucao-": [(-1, 4), (4, 8), (8, 16), (16, 40), (40, 80), (80, 10**6)],
}
CLOSED_AS = {
    "sem-resposta": "no_interaction",
    "iguais": "duplicate",
    "fora-do-escopo": "out_of_scope",
    "cancelados": "cancelled",
}


@dataclass(frozen=True)
class Days:
    first: date
    last: date

    def __contains__(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def counted(slug: str, one: Reckoned, days: Days, today: date) -> bool:
    """Whether the figure of that name counts the cycle."""
    received = one.last and one.opened_on in days
    ended, solved = one.ended_on in days, one.closure in SOLVED
    lay = one.started_on <= days.last and (one.ended_on is None or one.ended_on > days.last)
    if slug in CLOSED_AS:
        return ended and one.closure == CLOSED_AS[slug]
    if slug.startswith("em-aberto-idade-"):
        low, high = AGES[int(slug[-1]) - 1]
        return lay and low < max((min(days.last, today) - one.started_on).days, 0) <= high
    for name, seconds, counts in (("resposta-", one.response, ended), ("solucao-", one.solution, ended and solved)):
        if slug.startswith(name):
            low, high = TIMES[name][int(slug[-1]) - 1]
            return counts and seconds is not None and low * 3600 < seconds <= high * 3600
    return {
        "abertos": received,
        "resolvidos": ended and solved,
        "em-aberto": lay,
        "fora-do-prazo": ended and solved and one.late,
        "no-prazo": ended and solved and not one.late,
        "no-n3": ended and one.level == "N3",
        "resolvidos-no-n3": ended and solved and one.level == "N3",
        "reabertos": ended and not one.last,
        "encerrados": ended,
        "respondidos": ended and one.response is not None,
        "recebidos-no-prazo": received and solved and one.good,
        "recebidos-fora-do-prazo": received and solved and not one.good,
        "recebidos-em-aberto": received and one.closure == "",
        "recebidos-sem-resposta": received and one.closure == "no_interaction",
        "recebidos-fora-da-conta": received and one.closure in OUT,
    }[slug]


def narrowings(tickets: dict[int, dict[str, Any]]) -> dict[str, Callable[[Reckoned], str]]:
    """A filter's name in the address → a cycle's value for it. ``tickets``: the rows, for what is of the ticket itself."""
    return {
        "esfera": lambda one: tickets[one.ticket]["offering__sphere__slug"],
        "produto": lambda one: tickets[one.ticket]["product__slug"],
        "tipo": lambda one: tickets[one.ticket]["offering__support_type__slug"],
        "orgao": lambda one: tickets[one.ticket]["agency__slug"] or "",
        "uf": lambda one: tickets[one.ticket]["agency__state"] or "",
        "canal": lambda one: tickets[one.ticket]["origin"] or tickets[one.ticket]["opened_via"],
        "nivel": lambda one: one.level,
        "fila": lambda one: one.queue,
        "atendente": lambda one: str(one.assignee or ""),
        "prioridade": lambda one: str(one.priority),
        "causa": lambda one: str(one.cause or ""),
        "dia": lambda one: str(one.opened_on.isoweekday()),
        "hora": lambda one: str(one.opened_at.astimezone(HERE).hour),
    }


def causes(mine: list[Reckoned], spans: list[Days]) -> dict[int, tuple[int, ...]]:
    """Cause → how often in each of the spans; those that were in none are left out."""
    told = {
        cause: tuple(sum(one.cause == cause and one.ended_on in span for one in mine) for span in spans)
        for cause in {one.cause for one in mine if one.cause}
    }
    return {cause: counts for cause, counts in told.items() if any(counts)}


def work_days(at: datetime, holidays: set[date], count: int) -> list[date]:
    """The next days with work left, that of ``at`` too."""
    found: list[date] = []
    while len(found) < count:
        midnight = datetime.combine(at.astimezone(HERE).date() + timedelta(days=1), time(0), HERE)
        if worked(at, midnight, holidays):
            found.append(at.astimezone(HERE).date())
        at = midnight
    return found


def forecast(mine: list[Reckoned], at: datetime, days: list[date]) -> dict[str, list[int]]:
    """Queue → how many run out on each of the days; deadlines fall on days of work."""
    found: dict[str, list[int]] = {}
    for one in mine:
        if one.breaks_at is not None and one.breaks_at >= at and (day := one.breaks_at.astimezone(HERE).date()) in days:
            found.setdefault(one.queue, [0] * len(days))[days.index(day)] += 1
    return found


def reasons(answers: list[dict[str, Any]]) -> Counter[str]:
    return Counter(reason for answer in answers for reason in answer["reasons"])
