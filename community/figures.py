"""What became of an announcement's notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Count

from community import notices
from notifications.models import MailStep, Notice

if TYPE_CHECKING:
    from community.models import Announcement

State = Notice.State
CAME_BACK: Final = (MailStep.Kind.BOUNCED, MailStep.Kind.REJECTED)


@dataclass(frozen=True, slots=True)
class Figures:
    """How many notices are where; together all that were written. Those that came back are among the sent."""

    queued: int
    sent: int
    came_back: int
    in_digest: int
    portal_only: int
    failed: int
    stopped: int


def of(announcement: Announcement) -> Figures:
    """Two queries, over the notices of this announcement alone."""
    written = notices.of(announcement)
    counted = dict(written.order_by().values_list("state").annotate(Count("pk")))
    came_back = MailStep.objects.filter(kind__in=CAME_BACK, notice__in=written).aggregate(count=Count("notice", distinct=True))
    return Figures(
        queued=counted.get(State.PENDING, 0),
        sent=counted.get(State.SENT, 0),
        came_back=came_back["count"],
        in_digest=counted.get(State.TO_DIGEST, 0) + counted.get(State.DIGESTED, 0),
        portal_only=counted.get(State.PORTAL, 0),
        failed=counted.get(State.DEAD, 0),
        stopped=counted.get(State.STOPPED, 0),
    )
