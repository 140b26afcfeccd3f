"""Who hears of what happens on a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from accounts.models import RoleGrant
from accounts.signed_in import with_rights
from notifications import outbox, reading
from tickets import rules
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import User
    from notifications.models import Notice
    from tickets.clocks import Reached
    from tickets.models import Ticket, TicketEvent

WARNING: Final = "ticket_deadline"
"""A target draws near or is used up."""
MENTION: Final = "ticket_mentioned"
"""A colleague calls somebody in a note."""
MESSAGE: Final = "ticket_message"
"""What the team says in public without asking."""

# What the requester and those who follow hear.
TO_REQUESTER: Final = {
    Action.OPEN: "ticket_opened",
    Action.TAKE: "ticket_taken",
    Action.ASK: "ticket_question",
    Action.ESCALATE: "ticket_escalated",
    Action.TRANSFER: "ticket_transferred",
    Action.SPLIT: "ticket_split",
    Action.REMIND: "ticket_reminder",
    Action.RESOLVE: "ticket_resolved",
    Action.REFUSE: "ticket_refused",
    Action.CLOSE_DUPLICATE: "ticket_duplicate",
    Action.EXPIRE_WAIT: "ticket_expired",
    Action.REOPEN: "ticket_reopened",
    Action.FINALIZE: "ticket_final",
    Action.RESTORE: "ticket_restored",
    Action.CANCEL: "ticket_cancelled",
    Action.SOLVED: "ticket_solved",
}
# What the analyst hears who holds the ticket, or held it when it was closed.
TO_ASSIGNEE: Final = {
    Action.ANSWER: "ticket_answered",
    Action.COMMENT: "ticket_answered",
    Action.ASSIGN: "ticket_assigned",
    Action.REOPEN: "ticket_reopened_team",
    Action.CANCEL: "ticket_closed_team",
    Action.SOLVED: "ticket_closed_team",
}
RECEIPTS: Final = frozenset({Action.OPEN, Action.CANCEL, Action.SOLVED, Action.REOPEN})
"""What the requester gets in writing although he did it himself."""
KINDS: Final = frozenset(TO_REQUESTER.values()) | frozenset(TO_ASSIGNEE.values()) | {MENTION, MESSAGE, WARNING}


def tell(ticket: Ticket, event: TicketEvent, *, from_team: bool = False) -> None:
    """Queue the notices of an event, in its transaction. Nobody hears of what he did himself, receipts excepted."""
    action = Action(event.action)
    to_requester, to_assignee = TO_REQUESTER.get(action), TO_ASSIGNEE.get(action)
    if action == Action.COMMENT and from_team:
        to_requester, to_assignee = MESSAGE, None
    told = []
    if to_requester is not None:
        himself = None if action in RECEIPTS else event.actor_id
        # Nobody follows a ticket that has just been opened.
        people = [ticket.requester_id] if action == Action.OPEN else _requester_side(ticket)
        told += [_notice(to_requester, ticket, event, person) for person in people if person != himself]
    if to_assignee is not None and ticket.assignee_id not in (None, event.actor_id) and _works_on(ticket):
        told.append(_notice(to_assignee, ticket, event, ticket.assignee_id))
    mentioned = str(event.data.get("mentioned", "")) if action == Action.NOTE else ""
    told += [_notice(MENTION, ticket, event, int(person)) for person in mentioned.split()]
    outbox.enqueue_all(told)


def warn(ticket: Ticket, cycle: datetime, reached: Iterable[Reached]) -> None:
    """Tell the assignee and the leads of the queue of shares of targets, each once for the cycle begun at ``cycle``."""
    leads = RoleGrant.objects.filter(role=RoleGrant.Role.LEAD, queue=ticket.queue_id, ended_at__isnull=True)
    people = {*leads.values_list("user", flat=True)} | ({ticket.assignee_id} if ticket.assignee_id else set())
    outbox.enqueue_all(
        [
            outbox.notice(
                WARNING,
                to=person,
                data={"ticket": ticket.pk, "number": ticket.number, "clock": share.clock, "percent": share.percent},
                dedupe_key=f"sla:{ticket.pk}:{cycle.timestamp():.0f}:{share.clock}:{share.percent}:{person}",
            )
            for share in reached
            for person in sorted(people - {ticket.requester_id})
        ]
    )


def seen(ticket: Ticket, reader: User) -> None:
    """The reader is about to be shown what the notices of this ticket tell him; they are no news any more."""
    reading.shown_elsewhere(reader, KINDS, ticket=ticket.pk)


def _notice(kind: str, ticket: Ticket, event: TicketEvent, recipient: int) -> Notice:
    return outbox.notice(
        kind,
        to=recipient,
        data={"ticket": event.ticket_id, "number": ticket.number, "event": event.pk},
        dedupe_key=f"ticket-event:{event.pk}:{kind}:{recipient}",
    )


def _requester_side(ticket: Ticket) -> list[int]:
    """The requester and who follows, as far as they may still read the ticket: a mail repeats what the team wrote."""
    followers = set(ticket.followers.values_list("user", flat=True))
    people = with_rights(followers | {ticket.requester_id})
    return [person.pk for person in people if rules.is_requester_side(rules.roles(person, ticket, followers=followers))]


def _works_on(ticket: Ticket) -> bool:
    return ticket.assignee is not None and rules.can_work(ticket.assignee, ticket)
