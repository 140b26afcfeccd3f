"""Who of the team read which ticket: the record that personal data asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import worktime
from tickets.models import Ticket, TicketReading

if TYPE_CHECKING:
    from accounts.models import User


def note_reading(ticket: Ticket, user: User) -> None:
    """Keep that this person opened the ticket now; once an hour is enough."""
    hour = worktime.now().replace(minute=0, second=0, microsecond=0)
    TicketReading.objects.bulk_create([TicketReading(ticket=ticket, user=user, hour=hour)], ignore_conflicts=True)
