"""Who may do what, where it does not hang on one ticket (DESIGN §8).

Each question about people, bodies and the catalog is answered here, from grants and confirmed
memberships alone; questions about a ticket are answered by ``tickets.rules``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Agency, Membership, RoleGrant, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

Role = RoleGrant.Role

EDIT_ACCOUNTS = (Role.ADMIN,)
EDIT_CATALOG = (Role.CURATOR, Role.ADMIN)
READ_CATALOG = (Role.MANAGER,)
DECLARE_ABSENCES = (Role.ANALYST, Role.LEAD, Role.ADMIN)
ANNOUNCE = (Role.MANAGER,)


def holds(user: User | AnonymousUser, *roles: str) -> bool:
    """Whether a grant in force gives this person one of the roles, in any scope."""
    return isinstance(user, User) and user.holds(*roles)


def edits_accounts(user: User | AnonymousUser) -> bool:
    return holds(user, *EDIT_ACCOUNTS)


def edits_catalog(user: User | AnonymousUser, core_system_id: int) -> bool:
    """Whether this person changes what is offered in a core system."""
    systems = core_systems(user, *EDIT_CATALOG)
    return systems is None or core_system_id in systems


def core_systems(user: User | AnonymousUser, *roles: str) -> set[int] | None:
    """The core systems in which one of the roles is held; ``None`` means all of them.

    A grant without scope, as the administrator's, covers the whole portal.
    """
    if not isinstance(user, User):
        return set()
    grants = [grant for grant in user.active_grants if grant.role in roles]
    if any(grant.core_system_id is None and grant.queue_id is None and grant.agency_id is None for grant in grants):
        return None
    return {grant.core_system_id for grant in grants if grant.core_system_id is not None}


def announces_for(user: User | AnonymousUser) -> tuple[set[int], set[int]]:
    """The core systems and the bodies in whose name this person makes announcements: those that he manages."""
    grants = [grant for grant in user.active_grants if grant.role in ANNOUNCE] if isinstance(user, User) else []
    systems = {grant.core_system_id for grant in grants if grant.core_system_id is not None}
    return systems, {grant.agency_id for grant in grants if grant.agency_id is not None}


def led_agencies(user: User | AnonymousUser) -> QuerySet[Agency]:
    """The bodies whose people this person keeps: those whose confirmed focal point he is."""
    ids = user.focal_agency_ids() if isinstance(user, User) else set()
    return Agency.objects.filter(pk__in=ids)


def kept_memberships(user: User | AnonymousUser) -> QuerySet[Membership]:
    """The memberships in force that this focal point confirms or ends: of others, in his bodies."""
    if not isinstance(user, User):
        return Membership.objects.none()
    kept = Membership.objects.filter(agency__in=led_agencies(user), ended_at__isnull=True).exclude(user=user)
    return kept.select_related("user", "agency")
