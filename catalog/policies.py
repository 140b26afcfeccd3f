"""Which promise holds for a ticket."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from catalog.models import Offering, Policy


def in_force(offering: Offering, at: datetime) -> Policy:
    """The narrowest policy that is in force for an offering at a moment, the newest of its kind.

    That of the product, else of the core system, else of the whole portal. A policy is in force
    from its very moment on. One query, when the offering came with its product. Raises
    ``Policy.DoesNotExist`` where none is.
    """
    product, core = offering.product_id, offering.product.core_system_id
    found = (
        Policy.objects.filter(in_force_from__lte=at)
        .filter(Q(product=product) | Q(product=None, core_system=core) | Q(product=None, core_system=None))
        .order_by(F("product").asc(nulls_last=True), F("core_system").asc(nulls_last=True), "-in_force_from")
        .first()
    )
    if found is None:
        raise Policy.DoesNotExist("No policy is in force.")
    return found


def of_portal(at: datetime) -> Policy | None:
    """The policy in force for whatever has no narrower one. One query."""
    return Policy.objects.filter(in_force_from__lte=at, product=None, core_system=None).order_by("-in_force_from").first()
