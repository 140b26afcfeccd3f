"""Which manifestations somebody sees, and in which order they are worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from accounts import rights
from accounts.models import RoleGrant, User

if TYPE_CHECKING:
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from feedback.models import Manifestation  # noqa: F401  # the name in QuerySet["Manifestation"], which ruff does not read

OMBUDSMAN, MANAGER = RoleGrant.Role.OMBUDSMAN, RoleGrant.Role.MANAGER


def works(user: User | AnonymousUser) -> bool:
    """Whether this person answers manifestations."""
    return rights.holds(user, OMBUDSMAN)


def reads(user: User | AnonymousUser) -> bool:
    """Whether this person reads manifestations of others at the desk."""
    return rights.holds(user, OMBUDSMAN, MANAGER)


class ManifestationQuerySet(models.QuerySet["Manifestation"]):
    def of(self, user: User | AnonymousUser) -> Self:
        """Those that this person wrote under his name, newest first."""
        return self.filter(author=user.pk).order_by("-number") if user.is_authenticated else self.none()

    def read_by(self, user: User | AnonymousUser) -> Self:
        """Those of others that this person reads at the desk: the ombudsman all, a manager those of his core systems
        and those about no product. Nobody's own are among them.
        """
        if not isinstance(user, User) or not reads(user):
            return self.none()
        found = self.filter(Q(author=None) | ~Q(author=user))
        if works(user):
            return found
        systems = rights.core_systems(user, MANAGER) or set()
        return found.filter(Q(product=None) | Q(product__core_system__in=systems)) if systems else self.none()

    def waiting(self) -> Self:
        """Those that the ombudsman has something to do for: no answer yet, or new words since."""
        return self.filter(Q(answered_at=None) | Q(has_news=True))

    def overdue(self, today: date) -> Self:
        """Those whose deadline has gone by without an answer, at that date in Brasília."""
        return self.filter(answered_at=None, due_on__lt=today)

    def in_work_order(self) -> Self:
        """Who waits for a first answer by deadline, then who wrote again."""
        return self.order_by(F("answered_at").asc(nulls_first=True), "due_on", "number")

    def published(self) -> Self:
        """The praise that everybody may read, newest first."""
        return self.filter(published_at__isnull=False).order_by("-published_at", "-number")
