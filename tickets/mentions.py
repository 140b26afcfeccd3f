"""Colleagues whom a note calls: who may be named, and what follows for them (DESIGN §4)."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from accounts import absences
from accounts.models import RoleGrant, User
from govbr.text import fold
from tickets.models import Participant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from tickets.models import Ticket

MOST = 20
"""Colleagues whom one note calls."""
CALLED: Final = re.compile(r"(?<!\S)@(?=(\w.{0,80}))")
"""What stands behind an "@" that begins a word; an address of mail has it in the middle."""


def colleagues(ticket: Ticket, *, but: User) -> QuerySet[User]:
    """Who may be called: the team of the ticket's core system, but for its requester. By name; nobody outside the team."""
    core_system = ticket.product.core_system_id
    grants = RoleGrant.objects.filter(
        Q(role__in=absences.WORKERS, queue__product__core_system=core_system)
        | Q(role=RoleGrant.Role.MANAGER, core_system=core_system),
        ended_at=None,
    )
    people = User.objects.filter(is_active=True, pk__in=grants.values("user"))
    return people.exclude(pk__in=[but.pk, ticket.requester_id]).order_by("name", "pk")


def listed(ticket: Ticket, at: datetime, *, but: User) -> list[tuple[User, bool]]:
    """The same, each with whether he is away at that moment. Two queries."""
    absent = set(absences.absent_people(at).values_list("pk", flat=True))
    return [(person, person.pk in absent) for person in colleagues(ticket, but=but)]


def named_in(words: str, people: Iterable[User]) -> list[User]:
    """Those of the people whom a text calls: "@Lia Fontes", or "@lia" where only one of them is called so."""
    texts = [fold(text) for text in CALLED.findall(words)]
    named = {person: fold(person.display_name) for person in people}
    firsts = Counter(name.split(" ")[0] for name in named.values())

    def calls(name: str) -> bool:
        return any(re.match(rf"{re.escape(name)}\b", text) for text in texts)

    return [
        person
        for person, name in named.items()
        if calls(name) or (firsts[name.split(" ")[0]] == 1 and calls(name.split(" ")[0]))
    ]


def take_in(ticket: Ticket, people: Collection[User], at: datetime) -> None:
    """They may read the ticket from now on, and write notes. Nobody twice."""
    Participant.objects.bulk_create(
        [Participant(ticket=ticket, user=person, since=at) for person in people], ignore_conflicts=True
    )
