"""What became of an announcement's notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from community import notices
from notifications.models import Notice

if TYPE_CHECKING:
    from community.models import Announcement

State = Notice.State


@dataclass(frozen=True, slots=True)
class Figures:
    """How many notices are where; together all that were written."""

    queued: int
    sent: int
    in_digest: int
    portal_only: int
    failed: int
    stopped: int


def of(announcement: Announcement) -> Figures:
    """One query, over the notices of this announcement alone."""
    counted = dict(notices.of(announcement).order_by().values_list("state").annotate(Count("pk")))
    return Figures(
        queued=counted.get(State.PENDING, 0),
        sent=counted.get(State.SENT, 0),
        in_digest=counted.get(State.TO_DIGEST, 0) + counted.get(State.DIGESTED, 0),
        portal_only=counted.get(State.PORTAL, 0),
        failed=counted.get(State.DEAD, 0),
        stopped=counted.get(State.STOPPED, 0),
    )
