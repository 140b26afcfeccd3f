"""How much lies where: per queue and per person what is open, waits, is late, and what happened today.

Two statements for the load and one for the day, however many tickets there are; each reads an index of what is open,
or the events since midnight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection
from django.db.models import Q

import worktime
from accounts.absences import WORKERS
from accounts.models import Absence, RoleGrant
from catalog.models import Queue
from tickets.models.event import CLOSING
from tickets.states import OPEN, RUNS, Action, Status

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from accounts.models import User

_OPEN: Final = ", ".join(f"'{status}'" for status in sorted(OPEN))
_RUNS: Final = ", ".join(f"'{status}'" for status in sorted(RUNS))
_CLOSING: Final = ", ".join(f"'{action}'" for action in CLOSING)

LOAD: Final = f"""
    WITH load AS (
        SELECT
            queue_id, assignee_id, grouping(queue_id) AS of_person,
            count(*) AS open,
            count(*) FILTER (WHERE status = '{Status.QUEUED}') AS queued,
            count(*) FILTER (WHERE status = '{Status.IN_PROGRESS}') AS in_progress,
            count(*) FILTER (WHERE status IN ('{Status.WAITING_REQUESTER}', '{Status.WAITING_EXTERNAL}')) AS waiting,
            count(*) FILTER (WHERE status IN ({_RUNS}) AND due_at <= %(now)s) AS breached,
            count(*) FILTER (WHERE status IN ({_RUNS}) AND due_at > %(now)s AND due_at < %(midnight)s) AS due_today,
            min(number) AS oldest
        FROM tickets_ticket
        WHERE status IN ({_OPEN}) AND queue_id = ANY(%(queues)s)
        GROUP BY GROUPING SETS ((queue_id), (assignee_id))
    )
    SELECT
        load.of_person, load.queue_id, load.assignee_id, load.open, load.queued, load.in_progress, load.waiting,
        load.breached, load.due_today, load.oldest, ticket.id, ticket.opened_at
    FROM load JOIN tickets_ticket ticket ON ticket.number = load.oldest
"""  # noqa: S608 - of our own constants

TODAY: Final = f"""
    SELECT queue_id, count(*) FILTER (WHERE action = '{Action.OPEN}'), count(*) FILTER (WHERE action = '{Action.REOPEN}'),
        count(*) FILTER (WHERE action NOT IN ('{Action.OPEN}', '{Action.REOPEN}'))
    FROM (
        SELECT queue_id, action FROM tickets_ticketevent
        WHERE action IN ('{Action.OPEN}', '{Action.REOPEN}') AND at >= %(since)s
        UNION ALL
        SELECT queue_id, action FROM tickets_ticketevent WHERE action IN ({_CLOSING}) AND at >= %(since)s
    ) happened WHERE queue_id = ANY(%(queues)s) GROUP BY queue_id
"""  # noqa: S608 - as above


@dataclass(slots=True)
class Figures:
    """Open tickets of a queue or a person, by what is with them; numbers run in the order of opening."""

    open: int = 0
    queued: int = 0
    in_progress: int = 0
    waiting: int = 0
    """For the requester or another team."""
    breached: int = 0
    due_today: int = 0
    oldest_number: int | None = None
    oldest_pk: int | None = None
    oldest_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """By id; ``None`` among the people is what nobody holds."""

    queues: dict[int, Figures]
    people: dict[int | None, Figures]


@dataclass(frozen=True, slots=True)
class Day:
    """What happened in a queue since midnight in Brasília."""

    opened: int = 0
    reopened: int = 0
    closed: int = 0


@dataclass(slots=True)
class Member:
    """Somebody who works queues, and until when he is away if he is."""

    person: User
    roles: dict[int, str] = field(default_factory=dict)
    """By queue; the lead's where he has both."""
    away: Absence | None = None


def oversees(user: User, level: str) -> bool:
    """Whether this person leads a queue of the level, or manages a core system; by his grants alone."""
    return any(
        (grant.role == RoleGrant.Role.LEAD and grant.queue is not None and grant.queue.level == level)
        or (grant.role == RoleGrant.Role.MANAGER and grant.core_system_id is not None)
        for grant in user.active_grants
    )


def overseen(user: User, level: str) -> list[Queue]:
    """The queues of a level that this person leads, or that belong to core systems that he manages; by name. One query."""
    led = user.queue_ids(RoleGrant.Role.LEAD)
    return list(_queues(user, level, led))


def watched(user: User, level: str) -> list[Queue]:
    """The same, and those that he works. One query."""
    return list(_queues(user, level, user.queue_ids(*WORKERS)))


def _queues(user: User, level: str, own: Collection[int]) -> QuerySet[Queue]:
    managed = {grant.core_system_id for grant in user.active_grants if grant.role == RoleGrant.Role.MANAGER}
    seen = Q(pk__in=own) | Q(product__core_system__in=managed - {None})
    return Queue.objects.filter(seen, level=level, active=True).select_related("product").order_by("name", "pk")


def midnight_after(at: datetime) -> datetime:
    """The end of that day in Brasília."""
    there = at.astimezone(worktime.BRASILIA)
    return (there + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def midnight_before(at: datetime) -> datetime:
    """The beginning of that day in Brasília."""
    return at.astimezone(worktime.BRASILIA).replace(hour=0, minute=0, second=0, microsecond=0)


def load(queues: Collection[int], at: datetime) -> Load:
    """What is open in these queues at that moment, by queue and by person. One statement."""
    found = Load({}, {})
    with connection.cursor() as cursor:
        cursor.execute(LOAD, {"queues": list(queues), "now": at, "midnight": midnight_after(at)})
        for of_person, queue, person, *figures in cursor.fetchall():
            if of_person:
                found.people[person] = Figures(*figures)
            else:
                found.queues[queue] = Figures(*figures)
    return found


def today(queues: Collection[int], at: datetime) -> dict[int, Day]:
    """What happened in these queues since midnight. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(TODAY, {"queues": list(queues), "since": midnight_before(at)})
        return {queue: Day(*counts) for queue, *counts in cursor.fetchall()}


def members(queues: Collection[int], at: datetime) -> list[Member]:
    """Everybody who works one of these queues, by name. Two queries."""
    grants = RoleGrant.objects.filter(queue__in=queues, role__in=WORKERS, ended_at=None, user__is_active=True)
    found: dict[int, Member] = {}
    for grant in grants.select_related("user").order_by("user__name", "user", "role"):
        member = found.setdefault(grant.user_id, Member(grant.user))
        if grant.queue_id is not None:
            member.roles[grant.queue_id] = grant.role  # in the order of the roles: the lead's comes last
    for absence in Absence.objects.in_force(at).filter(user__in=found).select_related("substitute"):
        found[absence.user_id].away = absence
    return list(found.values())
