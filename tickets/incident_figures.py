"""What an incident comes to: how many tickets of how many bodies, how far they are, how long it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, F, Max, Min, Q

from tickets import incidents
from tickets.states import OPEN, Closure

if TYPE_CHECKING:
    from tickets.models import Incident


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the incident's tickets, those that its reader may not read included: they are counted, nothing else is told."""

    total: int
    open: int
    bodies: int
    """Those of the register; who represents none, or one outside it, counts for none."""
    unanswered: int
    """Open ones to which no person of the team has said anything in public."""
    breached: int
    """Open ones whose target is used up."""
    resolved: int
    reopened: int
    first_at: datetime | None
    """When the first of them was opened; the incident may have been declared later."""
    last_at: datetime | None
    took: timedelta | None
    """From opening to closing, on average, of those that are closed."""
    lasted: timedelta
    """From the first ticket, or the declaration if that came first, to the end, or until now."""


def figures(incident: Incident, at: datetime) -> Figures:
    """Of the tickets that are in it now, or were at its end. One query."""
    is_open, closed = Q(ticket__status__in=OPEN), Q(ticket__closed_at__isnull=False)
    found = incidents.members(incident).aggregate(
        total=Count("pk"),
        open=Count("pk", filter=is_open),
        bodies=Count("ticket__agency", distinct=True),
        unanswered=Count("pk", filter=is_open & Q(ticket__first_response_due_at__isnull=False)),
        breached=Count("pk", filter=is_open & Q(ticket__due_at__lte=at)),
        resolved=Count("pk", filter=Q(ticket__closure=Closure.RESOLVED)),
        reopened=Count("pk", filter=Q(ticket__reopenings__gt=0)),
        first_at=Min("ticket__opened_at"),
        last_at=Max("ticket__opened_at"),
        took=Avg(F("ticket__closed_at") - F("ticket__opened_at"), filter=closed),
    )
    began = min(incident.opened_at, found["first_at"] or incident.opened_at)
    return Figures(**found, lasted=(incident.ended_at or at) - began)
