"""Which deadlines run out in the next days if nothing is done, from those that the desk keeps of open tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.db.models import Count, DateTimeField, Q, Value
from django.db.models.functions import Least
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from tickets.states import OPEN
from worktime import BRASILIA

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from reports.models import CycleFact
    from worktime.calendar import BusinessCalendar

DAYS: Final = 5
"""Days of work; today is the first where work is left of it."""
DAY: Final = timedelta(days=1)
MEANING: Final = (
    "Chamados abertos que ainda cumprem as duas metas, pelo dia em que a primeira delas vence se nada for feito."
    " Ficam fora os que têm o prazo parado, como os que esperam o solicitante."
)


@dataclass(frozen=True, slots=True)
class Forecast:
    days: list[date]
    queues: list[tuple[str, str, list[int]]]
    """Slug and name of each queue with something due, and its tickets by the days."""

    @property
    def totals(self) -> list[int]:
        return [sum(counts[place] for _, _, counts in self.queues) for place in range(len(self.days))]


def days_ahead(calendar: BusinessCalendar, at: datetime) -> list[date]:
    """The next days of work in Brasília, in order."""
    found: list[date] = []
    while len(found) < DAYS:
        at = calendar.next_opening(at).astimezone(BRASILIA)
        found.append(at.date())
        at = _begin(at.date() + DAY)
    return found


def windows(calendar: BusinessCalendar, at: datetime) -> list[tuple[datetime, datetime]]:
    """From when to before when deadlines belong to each of the days. A day without work belongs to the one before it."""
    days = days_ahead(calendar, at)
    return list(pairwise([at, *map(_begin, days[1:]), _begin(days[-1] + DAY)]))


def due(window: tuple[datetime, datetime]) -> Q:
    """Of a cycle: it runs, is in time, and its first deadline, as the desk keeps it now, lies in the window."""
    begin, end = (Value(edge, DateTimeField()) for edge in window)
    breaks_at = Least("ticket__due_at", "ticket__first_response_due_at")  # PostgreSQL passes over what is empty
    return Q(
        GreaterThanOrEqual(breaks_at, begin),
        LessThan(breaks_at, end),
        ended_on=None,
        response_breached=False,
        resolution_breached=False,
        ticket__status__in=sorted(OPEN),
    )


def forecast(facts: QuerySet[CycleFact], calendar: BusinessCalendar, at: datetime) -> Forecast:
    """By queue and day, from ``at`` (aware) on. One query."""
    parts = windows(calendar, at)
    counts = {f"day{place}": Count("pk", filter=due(window)) for place, window in enumerate(parts)}
    told = (
        facts.filter(due((parts[0][0], parts[-1][1])))
        .values_list("queue__slug", "queue__name")
        .order_by("queue__name", "queue__slug")
        .annotate(**counts)
    )
    return Forecast(days_ahead(calendar, at), [(slug, name, list(by_day)) for slug, name, *by_day in told])


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BRASILIA)
