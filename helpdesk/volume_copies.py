"""More tickets of a load than are told one by one: copies of the first ones, made by the database alone.

A copy happened when its source did, to the same people, in the same words; its ids, its number and the keys of its notices
are its own. Telling a ticket costs Python more than writing it costs the database, so that is left out for all but ``TOLD``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

from helpdesk import volume_copy
from helpdesk.volume_people import DOMAIN
from notifications.models import Notice
from tickets.models import Answer, Message, Participant, SlaCycle, Ticket, TicketEvent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

TOLD: Final = 20_000
"""Tickets of a load that are told; those beyond are copies."""
CHUNK: Final = 2_500
"""Copies of one transaction: what a broken-off run may lose."""

OWN: Final = {
    "tickets_ticket.id": "t.id + %(tickets)s",
    "tickets_ticket.number": "t.number + %(numbers)s",
    "tickets_ticketevent.id": "t.id + %(events)s",
    "tickets_ticketevent.request_id": "gen_random_uuid()",
    "notifications_notice.id": "gen_random_uuid()",
    "notifications_notice.data": """jsonb_build_object('ticket', (t.data->>'ticket')::bigint + %(tickets)s,
        'number', (t.data->>'number')::bigint + %(numbers)s, 'event', (t.data->>'event')::bigint + %(events)s)""",
    "notifications_notice.dedupe_key": """'ticket-event:' || (t.data->>'event')::bigint + %(events)s
        || ':' || t.kind || ':' || t.recipient_id""",
}
"""Columns in which a copy differs from its source, beside those that point to its ticket and its event."""
POINTS: Final = {"ticket_id": "t.ticket_id + %(tickets)s", "event_id": "t.event_id + %(events)s"}
BY_TICKET: Final = "t.ticket_id = ANY(%(sources)s)"
OF_THESE: Final[dict[type[Model], str]] = {
    Ticket: "t.id = ANY(%(sources)s)",
    TicketEvent: BY_TICKET,
    Message: BY_TICKET,
    Answer: BY_TICKET,
    Participant: BY_TICKET,
    SlaCycle: BY_TICKET,
    Notice: """t.dedupe_key IN (
        SELECT 'ticket-event:' || event.id || ':' || kind || ':' || person
        FROM tickets_ticketevent event
        JOIN tickets_ticket ticket ON ticket.id = event.ticket_id,
            unnest(%(kinds)s) kind, unnest(ARRAY[ticket.requester_id, event.assignee_id]) person
        WHERE event.ticket_id = ANY(%(sources)s)
    )""",
}


def multiply(there: int, wanted: int, *, told: int, say: Callable[[int], None]) -> None:
    """Copy the first ``told`` tickets of the load, in turn, until it has ``wanted``. ``say`` hears after each chunk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticket.id FROM tickets_ticket ticket JOIN accounts_user person ON person.id = ticket.requester_id"
            " WHERE person.email LIKE %s ORDER BY ticket.id LIMIT %s",
            [f"%@{DOMAIN}", told],
        )
        first_ones = [pk for (pk,) in cursor.fetchall()]
    if there < wanted:
        volume_copy.analyze()  # or the chunks are planned as if the tables were empty
    while there < wanted:
        place = there % told
        sources = first_ones[place : place + min(CHUNK, wanted - there)]
        with transaction.atomic():
            _copy(sources)
        there += len(sources)
        say(there)


def _copy(sources: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id), max(number) FROM tickets_ticket")
        last, number = cursor.fetchone()
        cursor.execute("SELECT max(id) FROM tickets_ticketevent")
        (event,) = cursor.fetchone()
        cursor.execute("SELECT min(number) FROM tickets_ticket WHERE id = ANY(%s)", [sources])
        (least,) = cursor.fetchone()
        cursor.execute("SELECT min(id) FROM tickets_ticketevent WHERE ticket_id = ANY(%s)", [sources])
        (begun,) = cursor.fetchone()
        apart = {"tickets": last + 1 - sources[0], "numbers": number + 1 - least, "events": event + 1 - begun}
        kinds = list(Notice.objects.order_by().values_list("kind", flat=True).distinct())
        for model, condition in OF_THESE.items():
            cursor.execute(_insertion(model, condition), {"sources": sources, "kinds": kinds, **apart})
        cursor.execute(
            "SELECT setval('tickets_number', (SELECT max(number) FROM tickets_ticket)),"
            " setval(pg_get_serial_sequence('tickets_ticket', 'id'), (SELECT max(id) FROM tickets_ticket)),"
            " setval(pg_get_serial_sequence('tickets_ticketevent', 'id'), (SELECT max(id) FROM tickets_ticketevent))"
        )


def _insertion(model: type[Model], condition: str) -> str:
    table = model._meta.db_table
    values = {
        str(field.column): OWN.get(f"{table}.{field.column}") or POINTS.get(str(field.column), f't."{field.column}"')
        for field in model._meta.concrete_fields
        if not field.generated and (not field.primary_key or f"{table}.{field.column}" in OWN)
    }
    columns = ", ".join(f'"{column}"' for column in values)
    return f'INSERT INTO "{table}" ({columns}) SELECT {", ".join(values.values())} FROM "{table}" t WHERE {condition}'  # noqa: S608  # our own names
