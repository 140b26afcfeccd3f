"""Who of the team read which ticket: the record that personal data asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connection

import worktime

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket

NOTE: Final = """
    INSERT INTO tickets_ticketreading (ticket_id, user_id, hour) VALUES (%(ticket)s, %(reader)s, %(hour)s)
    ON CONFLICT DO NOTHING
"""
"""One statement, so that who reads more in the same one may carry it along."""


def note_reading(ticket: Ticket, user: User) -> None:
    """Keep that this person opened the ticket now; once an hour is enough."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, facts(ticket, user))


def facts(ticket: Ticket, user: User) -> dict[str, Any]:
    """What ``NOTE`` keeps."""
    return {"ticket": ticket.pk, "reader": user.pk, "hour": worktime.now().replace(minute=0, second=0, microsecond=0)}
