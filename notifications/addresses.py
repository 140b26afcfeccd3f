"""What is known against an address: nothing more is mailed there until somebody says that it works again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction

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
    """Mail was taken there: what was deferred before begins anew. One query."""
    deferred_before = MailAddress.objects.filter(email__in={email.lower() for email in emails}, blocked_at__isnull=True)
    deferred_before.filter(failures__gt=0).update(failures=0, failing_since=None)


def clear(email: str, *, by: User | None = None) -> bool:
    """The address works: who reads it confirmed it, or an administrator says so. Whether anything was known against it."""
    with transaction.atomic():
        found, _ = MailAddress.objects.filter(email=email.lower()).delete()
        if found:
            MailStep.objects.create(kind=MailStep.Kind.CLEARED, address=email.lower(), by=by)
    return bool(found)


def _locked(email: str) -> MailAddress:
    """The row of the address, made where there is none, until the end of the transaction."""
    MailAddress.objects.bulk_create([MailAddress(email=email.lower())], ignore_conflicts=True)
    return MailAddress.objects.select_for_update().get(email=email.lower())
