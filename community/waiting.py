"""Announcements that an electoral period puts off: who wrote or confirmed one is told, once a period.

Nothing of them is changed. ``notifications.news`` holds their mail and their lines in lists of notices; pages show none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

import worktime
from catalog import electoral
from community import notices
from community.models import Announcement, AnnouncementEvent
from community.shown import GOING_OUT
from community.writing import note

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from catalog.electoral import Period

State, Action = Announcement.State, AnnouncementEvent.Action


def put_off(period: Period) -> QuerySet[Announcement]:
    """Those that are out, and that this period keeps from home pages or from being written to everybody."""
    unfinished = Q(shown_until__gt=period.starts) | Q(state__in=[State.SCHEDULED, State.SENDING])
    return Announcement.objects.filter(unfinished, state__in=GOING_OUT, release_at__lte=worktime.now())


def tell() -> int:
    """Tell of each that is put off now, and leave an event; of how many. One query outside of such periods."""
    if (period := electoral.around(worktime.now())) is None:
        return 0
    said = AnnouncementEvent.objects.filter(announcement=OuterRef("pk"), action=Action.WAIT, at__gte=period.starts)
    told = 0
    for pk in put_off(period).filter(~Exists(said)).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            # Under the row's lock, so that several workers leave one event.
            found = put_off(period).filter(~Exists(said), pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
            if found is not None:
                event = note(found, Action.WAIT, worktime.now())
                notices.waits(found, event)
                told += 1
    return told


def comes_upon(draft: Announcement) -> Period | None:
    """The electoral period that begins while this draft would be on home pages, if it went out as it says. One query."""
    begins = max(worktime.now(), draft.release_at or worktime.now())
    period = electoral.next_after(begins)
    return period if period and period.starts < draft.shown_until else None
