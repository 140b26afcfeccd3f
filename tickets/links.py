"""What a ticket is tied to, as far as its reader may know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypedDict, cast

from django.db import connection
from django.db.models import OuterRef, Q, Subquery

from tickets.badges import Badge, of_status
from tickets.models import Ticket, TicketLink

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from tickets.querysets import TicketQuerySet

SHOWN: Final = 50
"""Tickets of one page's block, all kinds together."""


class Between(TypedDict):
    """The link between a found ticket and the one at hand."""

    link: int | None
    link_kind: str
    link_child: int


class Bond(StrEnum):
    """What a tied ticket is to the one at hand, as people read it."""

    ROOT = "Repete o chamado"
    DUPLICATES = "Repetem este"
    PARENT = "Faz parte de"
    CHILDREN = "Partes deste"
    RELATED = "Relacionados"


@dataclass(frozen=True, slots=True)
class Linked:
    ticket: Ticket
    status: Badge
    link: int | None = None
    """The link that can be removed; a duplicate has none."""


@dataclass(frozen=True, slots=True)
class Links:
    groups: dict[Bond, list[Linked]]
    more: bool
    """There are more than are shown."""

    @property
    def numbers(self) -> set[int]:
        return {linked.ticket.number for group in self.groups.values() for linked in group}


NONE: Final = Links({}, more=False)
TIED: Final = """
    EXISTS (SELECT FROM tickets_ticket twin WHERE twin.duplicate_of_id = ticket.id) OR ticket.duplicate_of_id IS NOT NULL
    OR EXISTS (SELECT FROM tickets_ticketlink tie WHERE tie.ticket_id = ticket.id AND tie.removed_at IS NULL)
    OR EXISTS (SELECT FROM tickets_ticketlink tie WHERE tie.other_id = ticket.id AND tie.removed_at IS NULL)
"""
"""Whether a row called ``ticket`` is tied to any other, for queries by hand: most are not."""


def is_tied(ticket: Ticket) -> bool:
    """One short query, which spares most pages a long one."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TIED} FROM tickets_ticket ticket WHERE id = %s", [ticket.pk])  # noqa: S608 - our constant
        return bool(cursor.fetchone()[0])


def of_ticket(ticket: Ticket, readable: TicketQuerySet) -> Links:
    """The tickets tied to this one among ``readable``, by kind, in order of number. One query."""
    links = TicketLink.objects.in_force()
    tied = (
        Ticket.objects.filter(duplicate_of=ticket)
        .values("pk")
        .union(
            Ticket.objects.filter(duplicates=ticket).values("pk"),
            links.filter(ticket=ticket).values("other"),
            links.filter(other=ticket).values("ticket"),
        )
    )
    between = links.filter(Q(ticket=ticket, other=OuterRef("pk")) | Q(ticket=OuterRef("pk"), other=ticket))
    rows = (
        readable.filter(pk__in=tied)
        .annotate(
            link=Subquery(between.values("pk")[:1]),
            link_kind=Subquery(between.values("kind")[:1]),
            link_child=Subquery(between.values("ticket")[:1]),
        )
        .order_by("number")[: SHOWN + 1]
    )
    found = cast("list[WithAnnotations[Ticket, Between]]", list(rows))
    groups: dict[Bond, list[Linked]] = {bond: [] for bond in Bond}
    for other in found[:SHOWN]:
        if other.pk == ticket.duplicate_of_id:
            groups[Bond.ROOT].append(Linked(other, of_status(other)))
        if other.duplicate_of_id == ticket.pk:
            groups[Bond.DUPLICATES].append(Linked(other, of_status(other)))
        if other.link is not None:
            groups[_bond(other.link_kind, is_child=other.link_child == other.pk)].append(
                Linked(other, of_status(other), other.link)
            )
    return Links({bond: group for bond, group in groups.items() if group}, more=len(found) > SHOWN)


def _bond(kind: str, *, is_child: bool) -> Bond:
    if kind == TicketLink.Kind.RELATED:
        return Bond.RELATED
    return Bond.CHILDREN if is_child else Bond.PARENT
