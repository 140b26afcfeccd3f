"""Who is what to a ticket, and what he may do with it now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import worktime
from accounts import absences
from accounts.models import Absence, RoleGrant, User
from tickets import waits
from tickets.states import REQUESTER_SIDE, TABLE, TEAM, Action, Closure, Move, Role, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Container
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from tickets.models import Ticket

SYSTEM = None
"""The actor of what happens by itself."""
PASSING_ON: Final = frozenset({Action.ASSIGN, Action.RELEASE})
"""What happens by itself only to the work of who cannot do it any more."""
SUBSTITUTES: Final = 3
"""How far a line of substitutes is followed: each of them may be away himself."""


def roles(
    user: User | AnonymousUser | None,
    ticket: Ticket,
    *,
    followers: Container[int] | None = None,
    participants: Container[int] | None = None,
) -> frozenset[Role]:
    """What this person is to this ticket; ``SYSTEM`` for no person (DESIGN §4 and §8).

    Nobody works a ticket of which he is the requester. Who left the body that a ticket is about
    is nothing to it any more, as requester or follower; as a follower also who only says that he
    belongs to it: anybody can name a body. An account that is closed or anonymous is nothing to any ticket.
    ``followers`` and ``participants`` are the ids of those who are, where they are known already.
    """
    if user is None:
        return frozenset({Role.SYSTEM})
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    found: set[Role] = set()
    bonds = {m.agency_id: m.confirmed_at is not None for m in user.active_memberships}
    acts_for_it = ticket.agency_id is None or ticket.agency_id in bonds
    if ticket.agency_id in user.focal_agency_ids():
        found.add(Role.FOCAL_POINT)
    if ticket.requester_id == user.pk:  # who follows no ticket of his own
        return frozenset(found | ({Role.REQUESTER} if acts_for_it else set()))
    belongs = ticket.agency_id is None or bonds.get(ticket.agency_id)
    if belongs and (ticket.followers.filter(user=user).exists() if followers is None else user.pk in followers):
        found.add(Role.FOLLOWER)
    if user.is_staff:
        found |= _staff_roles(user, ticket)
        if ticket.participants.filter(user=user).exists() if participants is None else user.pk in participants:
            found.add(Role.PARTICIPANT)
    return frozenset(found)


def _staff_roles(user: User, ticket: Ticket) -> set[Role]:
    found: set[Role] = set()
    if can_work(user, ticket):
        found.add(Role.ANALYST)
        if ticket.assignee_id == user.pk:
            found.add(Role.ASSIGNEE)
    if ticket.queue_id in user.queue_ids("lead"):
        found.add(Role.LEAD)
    for grant in user.active_grants:
        if grant.role == "manager" and (
            grant.core_system_id == ticket.product.core_system_id
            or (grant.agency_id is not None and grant.agency_id == ticket.agency_id)
        ):
            found.add(Role.MANAGER)
        if grant.role == "dpo":
            found.add(Role.DPO)
    return found


def can_work(user: User, ticket: Ticket) -> bool:
    """Whether this person is an active member of the ticket's queue, and not its requester."""
    return user.is_active and user.pk != ticket.requester_id and ticket.queue_id in user.queue_ids("analyst", "lead")


def takers(queues: Collection[int], at: datetime) -> QuerySet[User]:
    """Everybody to whom tickets of these queues may be given at that moment; of a ticket's, its requester excepted."""
    workers = RoleGrant.objects.filter(queue__in=queues, role__in=absences.WORKERS, ended_at=None)
    return User.objects.filter(is_active=True, grants__in=workers).exclude(pk__in=absences.absent_people(at)).distinct()


def takes_work(user: User, ticket: Ticket, at: datetime) -> bool:
    """Whether this ticket may be given to this person: he can work it and is not away at that moment."""
    return can_work(user, ticket) and not absences.is_absent(user, at)


def stand_in(absent: int, ticket: Ticket, at: datetime) -> User | None:
    """Who gets what comes to the person of this id who is away: his substitute, or, while that one is away too, that one's.

    ``None`` where nobody of that line can work the ticket at that moment, or the person is not away.
    """
    able = takers([ticket.queue_id], at).exclude(pk=ticket.requester_id)
    line = [absent]
    while len(line) <= SUBSTITUTES:
        absence = Absence.objects.in_force(at).filter(user=line[-1])
        found = able.filter(substitutions__in=absence).first()
        if found is not None:
            return found
        further = absence.exclude(substitute=None).exclude(substitute__in=line).values_list("substitute", flat=True).first()
        if further is None:
            return None
        line.append(further)
    return None


