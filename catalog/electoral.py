"""Electoral periods, in which the portal shows no publicity (Lei 9.504/1997, art. 73, VI, b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from catalog.models import ElectoralPeriod

IN_FORCE = """
    SELECT EXISTS (
        SELECT FROM catalog_electoralperiod period LEFT JOIN catalog_sphere sphere ON sphere.id = period.sphere_id
        WHERE period.active AND period.starts <= %s AND period.ends > %s AND (sphere.id IS NULL OR sphere.slug = %s)
    )
"""
"""The same as ``in_force``, for a query that asks more."""


def in_force(at: datetime, sphere: str = "") -> bool:
    """Whether logos, images, news and praise are off at a moment: everywhere, or on the pages of a sphere (a slug). One query.

    A period holds from its first moment on, and no longer at its last.
    """
    there = Q(sphere=None) | Q(sphere__slug=sphere)
    return ElectoralPeriod.objects.filter(there, active=True, starts__lte=at, ends__gt=at).exists()


@dataclass(frozen=True, slots=True)
class Period:
    """A time without publicity on every page; several rows that adjoin are one."""

    starts: datetime
    ends: datetime


def around(at: datetime) -> Period | None:
    """The one that is in force everywhere at a moment. One query."""
    return next((period for period in _general() if period.starts <= at < period.ends), None)


def next_after(at: datetime) -> Period | None:
    """The first that begins everywhere after a moment, as far as is known. One query."""
    return next((period for period in _general() if period.starts > at), None)


def _general() -> list[Period]:
    joined: list[Period] = []
    for row in ElectoralPeriod.objects.filter(sphere=None, active=True).order_by("starts"):
        if joined and row.starts <= joined[-1].ends:
            joined[-1] = Period(joined[-1].starts, max(joined[-1].ends, row.ends))
        else:
            joined.append(Period(row.starts, row.ends))
    return joined
