"""Work that goes on without who did it: he is away, his account is closed, or he left the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

import worktime
from accounts.models import RoleGrant
from tickets import rules
from tickets.lifecycle.move import move
from tickets.models import Ticket
from tickets.states import Action, Status, Via

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from catalog.terms import Terms


def pass_on(pk: int, *, request_id: UUID, terms: Terms | None = None) -> Ticket:
    """Take a ticket from an assignee who can do nothing for it any more (``rules.is_left_alone``).

    It goes to who stands in for him, if that one can work it. Else what is in progress goes back to
    its queue, and what waits for somebody, or is in tests, to a lead of the queue; without one it
    stays as it is with nobody, and a lead or manager assigns it, or the answer to the wait queues it.
    The actor is the system: who closed the account or ended the role stands in the admin's log.
    Raises ``IllegalMove`` where the assignee can go on, or there is none.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=pk)
        at = max(worktime.now(), ticket.last_event_at)
        heir = _heir(ticket, at)

        def change(locked: Ticket, at: datetime) -> None:
            locked.assignee = heir

        action = Action.RELEASE if heir is None and ticket.status == Status.IN_PROGRESS else Action.ASSIGN
        people = {"from": ticket.assignee_id, "to": heir.pk if heir else None}
        data = {name: person for name, person in people.items() if person is not None}
        return move(pk, action, by=None, via=Via.SYSTEM, request_id=request_id, change=change, data=data, terms=terms)


def _heir(ticket: Ticket, at: datetime) -> User | None:
    """Who gets the ticket; nobody where it goes back to its queue, or stays alone."""
    substitute = rules.stand_in(ticket.assignee_id, ticket, at) if ticket.assignee_id is not None else None
    if substitute is not None or ticket.status == Status.IN_PROGRESS:
        return substitute
    leads = RoleGrant.objects.filter(role=RoleGrant.Role.LEAD, queue=ticket.queue_id, ended_at=None)
    takers = rules.takers([ticket.queue_id], at).exclude(pk=ticket.requester_id)
    return takers.filter(pk__in=leads.values("user")).order_by("pk").first()
