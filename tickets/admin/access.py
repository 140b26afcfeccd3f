"""Who gets to what at the desk. Everybody else finds nothing there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from catalog.models import Level
from tickets.models import Ticket
from tickets.states import Role

if TYPE_CHECKING:
    from django.http import HttpRequest


SHOWN_WITH = (
    "policy",
    "offering__support_type",
    "offering__sphere",
    "offering__product__core_system",
    "product__core_system",
    "queue",
    "requester",
    "assignee",
    "offered_to",
    "agency",
    "unlisted_agency_sphere",
    "cause",
)


def person(request: HttpRequest) -> User:
    """Who asks. Raises ``Http404`` for who is not signed in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def works_at(user: User) -> set[str]:
    """The levels at which this person takes tickets."""
    return {g.queue.level for g in user.active_grants if g.role in ("analyst", "lead") and g.queue is not None}


def roles_at(user: User, level: str) -> frozenset[Role]:
    """What this person may be to a ticket of a level's queues."""
    found = {Role.ANALYST} if level in works_at(user) else set()
    if any(g.role == "lead" and g.queue is not None and g.queue.level == level for g in user.active_grants):
        found.add(Role.LEAD)
    return frozenset(found | ({Role.MANAGER} if user.holds("manager") else set()))


def levels(user: User) -> set[str]:
    """The levels whose queues this person sees: those he works at, or both for a manager."""
    return set(Level.values) if user.holds("manager") else works_at(user)


NEEDED = ("policy", "offering__product__core_system")
"""What the form of an action reads of its ticket."""


def ticket_for(request: HttpRequest, pk: int, *related: str) -> Ticket:
    """The ticket, with what the workbench shows or ``related`` names, if this person reads it at the desk.

    Raises ``Http404``, as if it did not exist.
    """
    tickets = Ticket.objects.read_by_team(person(request)).select_related(*(related or SHOWN_WITH))
    return get_object_or_404(tickets, pk=pk)
