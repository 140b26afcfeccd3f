"""Many tickets like one, faster than the verbs make them."""

from __future__ import annotations

from django.db import connection

from tickets.models import Ticket, TicketEvent

LATER = ("wait_expires_at", "remind_at", "warn_at", "reopen_until")
"""Moments in which the copies differ by a second each."""


def copies(ticket: Ticket, number: int, *, events: bool = False) -> None:
    """Add that many tickets with the columns of this one, committed or not as the caller is; with its events where asked."""
    columns = [f.column for f in Ticket._meta.concrete_fields if f.attname not in ("id", "number", "words")]
    values = [f"{name} + n * interval '1 second'" if name in LATER else name for name in columns]
    happened = [f.column for f in TicketEvent._meta.concrete_fields if f.attname not in ("id", "ticket_id", "request_id")]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO tickets_ticket ({', '.join(columns)}) SELECT {', '.join(values)}"  # noqa: S608  # our own column names
            " FROM tickets_ticket, generate_series(1, %s) AS n WHERE id = %s",
            [number, ticket.pk],
        )
        if events:
            names = ", ".join(happened)
            cursor.execute(
                f"INSERT INTO tickets_ticketevent (ticket_id, request_id, {names})"  # noqa: S608  # our own column names
                f" SELECT copy.id, gen_random_uuid(), {', '.join(f'event.{name}' for name in happened)}"
                " FROM tickets_ticket copy CROSS JOIN tickets_ticketevent event"
                " WHERE event.ticket_id = %s AND copy.opened_at = %s AND copy.id > %s ORDER BY copy.id, event.id",
                [ticket.pk, ticket.opened_at, ticket.pk],
            )
