"""Which announcements are whose to write (DESIGN §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from accounts import rights
from community.models import Announcement

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User


def announces(user: User | AnonymousUser) -> bool:
    """Whether this person writes announcements in anybody's name."""
    return any(rights.announces_for(user))


def run_by(user: User | AnonymousUser) -> QuerySet[Announcement]:
    """Those that this person writes, sends and stops: a manager's, of his core systems and bodies."""
    systems, agencies = rights.announces_for(user)
    return Announcement.objects.filter(Q(core_system__in=systems) | Q(agency__in=agencies))
