"""How a ticket's status and priority look: a word, a kind of the design system and a shape, never colour alone."""

from __future__ import annotations

from typing import Final, NamedTuple

from catalog.models import Priority
from tickets.models import Ticket
from tickets.states import Status


class Badge(NamedTuple):
    """The arguments of the ``tag`` component."""

    text: str
    kind: str
    icon: str


STATUS: Final = {
    Status.QUEUED: ("", "inbox"),
    Status.IN_PROGRESS: ("info", "headset"),
    Status.WAITING_REQUESTER: ("warning", "comment"),
    Status.WAITING_EXTERNAL: ("info", "clock"),
    Status.IN_VALIDATION: ("info", "list-check"),
    Status.CLOSED: ("success", "circle-check"),
    Status.FINAL: ("", "lock"),
}
PRIORITY: Final = {
    Priority.URGENT: ("danger", "circle-exclamation"),
    Priority.HIGH: ("warning", "triangle-exclamation"),
    Priority.MEDIUM: ("", "flag"),
    Priority.LOW: ("", "angle-down"),
}


def of_status(ticket: Ticket) -> Badge:
    return of(ticket.status)


def of(status: str) -> Badge:
    return Badge(Ticket.Status(status).label, *STATUS[Status(status)])


def of_priority(ticket: Ticket) -> Badge:
    return Badge(ticket.get_priority_display(), *PRIORITY[Priority(ticket.priority)])
