"""Writing notices into the outbox, in the transaction of what caused them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from notifications.models import Notice

if TYPE_CHECKING:
    from accounts.models import User


def enqueue(kind: str, *, to: User | int, data: Mapping[str, int | str], dedupe_key: str) -> None:
    """Queue a notice. The same ``dedupe_key`` again adds nothing."""
    recipient = to if isinstance(to, int) else to.pk
    Notice.objects.bulk_create(
        [Notice(kind=kind, recipient_id=recipient, data=dict(data), dedupe_key=dedupe_key)], ignore_conflicts=True
    )
