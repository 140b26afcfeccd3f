"""What a batch of notices of tickets says and who may read it, asked for together: five queries instead of five a notice."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from accounts.signed_in import with_rights
from tickets import rules
from tickets.models import Follower, Message, Ticket, TicketEvent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from accounts.models import User
    from notifications.models import Notice


@dataclass(frozen=True)
class Facts:
    events: dict[int, TicketEvent]
    said: dict[int, Message]
    """Event → what the team said with it in public."""
    readers: dict[int, User]
    """With their rights."""
    followed: frozenset[tuple[int, int]]
    """Ticket and follower."""


TOLD: Final = ("ticket__product", "actor", "assignee", "queue")
"""What the words about an event name."""
_AT_HAND: ContextVar[Facts | None] = ContextVar("facts of the notices at hand", default=None)


@contextmanager
def at_hand(notices: Sequence[Notice]) -> Iterator[None]:
    """Within the block what these notices need is known already. What changes meanwhile is not seen: the block is short."""
    pks = {int(notice.data["event"]) for notice in notices if str(notice.data.get("event", "")).isdecimal()}
    people = {notice.recipient_id for notice in notices}
    events = TicketEvent.objects.select_related(*TOLD).in_bulk(pks)
    said = Message.objects.filter(event__in=pks, internal=False, from_team=True)
    tickets = {event.ticket_id for event in events.values()}
    follows = Follower.objects.filter(ticket__in=tickets, user__in=people).values_list("ticket", "user")
    facts = Facts(
        events=events,
        said={message.event_id: message for message in said},
        readers={person.pk: person for person in with_rights(people)},
        followed=frozenset(follows),
    )
    token = _AT_HAND.set(facts)
    try:
        yield
    finally:
        _AT_HAND.reset(token)


def event(pk: int) -> TicketEvent:
    """The event with its ticket, product, queue and people. Raises ``TicketEvent.DoesNotExist``."""
    facts = _AT_HAND.get()
    if facts is not None and pk in facts.events:
        return facts.events[pk]
    return TicketEvent.objects.select_related(*TOLD).get(pk=pk)


def said_with(event: TicketEvent) -> Message | None:
    """What the team said in public with the event."""
    facts = _AT_HAND.get()
    if facts is not None and event.pk in facts.events:
        return facts.said.get(event.pk)
    return Message.objects.filter(event=event, internal=False, from_team=True).first()


def may_be_read(ticket: int, event: int | None, user: User) -> bool:
    """Whether somebody who was told of a ticket may still read it."""
    facts = _AT_HAND.get()
    reader = facts.readers.get(user.pk) if facts is not None else None
    if facts is not None and reader is not None and event in facts.events:
        at_stake = facts.events[event].ticket
        follower = {user.pk} if (at_stake.pk, user.pk) in facts.followed else set()
        # Who has one of these parts in it reads it; what the others may, the one rule for lists says.
        if at_stake.pk == ticket and rules.is_requester_side(
            rules.roles(reader, at_stake, followers=follower, participants=())
        ):
            return True
    return Ticket.objects.visible_to(reader or user).filter(pk=ticket).exists()
