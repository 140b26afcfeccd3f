"""Whom an announcement concerns: who belongs to any of what it names, or everybody (docs/adr/0042).

An account whose e-mail nobody has confirmed is nobody's: anybody may type anybody's address when he signs up.

To a body or a sphere belongs who has a membership in force that is confirmed, as everywhere. To a product belongs who
opened a ticket of it, or follows one, from ``LOOKS_BACK`` before the announcement went out on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q

import worktime
from accounts.models import Agency, Membership, User
from community.models import Announcement
from tickets.models import Follower, Ticket

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

LOOKS_BACK: Final = timedelta(days=365)


def concerns(user: User | AnonymousUser) -> Q:
    """Of announcements: those whose audience this person belongs to; that of everybody's for who is not signed in."""
    everybody = Q(to_everybody=True)
    if not isinstance(user, User):
        return everybody
    confirmed = [bond.agency for bond in user.active_memberships if bond.confirmed_at]
    of_announcement = {"announcement": OuterRef("pk")}
    agencies = Announcement.agencies.through.objects.filter(agency__in={body.pk for body in confirmed}, **of_announcement)
    spheres = Announcement.spheres.through.objects.filter(sphere__in={body.sphere_id for body in confirmed}, **of_announcement)
    since = OuterRef("announcement__release_at") - LOOKS_BACK
    asked = Ticket.objects.filter(requester=user, product=OuterRef("product"), opened_at__gte=since)
    follows = Follower.objects.filter(user=user, ticket__product=OuterRef("product"), ticket__opened_at__gte=since)
    products = Announcement.products.through.objects.filter(Exists(asked) | Exists(follows), **of_announcement)
    return everybody | Q(Exists(agencies)) | Q(Exists(spheres)) | Q(Exists(products))


def people(announcement: Announcement, among: Collection[int] | None = None) -> QuerySet[User]:
    """Everybody with an open account and a confirmed e-mail whom it concerns; of ``among`` (ids) only, where they are given.

    Told from the narrow side: what is named is looked up by its indexes, and those few are looked for among people.
    """
    typed = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=False)
    active = User.objects.filter(~Exists(typed), is_active=True)
    active = active if among is None else active.filter(pk__in=among)
    if announcement.to_everybody:
        return active
    since = (announcement.release_at or worktime.now()) - LOOKS_BACK
    bonds = Membership.objects.filter(ended_at=None, confirmed_at__isnull=False)
    named = Q(pk__in=announcement.agencies.values("pk")) | Q(sphere__in=announcement.spheres.values("pk"))
    bonds = bonds.filter(agency__in=Agency.objects.filter(named).values("pk"))
    asked = Ticket.objects.filter(product__in=announcement.products.all(), opened_at__gte=since)
    follows = Follower.objects.filter(ticket__in=asked)
    if among is not None:
        bonds, asked, follows = bonds.filter(user__in=among), asked.filter(requester__in=among), follows.filter(user__in=among)
    # One set of people. Three, of which any is enough, are looked through for each person once they outgrow work_mem.
    return active.filter(pk__in=bonds.values("user").union(asked.values("requester"), follows.values("user")))


def covers(wider: Announcement, announcement: Announcement) -> bool:
    """Whether all whom an announcement concerns may know of the wider one, by what both name. Six queries, most often none."""
    if wider.to_everybody or announcement.to_everybody:
        return wider.to_everybody
    names = [(getattr(announcement, name), getattr(wider, name)) for name in ("agencies", "spheres", "products")]
    return all(set(named.values_list("pk", flat=True)) <= set(wide.values_list("pk", flat=True)) for named, wide in names)


def count(announcement: Announcement) -> int:
    """How many people it concerns now, exactly. One query."""
    return people(announcement).count()


def said(announcement: Announcement) -> list[str]:
    """What it names, in words for who writes it. Three queries."""
    if announcement.to_everybody:
        return ["Todas as pessoas com conta no portal"]
    return [
        *(f"Esfera: {sphere.name}" for sphere in announcement.spheres.all()),
        *(f"Órgão: {agency}" for agency in announcement.agencies.all()),
        *(f"Produto: {product.name}" for product in announcement.products.all()),
    ]
