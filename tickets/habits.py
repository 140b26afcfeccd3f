"""What somebody mostly asks for, so that the way to it is short: his own, his bodies' and everybody's offerings of late.

Derived from the newest tickets each time it is asked, from so few of them that a million older ones cost nothing; so
there is no table to keep in step, and nothing to run at night.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import worktime
from catalog import offers
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from catalog.models import Offering, Sphere

LATELY: Final = timedelta(days=90)
OWN_READ, BODIES_READ, EVERYBODYS_READ = 30, 200, 1000
"""The newest tickets of each that are read."""
SHOWN: Final = 6


@dataclass(frozen=True, slots=True)
class Usual:
    """An offering, and whether this person asked for it himself."""

    offering: Offering
    own: bool


def usual(user: User | AnonymousUser) -> list[Usual]:
    """Offerings still on offer: the person's own, newest first, then those frequent in his confirmed bodies, then everybody's.

    At most 4 queries. A body that has not confirmed somebody tells him nothing.
    """
    own: list[int] = []
    others: list[int] = []
    lately = Ticket.objects.filter(opened_at__gte=worktime.now() - LATELY)
    if user.is_authenticated:
        own = _once(
            Ticket.objects.filter(requester=user).order_by("-last_public_at").values_list("offering", flat=True)[:OWN_READ]
        )
        bodies = [m.agency_id for m in user.active_memberships if m.confirmed_at]
        newest = lately.filter(agency__in=bodies).order_by("-last_public_at").values_list("offering", flat=True)
        others = _most_frequent(newest[:BODIES_READ]) if bodies else []
    if len({*own, *others}) < SHOWN:
        others += _most_frequent(lately.order_by("-pk").values_list("offering", flat=True)[:EVERYBODYS_READ])
    wanted = _once([*own, *others])
    rows = offers.offerings().select_related("sphere", "product__core_system", "support_type").in_bulk(wanted)
    return [Usual(rows[pk], pk in own) for pk in wanted if pk in rows][:SHOWN]


def last_of(user: User) -> Ticket | None:
    """The ticket of this person's that something happened on last, with its offering's sphere; one query."""
    return Ticket.objects.filter(requester=user).select_related("offering__sphere").order_by("-last_public_at").first()


def usual_sphere(user: User | AnonymousUser) -> Sphere | None:
    """The sphere that this person asked in last, else that of his bodies where it is one only."""
    if not user.is_authenticated:
        return None
    last = last_of(user)
    if last is not None:
        return last.offering.sphere
    spheres = {m.agency.sphere for m in user.active_memberships}
    return spheres.pop() if len(spheres) == 1 else None


def _once(pks: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(pks))


def _most_frequent(pks: Iterable[int]) -> list[int]:
    return [pk for pk, _ in Counter(pks).most_common(SHOWN)]
