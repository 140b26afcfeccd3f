"""Whose figures a person reads (DESIGN §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts.models import RoleGrant, User
from reports.models import CycleFact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

Role = RoleGrant.Role


def reads(user: User | AnonymousUser) -> bool:
    """Whether this person reads reports at all."""
    return isinstance(user, User) and _scope(user) is not None


def facts_for(user: User | AnonymousUser) -> QuerySet[CycleFact]:
    """What this person's reports count: a manager's core systems and bodies, an analyst's and a lead's queues, a focal
    point's bodies, all of it together where somebody is several. Nothing for who reads none.
    """
    scope = _scope(user) if isinstance(user, User) else None
    return CycleFact.objects.none() if scope is None else CycleFact.objects.filter(scope)


def _scope(user: User) -> Q | None:
    grants = [grant for grant in user.active_grants if grant.role == Role.MANAGER]
    systems = {grant.core_system_id for grant in grants if grant.core_system_id is not None}
    bodies = {grant.agency_id for grant in grants if grant.agency_id is not None} | user.focal_agency_ids()
    queues = user.queue_ids(Role.ANALYST, Role.LEAD)
    if not (systems or bodies or queues):
        return None
    return Q(core_system__in=systems) | Q(agency__in=bodies) | Q(queue__in=queues)
