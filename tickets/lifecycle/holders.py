"""Who holds a ticket that comes back to its assignee: he, or whoever stands in for him while he is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tickets import rules
from tickets.states import TABLE, Action, Target

if TYPE_CHECKING:
    from datetime import datetime

    from tickets.models import Ticket

BACK_TO_HIM: Final = frozenset({Target.ASKED_FROM, Target.ASSIGNEE_OR_QUEUE})
"""Where actions lead that give a ticket back to its assignee, if somebody can go on with it."""


def goes_on(ticket: Ticket, at: datetime) -> bool:
    """Whether the assignee can take the ticket up again at that moment."""
    return ticket.assignee is not None and rules.takes_work(ticket.assignee, ticket, at)


def pass_to_stand_in(ticket: Ticket, action: Action, at: datetime) -> dict[str, int]:
    """Give a ticket that comes back to somebody who is away to who stands in for him, if anybody can work it.

    Returns what the event keeps of it: in whose stead the new assignee works.
    """
    absent = ticket.assignee
    if TABLE[action].to not in BACK_TO_HIM or absent is None or goes_on(ticket, at):
        return {}
    found = rules.stand_in(absent.pk, ticket, at)
    if found is None:
        return {}
    ticket.assignee = found
    return {"instead_of": absent.pk}