def legal_actions(
    user: User | AnonymousUser | None,
    ticket: Ticket,
    at: datetime | None = None,
    *,
    mine: frozenset[Role] | None = None,
    among: Collection[Action] = TABLE,
) -> frozenset[Action]:
    """The actions that this person may take on this ticket at that moment (now by default).

    The one guard: verbs ask it under the row lock, pages draw their buttons from it. ``mine``
    saves the look-up of roles to who already has them; ``among`` the rest to who asks for some actions only.
    """
    at = at or worktime.now()
    mine = roles(user, ticket) if mine is None else mine
    legal = frozenset(action for action in among if _legal(action, TABLE[action], mine, ticket, at))
    if Action.TAKE in legal and user is not None and user.is_authenticated and _take_is_kept(user, mine, ticket, at):
        legal -= {Action.TAKE}
    if user is SYSTEM and legal & PASSING_ON and not is_left_alone(ticket, at):
        legal -= PASSING_ON
    return legal


def _take_is_kept(user: User, mine: frozenset[Role], ticket: Ticket, at: datetime) -> bool:
    """Who is away takes nothing; a ticket handed back is offered first to who escalated it, and to leads."""
    offered = ticket.offered_to if ticket.offered_until is not None and at < ticket.offered_until else None
    if offered is not None and offered.pk != user.pk and Role.LEAD not in mine and takes_work(offered, ticket, at):
        return True
    return absences.is_absent(user, at)


def is_left_alone(ticket: Ticket, at: datetime) -> bool:
    """Whether the ticket has an assignee who can do nothing for it at that moment."""
    return ticket.assignee is not None and not takes_work(ticket.assignee, ticket, at)


def _legal(action: Action, move: Move, mine: frozenset[Role], ticket: Ticket, at: datetime) -> bool:
    if ticket.status not in move.frm or move.level not in (None, ticket.level):
        return False
    return bool(acting_roles(action, mine, ticket)) and _in_time(action, ticket, at)


def acting_roles(action: Action, mine: frozenset[Role], ticket: Ticket) -> frozenset[Role]:
    """Those of a person's roles in which the table lets him take the action on this ticket."""
    move = TABLE[action]
    holders = move.by & mine
    if ticket.status == Status.WAITING_REQUESTER:
        holders -= move.not_waiting_for
    colleagues = ticket.status == Status.IN_PROGRESS and not mine & {Role.ASSIGNEE, Role.LEAD}
    if colleagues and not move.on_colleagues:
        holders -= {Role.ANALYST}
    return holders


def _in_time(action: Action, ticket: Ticket, at: datetime) -> bool:
    """What the table cannot say: the clocks, and facts that hold only once."""
    until, expires = ticket.reopen_until, ticket.wait_expires_at
    match action:
        case Action.REOPEN:
            fits = until is not None and at <= until
        case Action.FINALIZE:
            fits = until is not None and at > until
        case Action.REMIND:
            fits = ticket.remind_at is not None and ticket.reminded_at is None and at >= ticket.remind_at
        case Action.EXPIRE_WAIT:
            fits = expires is not None and waits.is_over(at, expires=expires, reminded_at=ticket.reminded_at)
        case Action.TRIAGE:
            fits = ticket.triaged_at is None
        case Action.CONFIRM:
            # Who ended it himself has said so already.
            fits = ticket.confirmed_at is None and ticket.closure not in {Closure.SOLVED_BY_REQUESTER, Closure.CANCELLED}
        case _:
            fits = True
    return fits


def reads_internal(mine: frozenset[Role]) -> bool:
    """Whether these roles read the team's internal notes: the dpo too, for a password may stand in one."""
    return bool(mine & (TEAM | {Role.PARTICIPANT, Role.DPO}))


def is_requester_side(mine: frozenset[Role]) -> bool:
    return bool(mine & REQUESTER_SIDE)
