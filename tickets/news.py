"""What happened last on tickets, as far as the requester's side hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from tickets.models import TicketEvent
from tickets.states import INTERNAL, WITHIN_THE_TEAM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tickets.models import Ticket
    from tickets.querysets import TicketQuerySet


def with_newest(tickets: TicketQuerySet) -> TicketQuerySet:
    """Each with the id of its last event that is told, read from the end of its history; in the same query."""
    told = TicketEvent.objects.filter(ticket=OuterRef("pk")).exclude(action__in=WITHIN_THE_TEAM).exclude(data__has_key=INTERNAL)
    return tickets.annotate(newest=Subquery(told.order_by("-at", "-pk").values("pk")[:1]))


def newest_id(ticket: Ticket) -> int:
    """Of a ticket that came ``with_newest``."""
    pk: int = vars(ticket)["newest"]
    return pk


def of_tickets(tickets: Sequence[Ticket]) -> dict[int, TicketEvent]:
    """Ticket id → its last event that is told, with what ``history.sentence`` reads. One query, where there are any."""
    ids = [newest_id(ticket) for ticket in tickets]
    events = TicketEvent.objects.filter(pk__in=ids).select_related("actor", "assignee", "queue") if ids else ()
    return {event.ticket_id: event for event in events}
