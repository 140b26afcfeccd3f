"""Taking, giving back and reading leases (DESIGN §6: beat leadership is a leased row)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from helpdesk.models import Lease

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


def _in(term: timedelta) -> Combinable:
    return ExpressionWrapper(Now() + term, output_field=DateTimeField())


def take(name: str, holder: str, term: timedelta) -> bool:
    """Take the lease, or renew it, for ``term`` from now. False, and nothing changed, while another holder's runs.

    Claimed by one conditional statement, so of two at once exactly one wins.
    """
    mine_or_over = Q(holder=holder) | Q(expires_at__lte=Now())
    if Lease.objects.filter(mine_or_over, name=name).update(holder=holder, renewed_at=Now(), expires_at=_in(term)):
        return True
    fresh = Lease(name=name, holder=holder, renewed_at=Now(), expires_at=_in(term))
    Lease.objects.bulk_create([fresh], ignore_conflicts=True)
    return Lease.objects.filter(name=name, holder=holder, expires_at__gt=Now()).exists()


def give_back(name: str, holder: str) -> None:
    """Let the next one take it at once. Nothing happens when it is no longer this holder's."""
    Lease.objects.filter(name=name, holder=holder).update(expires_at=Now())


def age(name: str) -> timedelta | None:
    """How long ago the lease was renewed; None when nobody ever held it."""
    found: timedelta | None = (
        Lease.objects.filter(name=name)
        .values_list(ExpressionWrapper(Now() - F("renewed_at"), DurationField()), flat=True)
        .first()
    )
    return found


def show(name: str, holder: str, term: timedelta) -> None:
    """Leave a sign of life, whoever left the one before."""
    sign = Lease(name=name, holder=holder, renewed_at=Now(), expires_at=_in(term))
    fields = ["holder", "renewed_at", "expires_at"]
    Lease.objects.bulk_create([sign], update_conflicts=True, unique_fields=["name"], update_fields=fields)
