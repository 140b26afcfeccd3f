"""How far each of the team has read a ticket, and who is at it now (docs/adr/0034)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

import worktime
from tickets.states import Action

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket
    from tickets.querysets import TicketQuerySet

HERE: Final = timedelta(minutes=1)
"""For how long somebody is held to be at a ticket whose page says nothing more."""
WRITING: Final = timedelta(seconds=30)
"""For how long somebody is held to be writing whose page says nothing more."""
NOTHING_TO_READ: Final = (Action.TRIAGE, Action.REMIND, Action.FINALIZE, Action.REDACT)
"""Turns that bring nothing that one has to read."""

NOTE: Final = """
    INSERT INTO tickets_look (ticket_id, user_id, seen_event_id, here_until, writing_until)
    SELECT ticket_id, %(reader)s, id, %(here_until)s, %(writing_until)s::timestamptz FROM tickets_ticketevent
    WHERE ticket_id = %(ticket)s ORDER BY at DESC, id DESC LIMIT 1
    ON CONFLICT (ticket_id, user_id) DO UPDATE SET
        seen_event_id = greatest(tickets_look.seen_event_id, excluded.seen_event_id), here_until = excluded.here_until,
        writing_until = excluded.writing_until
"""
"""One statement, so that who reads more in the same one may carry it along. What comes up after it stays unread."""

UNREAD: Final = f"""(
    SELECT event.id > coalesce(look.seen_event_id, 0) AND (look.id IS NOT NULL OR tickets_ticket.closed_at IS NULL)
    FROM tickets_ticketevent event
    LEFT JOIN tickets_look look ON look.ticket_id = event.ticket_id AND look.user_id = %s
    WHERE event.ticket_id = tickets_ticket.id AND event.actor_id IS DISTINCT FROM %s
        AND event.action NOT IN ({", ".join(f"'{action}'" for action in NOTHING_TO_READ)})
    ORDER BY event.at DESC, event.id DESC LIMIT 1
)"""  # noqa: S608 - of our own constants
"""By hand, as what else is read for each row of a queue (docs/adr/0017): the newest turn of somebody else, from the end."""


def note(ticket: Ticket, user: User, *, writing: bool = False) -> None:
    """Keep that this person has the ticket before him, with all that has come to it until now."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, facts(ticket, user, writing=writing))


def facts(ticket: Ticket, user: User, *, writing: bool = False) -> dict[str, Any]:
    """What ``NOTE`` keeps."""
    now = worktime.now()
    until = {"here_until": now + HERE, "writing_until": now + WRITING if writing else None}
    return {"ticket": ticket.pk, "reader": user.pk, "now": now, **until}


def with_unread(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """Each with whether it holds a turn of somebody else, or of time, that this person has not seen; in the same query.

    One's own turns are read, also those of several tickets at once. An open ticket that he never
    opened is unread; a closed one only if he had opened it: what was over before he came is not news.
    """
    unread = RawSQL(UNREAD, [user.pk, user.pk], output_field=BooleanField())  # noqa: S611 - values are parameters
    return tickets.annotate(unread=unread)


def is_unread(ticket: Ticket) -> bool:
    """Of a ticket that came ``with_unread``."""
    return bool(vars(ticket)["unread"])


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody else who has a ticket open now."""

    name: str
    writing: bool


OTHERS: Final = """
    SELECT coalesce(nullif(person.social_name, ''), nullif(person.name, ''), person.email) AS name,
        coalesce(look.writing_until > %(now)s, false) AS writing
    FROM tickets_look look JOIN accounts_user person ON person.id = look.user_id
    WHERE look.ticket_id = %(ticket)s AND look.user_id <> %(reader)s AND look.here_until > %(now)s AND person.is_active
    ORDER BY name, person.id
"""
"""Who else is here, for queries by hand."""


def here(ticket: Ticket, *, but: User) -> list[Other]:
    """Who else has the ticket open now, by name. One query."""
    with connection.cursor() as cursor:
        cursor.execute(OTHERS, facts(ticket, but))
        return [Other(*row) for row in cursor.fetchall()]


def come(ticket: Ticket, user: User, *, writing: bool) -> list[Other]:
    """Keep that this person is here, and tell who else is. One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"WITH looked AS ({NOTE}) {OTHERS}", facts(ticket, user, writing=writing))
        return [Other(*row) for row in cursor.fetchall()]
