"""When somebody of the team is away, and who stands in for him.

An absence is never changed or deleted: it ends earlier, and stays as history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import transaction
from django.db.models import F, Q

import worktime
from accounts import notices, succession
from accounts.models import Absence, RoleGrant, User

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

WORKERS: Final = (RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD)
"""The roles that give work."""


class Overlap(Exception):
    """The person is away already in a part of that time. The text is for who declares it."""

    def __init__(self, other: Absence) -> None:
        super().__init__(f"Já há uma ausência registrada neste período: {other}.")


def is_absent(user: User, at: datetime) -> bool:
    return user.absences.in_force(at).exists()


def absent_people(at: datetime) -> QuerySet[User]:
    """Who is away at that moment."""
    return User.objects.filter(absences__in=Absence.objects.in_force(at))


def team() -> QuerySet[User]:
    """Everybody who works tickets, by name."""
    return (
        User.objects.filter(is_active=True, grants__role__in=WORKERS, grants__ended_at=None).order_by("name", "pk").distinct()
    )


def kept_by(user: User) -> QuerySet[User]:
    """The people whose absences this person declares and ends: himself, those of the queues he leads, or all of the team."""
    if user.holds(RoleGrant.Role.ADMIN):
        return team()
    return team().filter(Q(pk=user.pk) | Q(grants__queue__in=user.queue_ids(RoleGrant.Role.LEAD), grants__ended_at=None))


@transaction.atomic
def declare(user: User, *, starts_at: datetime, ends_at: datetime, substitute: User | None, by: User) -> Absence:
    """Record an absence (both moments aware). One that has begun passes the person's work on at once, in this transaction.

    Raises ``Overlap`` where the person is away already in that time. Who declared it is logged.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one at a time for each person, so that none overlap
    other = overlapping(user, starts_at, ends_at)
    if other is not None:
        raise Overlap(other)
    absence = Absence.objects.create(user=user, starts_at=starts_at, ends_at=ends_at, substitute=substitute)
    _log(absence, by, ADDITION, "Ausência registrada.")
    notices.absent(absence, by)
    if absence.starts_at <= worktime.now() < absence.ends_at:
        succession.pass_on_work_of(user)
    return absence


def overlapping(user: User, starts_at: datetime, ends_at: datetime) -> Absence | None:
    """An absence of this person in a part of that time. One that was called off takes no time."""
    return user.absences.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exclude(ends_at=F("starts_at")).first()


@transaction.atomic
def end(pk: int, *, by: User) -> Absence:
    """End an absence now, or call off one that has not begun. What was passed on stays where it is.

    One that is over keeps its end. Raises ``Absence.DoesNotExist``.
    """
    absence = Absence.objects.select_for_update(of=("self",)).select_related("user").get(pk=pk)
    now = worktime.now()
    if now < absence.ends_at:
        absence.ends_at = max(now, absence.starts_at)
        absence.save(update_fields=["ends_at"])
        _log(absence, by, CHANGE, "Ausência encerrada.")
        notices.absent(absence, by, ended=True)
    return absence


def _log(absence: Absence, by: User, flag: int, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, Absence.objects.filter(pk=absence.pk), flag, message)
