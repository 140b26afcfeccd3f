"""Which treatments somebody reads, in which order, and what they come to by theme (docs/adr/0053)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from django.db import models
from django.db.models import Count, Q

from accounts import rights
from accounts.models import RoleGrant, User
from catalog.models import Product

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.contrib.auth.models import AnonymousUser

    from feedback.models import Treatment  # noqa: F401  # the name in QuerySet["Treatment"], which ruff does not read

OMBUDSMAN, MANAGER = RoleGrant.Role.OMBUDSMAN, RoleGrant.Role.MANAGER
OPEN: Final = ("new", "looking")
UNANSWERED: Final = Q(manifestation__isnull=False) & (
    Q(manifestation__answered_at__isnull=True) | Q(manifestation__has_news=True)
)
"""Manifestations for which the ombudsman has something to do (``ManifestationQuerySet.waiting``)."""
NO_THEME: Final = "Sem tema"

Span = tuple["date", "date"]
"""The first and the last day of a period of whole months, both included."""


def reads(user: User | AnonymousUser) -> bool:
    """Whether this person reads treatments: who reads single opinions at the desk, the ombudsman and managers."""
    return rights.holds(user, OMBUDSMAN) or bool(rights.core_systems(user, MANAGER))


class TreatmentQuerySet(models.QuerySet["Treatment"]):
    def read_by(self, user: User | AnonymousUser) -> Self:
        """The ombudsman reads all; a manager what is about his core systems, and manifestations about no product.

        Nobody's own manifestations are among them: the same rule as at the desk (``ManifestationQuerySet.read_by``).
        """
        if not isinstance(user, User) or not reads(user):
            return self.none()
        found = self.filter(Q(manifestation=None) | Q(manifestation__author=None) | ~Q(manifestation__author=user))
        if rights.holds(user, OMBUDSMAN):
            return found
        # Asked of the product's id, not of a join, so that the rows are read in their index's order and not sorted.
        products = Product.objects.filter(core_system__in=rights.core_systems(user, MANAGER) or set()).values("pk")
        return found.filter(Q(product__in=products) | Q(product=None, manifestation__isnull=False))

    def waiting(self) -> Self:
        """Those with which nobody is done."""
        return self.filter(state__in=OPEN)

    def unanswered(self) -> Self:
        """Manifestations that the ombudsman has to answer. What is settled was answered (``feedback.treatments``)."""
        return self.waiting().filter(UNANSWERED)

    def came_in(self, span: Span) -> Self:
        return self.filter(month__range=span)

    def in_work_order(self) -> Self:
        """By the law's deadline, then by the month in which they came, the oldest first; within it by random ids."""
        return self.order_by("due_on", "month", "id")

    def newest_first(self) -> Self:
        return self.order_by("-month", "id")


@dataclass(frozen=True, slots=True)
class Standing:
    """How many there are now."""

    new: int
    looking: int
    unanswered: int
    """Manifestations that the ombudsman has to answer."""
    overdue: int
    """Of these the ones whose deadline has gone by."""


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme: what waits now, what came in the period and in the one before, and what ended in the period."""

    pk: int | None
    name: str
    waiting: int
    came: int
    came_before: int
    done: int
    nothing: int

    @property
    def trend(self) -> str:
        """Against the period before, in words."""
        if self.came == self.came_before:
            return "Igual"
        more = self.came - self.came_before
        return f"{more} a mais" if more > 0 else f"{-more} a menos"


def standing(treatments: TreatmentQuerySet, today: date) -> Standing:
    """One query, of what waits."""
    told = (
        treatments.waiting()
        .order_by()
        .aggregate(
            new=Count("pk", filter=Q(state="new")),
            looking=Count("pk", filter=Q(state="looking")),
            unanswered=Count("pk", filter=UNANSWERED),
            overdue=Count("pk", filter=Q(due_on__lt=today)),
        )
    )
    return Standing(**told)


def by_theme(
    treatments: TreatmentQuerySet, span: Span, before: Span, settled: tuple[datetime, datetime]
) -> tuple[list[ThemeLine], ThemeLine]:
    """The themes that occur, as they are ordered, what has none last; and all together. One query.

    ``settled`` is the period as moments, half-open.
    """
    waits, came, came_before = Q(state__in=OPEN), Q(month__range=span), Q(month__range=before)
    ended = Q(settled_at__gte=settled[0], settled_at__lt=settled[1])
    rows = (
        treatments.filter(waits | came | came_before | ended)
        .order_by("theme__position", "theme__name")
        .values_list("theme", "theme__name")
        .annotate(
            waiting=Count("pk", filter=waits),
            came=Count("pk", filter=came),
            came_before=Count("pk", filter=came_before),
            done=Count("pk", filter=ended & Q(state="done")),
            nothing=Count("pk", filter=ended & Q(state="nothing")),
        )
    )
    lines = [ThemeLine(pk, name or NO_THEME, *counts) for pk, name, *counts in rows]
    sums = [sum(getattr(line, name) for line in lines) for name in ("waiting", "came", "came_before", "done", "nothing")]
    return lines, ThemeLine(None, "Todos", *sums)
