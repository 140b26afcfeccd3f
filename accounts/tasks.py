"""Jobs about people; beat asks for them."""

from __future__ import annotations

from celery import shared_task

from accounts import privacy


@shared_task
def tell_of_privacy() -> int:
    """One piece a turn, and no more: it is owed to everybody, and urgent to nobody."""
    return privacy.tell_due()
