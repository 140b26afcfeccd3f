"""Tying tickets together, and loosening them. A link is no turn in a ticket's life: no event, its row tells who and when."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction

import worktime
from tickets import rules
from tickets.lifecycle.refusals import IllegalMove, Incomplete
from tickets.models import Ticket, TicketLink

if TYPE_CHECKING:
    from accounts.models import User

GENERATIONS: Final = 3
"""A ticket, its parts and theirs; deeper than that nobody finds anything."""
MOST: Final = 200
"""Links of one ticket."""
LOCK: Final = 4_701_001
"""Links are made one at a time on this advisory lock: a ring of parents may close at tickets that no two writers share."""

Kind = TicketLink.Kind


class Tie(StrEnum):
    """What the other ticket becomes to the one at hand."""

    RELATED = "related"
    PARENT = "parent"
    CHILD = "child"


def link(pk: int, *, by: User, number: int, tie: Tie) -> TicketLink:
    """Tie the ticket of number ``number`` to this one; the same again changes nothing.

    Raises ``IllegalMove`` for who does not work this ticket, and ``Incomplete`` where he does not
    read the other one, where the two are tied otherwise, or where a parent does not fit: a second
    one, a ring, too many generations. Then nothing changed.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        ticket = Ticket.objects.get(pk=pk)
        if not rules.can_work(by, ticket):
            raise IllegalMove("Só quem atende este chamado pode ligá-lo a outro.")
        other = Ticket.objects.read_by_team(by).filter(number=number).first()
        if other is None:
            raise Incomplete(f"Não há chamado com o número {number} entre os que você pode ler.")
        if other == ticket:
            raise Incomplete("Um chamado não se liga a ele mesmo.")
        made = _row(ticket, other, tie)
        there = TicketLink.objects.in_force().filter(ticket__in=(ticket, other), other__in=(ticket, other)).first()
        if there is not None:
            if (there.kind, there.ticket_id) == (made.kind, made.ticket_id):
                return there
            raise Incomplete(f"Este chamado e o {number} já estão ligados de outro modo. Remova essa ligação antes.")
        for end in (ticket, other):
            if TicketLink.objects.in_force().touching(end).count() >= MOST:
                raise Incomplete(f"O chamado {end.number} já tem {MOST} ligações, que é o limite.")
        if made.kind == Kind.PARENT:
            _refuse_misfit(made.ticket, made.other)
        made.created_by = by
        made.save()
        return made


def unlink(pk: int, *, by: User, link_pk: int) -> None:
    """Loosen a link of this ticket; one that is loosened already stays as it is. Raises ``IllegalMove`` as ``link``."""
    with transaction.atomic():
        ticket = Ticket.objects.get(pk=pk)
        if not rules.can_work(by, ticket):
            raise IllegalMove("Só quem atende este chamado pode remover a ligação.")
        readable = Ticket.objects.read_by_team(by).values("pk")
        found = TicketLink.objects.in_force().touching(ticket).filter(ticket__in=readable, other__in=readable, pk=link_pk)
        found.update(removed_at=worktime.now(), removed_by=by)


def to_earlier(ticket: Ticket, number: int, *, by: User) -> None:
    """Tie a ticket being opened to the earlier one that its requester named, if there is one and he reads it."""
    earlier = Ticket.objects.visible_to(ticket.requester).filter(number=number).first()
    if earlier is not None and earlier != ticket:
        TicketLink.objects.create(kind=Kind.RELATED, ticket=earlier, other=ticket, created_by=by, created_at=ticket.opened_at)


def _row(ticket: Ticket, other: Ticket, tie: Tie) -> TicketLink:
    if tie == Tie.RELATED:
        first, second = sorted((ticket, other), key=lambda end: end.pk)
        return TicketLink(kind=Kind.RELATED, ticket=first, other=second)
    child, parent = (ticket, other) if tie == Tie.PARENT else (other, ticket)
    return TicketLink(kind=Kind.PARENT, ticket=child, other=parent)


def _refuse_misfit(child: Ticket, parent: Ticket) -> None:
    parents = TicketLink.objects.in_force().filter(kind=Kind.PARENT)
    if parents.filter(ticket=child).exists():
        raise Incomplete(f"O chamado {child.number} já faz parte de outro. Um chamado faz parte de um só.")
    line = [parent.pk]
    while above := parents.filter(ticket=line[-1]).values_list("other", flat=True).first():
        line.append(above)
    if child.pk in line:
        raise Incomplete(f"O chamado {parent.number} já faz parte do {child.number}: o contrário faria um círculo.")
    height, lowest = 1, [child.pk]
    while lowest := [link.ticket_id for link in parents.filter(other__in=lowest)]:
        height += 1
    if len(line) + height > GENERATIONS:
        raise Incomplete(f"Assim seriam mais de {GENERATIONS} níveis de chamados dentro de chamados. Ligue-os mais acima.")
