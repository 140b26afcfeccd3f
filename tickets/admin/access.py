"""Who gets to what at the desk. Everybody else finds nothing there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User
from catalog.models import Level
from govbr.search import CONFIG
from tickets import following, likeness, links, looks, readings, rules
from tickets.models import Answer, Ticket
from tickets.states import Action, Role

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tickets.likeness import Stems

SHOWN_WITH = (
    "policy",
    "offering__support_type",
    "offering__sphere",
    "offering__product__core_system",
    "queue",
    "requester",
    "assignee",
    "agency",
)
"""Each table more takes the database longer to plan: what few tickets have is read when it is asked for."""


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


def ticket_for(request: HttpRequest, pk: int, *more: str) -> Ticket:
    """The ticket with what its actions need, and ``more`` of its rows, if this person reads it at the desk.

    Raises ``Http404``, as if it did not exist.
    """
    return get_object_or_404(Ticket.objects.read_by_team(person(request)).select_related(*NEEDED, *more), pk=pk)


ABOUT: Final = f"""
    WITH noted AS ({readings.NOTE}), looked AS ({looks.NOTE})
    SELECT
        opening.body,
        tsvector_to_array(ticket.words),
        tsvector_to_array(opening.words),
        tsvector_to_array(to_tsvector('{CONFIG}', public.fold(%(common)s))),
        (
            SELECT bond.confirmed_at IS NOT NULL FROM accounts_membership bond
            WHERE bond.user_id = ticket.requester_id AND bond.agency_id = ticket.agency_id AND bond.ended_at IS NULL
        ),
        EXISTS (SELECT FROM tickets_follower WHERE ticket_id = ticket.id AND user_id = %(reader)s),
        EXISTS (SELECT FROM tickets_participant WHERE ticket_id = ticket.id AND user_id = %(reader)s),
        EXISTS (
            SELECT FROM tickets_ticketevent
            WHERE ticket_id = ticket.id AND action = '{Action.TRANSFER}' AND data ? 'to_offering'
        ),
        {links.TIED},
        {following.FOLLOWED},
        EXISTS (SELECT FROM tickets_attachment WHERE ticket_id = ticket.id),
        EXISTS (
            SELECT FROM notifications_mailaddress address JOIN accounts_user person ON person.email = address.email
            WHERE person.id = ticket.requester_id AND address.blocked_at IS NOT NULL
        ),
        (
            SELECT json_agg(json_build_object(
                'id', id, 'name', name, 'label', label, 'kind', kind, 'options', options, 'value', value,
                'position', position, 'redacted_at', redacted_at
            ) ORDER BY position)
            FROM tickets_answer WHERE ticket_id = ticket.id
        )
    FROM tickets_ticket ticket LEFT JOIN LATERAL (
        SELECT body, words FROM tickets_message WHERE ticket_id = ticket.id AND NOT internal ORDER BY created_at, id LIMIT 1
    ) opening ON true
    WHERE ticket.id = %(ticket)s
"""  # noqa: S608 - of our own constants
"""By hand: as annotations these took longer to put together than all the rest of the page to ask."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A ticket as the workbench shows it."""

    ticket: Ticket
    reader: User
    roles: frozenset[Role]
    """Of the reader."""
    description: str
    """What was said on opening it."""
    stems: Stems
    bond_confirmed: bool | None
    """Whether its requester's bond with its body is confirmed; ``None`` where it has ended or there is none."""
    transferred: bool
    """Whether it came from another offering."""
    tied: bool
    """Whether other tickets have to do with it."""
    followed: bool
    """Whether somebody follows it, or asked to."""
    has_files: bool
    mail_fails: bool
    """Whether no mail reaches its requester."""
    answers: list[Answer]
    """To the questions of the form, in their order; for reading alone."""


def seen(request: HttpRequest, pk: int) -> Seen:
    """As ``ticket_for``, with what the workbench shows beside the row. That it was read is kept, and how far. Two queries."""
    reader = person(request)
    ticket = get_object_or_404(Ticket.objects.read_by_team(reader).select_related(*SHOWN_WITH), pk=pk)
    if ticket.offering.product_id == ticket.product_id:
        ticket.product = ticket.offering.product
    with connection.cursor() as cursor:
        cursor.execute(
            ABOUT,
            {**readings.facts(ticket, reader), **looks.facts(ticket, reader), "common": likeness.common_words(ticket.product)},
        )
        row = cursor.fetchone()
    said, title, body, common, bond, follows, takes_part, transferred, tied, followed, has_files, mail_fails, answers = row
    me = {reader.pk}
    return Seen(
        ticket=ticket,
        reader=reader,
        roles=rules.roles(reader, ticket, followers=me if follows else (), participants=me if takes_part else ()),
        description=said or "",
        stems=likeness.saying(title, body or [], common=common),
        bond_confirmed=bond,
        transferred=transferred,
        tied=tied,
        followed=followed,
        has_files=has_files,
        mail_fails=mail_fails,
        answers=[Answer(ticket=ticket, **answer) for answer in answers or ()],
    )
