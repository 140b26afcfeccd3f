"""Who hears of what happens on a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from notifications import outbox
from tickets.states import Action, Closure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tickets.models import Ticket, TicketEvent

# What the requester and those who follow hear. Words of the team in public come as a message.
TO_REQUESTER: Final = {
    Action.OPEN: "ticket_opened",
    Action.TAKE: "ticket_taken",
    Action.ASK: "ticket_question",
    Action.ESCALATE: "ticket_escalated",
    Action.REMIND: "ticket_reminder",
    Action.RESOLVE: "ticket_resolved",
    Action.REFUSE: "ticket_refused",
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
KINDS: Final = frozenset(TO_REQUESTER.values()) | frozenset(TO_ASSIGNEE.values()) | {"ticket_message"}


def tell(ticket: Ticket, event: TicketEvent, *, from_team: bool) -> None:
    """Queue the notices of an event, in its transaction. Nobody hears of what he did himself.

    The receipt of a request, of its cancelling and of its reopening is the exception: its
    requester gets it in writing.
    """
    action = Action(event.action)
    kind = TO_REQUESTER.get(action)
    if action == Action.COMMENT and from_team:
        kind = "ticket_message"
    if kind is not None:
        send(kind, event, _requester_side(ticket))
    team_kind = TO_ASSIGNEE.get(action)
    if team_kind is not None and not from_team and ticket.assignee_id is not None and ticket.assignee_id != event.actor_id:
        send(team_kind, event, [ticket.assignee_id])
    if action == Action.ASSIGN and ticket.assignee_id not in (None, event.actor_id):
        send("ticket_assigned", event, [ticket.assignee_id])


def send(kind: str, event: TicketEvent, recipients: Iterable[int | None]) -> None:
    for recipient in recipients:
        if recipient is not None:
            outbox.enqueue(
                kind,
                to=recipient,
                data={"ticket": event.ticket_id, "event": event.pk},
                dedupe_key=f"ticket-event:{event.pk}:{kind}:{recipient}",
            )


def _requester_side(ticket: Ticket) -> list[int]:
    return [ticket.requester_id, *ticket.followers.values_list("user", flat=True)]


RECEIPTS: Final = frozenset({Action.OPEN, Action.CANCEL, Action.SOLVED, Action.REOPEN})
CLOSURES_WITHOUT_REPLY: Final = frozenset({Closure.CANCELLED, Closure.SOLVED_BY_REQUESTER})
