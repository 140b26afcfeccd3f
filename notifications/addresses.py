"""What is known against an address: nothing more is mailed there until somebody says that it works again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

import worktime
from notifications.letters import one_line
from notifications.models import MailAddress, MailStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User

LASTS: Final = timedelta(days=3)
OFTEN: Final = 3
"""A deferral is nothing: a full mailbox, a server that makes strangers wait. That many, over that time, with no mail taken
in between, are as good as a mailbox that does not exist."""

KEPT: Final = timedelta(days=180)
"""For so long an address stays marked, as the steps that tell why. Then it is tried again: mailboxes come back, and one that
did not is marked anew by the first mail that fails."""
PIECE: Final = 1_000
"""Rows that are deleted at once."""

Reason = MailAddress.Reason


def blocked_among(emails: Iterable[str]) -> dict[str, MailAddress]:
    """Those of these addresses to which nothing is mailed, in lower case, with why. One query."""
    known = MailAddress.objects.filter(email__in={email.lower() for email in emails}, blocked_at__isnull=False)
    return {address.email: address for address in known}


def block(email: str, reason: Reason, answer: str) -> bool:
    """Nothing more is mailed there. Whether that is new; what was known first stays."""
    with transaction.atomic():
        address = _locked(email)
        if address.blocked_at is not None:
            return False
        address.blocked_at, address.reason, address.answer = worktime.now(), reason, one_line(answer)[:300]
        address.save()
    return True


def deferred(email: str, answer: str) -> bool:
    """The address was not served this time. Whether it has lasted, so that nothing more is mailed there."""
    with transaction.atomic():
        address, at = _locked(email), worktime.now()
        if address.blocked_at is not None:
            return False
        address.failing_since = address.failing_since or at
        address.failures = min(address.failures + 1, 1000)
        address.answer = one_line(answer)[:300]
        lasting = address.failures >= OFTEN and at - address.failing_since >= LASTS
        if lasting:
            address.blocked_at, address.reason = at, Reason.LASTING
        address.save()
    return lasting


def served(emails: Iterable[str]) -> None:
    """Mail was taken there: what was deferred before is forgotten. One query."""
    MailAddress.objects.filter(email__in={email.lower() for email in emails}, blocked_at__isnull=True).delete()


def clear(email: str, *, by: User | None = None) -> bool:
    """The address works: who reads it confirmed it, or an administrator says so. Whether anything was known against it."""
    with transaction.atomic():
        found, _ = MailAddress.objects.filter(email=email.lower()).delete()
        if found:
            MailStep.objects.create(kind=MailStep.Kind.CLEARED, address=email.lower(), by=by)
    return bool(found)


def forget() -> int:
    """Delete what has been known for longer than ``KEPT``, in pieces; how many addresses.

    A complaint is somebody's wish: it holds as long as an account has the address. Broken off, the next run goes on.
    """
    gone = 0
    while pks := list(_old().values_list("pk", flat=True)[:PIECE]):
        gone += _old().filter(pk__in=pks).delete()[0]
    return gone


def _old() -> QuerySet[MailAddress]:
    wish = Q(Exists(get_user_model().objects.filter(email=OuterRef("email"))), reason=Reason.COMPLAINED)
    old = MailAddress.objects.annotate(since=Coalesce("blocked_at", "failing_since")).order_by("since", "pk")
    return old.filter(since__lt=worktime.now() - KEPT).exclude(wish)


def _locked(email: str) -> MailAddress:
    """The row of the address, made where there is none, until the end of the transaction."""
    row = MailAddress(email=email.lower())
    # Said to be changed, so that it is locked, too: nobody forgets it before it is read.
    MailAddress.objects.bulk_create([row], update_conflicts=True, unique_fields=["email"], update_fields=["email"])
    return MailAddress.objects.select_for_update().get(email=email.lower())
