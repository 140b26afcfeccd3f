"""Electoral periods, in which the portal shows no publicity (Lei 9.504/1997, art. 73, VI, b)."""

from __future__ import annotations

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
