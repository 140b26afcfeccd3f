"""The job that lets announcements out: it writes a notice for each person whom one concerns, piece by piece.

A piece is the next so many people by id. It has its own short transaction, which takes the announcement's row, writes
the notices and keeps the last person's id: a worker that dies leaves nothing half done, another goes on, and any number
may work at once. A notice's key is announcement and person, so that nobody gets two.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

import worktime
from accounts.models import User
from catalog import electoral
from community import audience, notices
from community.models import Announcement, AnnouncementEvent
from community.shown import GOING_OUT
from community.writing import note
from notifications import outbox
from notifications.models import Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

State, Action = Announcement.State, AnnouncementEvent.Action

PIECE: Final = 500
"""People looked at in one transaction, whether or not it concerns them: so it is short, however few these are."""
HELD_AT_ONCE: Final = 1_000
NOT_MAILED: Final = (Notice.State.PENDING, Notice.State.TO_DIGEST)
RUN: Final = timedelta(seconds=10)
"""No further piece is begun after this, so that the other jobs have their turn; the rest is asked for again."""


def due() -> QuerySet[Announcement]:
    """Those whose moment has come and of which notices are to be written, in their order."""
    found = Announcement.objects.filter(state__in=[State.SCHEDULED, State.SENDING], release_at__lte=worktime.now())
    return found.order_by("release_at", "pk")


def end() -> int:
    """What has left the home pages is mailed no more, however long an electoral period or a server kept it; of how many.

    Once for each: its notices in the portal stay, and who sent its mail by hand again meant to.
    """
    ended = Exists(AnnouncementEvent.objects.filter(announcement=OuterRef("pk"), action=Action.END))
    over = Announcement.objects.filter(~ended, state__in=GOING_OUT, by_mail=True, shown_until__lte=worktime.now()).order_by(
        "pk"
    )
    done = 0
    for pk in over.values_list("pk", flat=True):
        with transaction.atomic():
            # Under the row's lock, so that several workers leave one event.
            found = over.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
            if found is not None:
                note(found, Action.END, worktime.now())
                found.stopping = True
                found.save(update_fields=["stopping"])
                done += 1
    return done


def left() -> bool:
    """Whether there is more to do."""
    return due().exists() or Announcement.objects.filter(stopping=True).exists()


def send_due() -> int:
    """Write the notices that are due, within ``RUN``; how many pieces were done. In an electoral period it waits."""
    if not due().exists() or electoral.in_force(worktime.now()):
        return 0
    done, failed, until = 0, set[int](), time.monotonic() + RUN.total_seconds()
    while time.monotonic() < until:
        announcement = None
        try:
            with transaction.atomic():
                free = due().exclude(pk__in=failed).select_for_update(skip_locked=True, of=("self",))
                if (announcement := free.first()) is None:
                    break
                _send_piece(announcement)
                done += 1
        except Exception as error:  # one poisoned row must not stop the line
            if announcement is None:
                raise
            logger.error("The sending of announcement pk=%s failed: %s", announcement.pk, type(error).__name__)
            failed.add(announcement.pk)
    return done


def _send_piece(announcement: Announcement) -> None:
    at = worktime.now()
    if announcement.state == State.SCHEDULED:
        announcement.state = State.SENDING
        note(announcement, Action.BEGIN, at)
    after = User.objects.filter(pk__gt=announcement.last_served).order_by("pk").values_list("pk", flat=True)
    piece = list(after[:PIECE]) if announcement.by_mail and announcement.shown_until > at else []
    if piece:
        concerned = list(audience.people(announcement, among=piece).order_by("pk").values_list("pk", flat=True))
        outbox.enqueue_all([notices.notice(announcement, person) for person in concerned])
        announcement.last_served, announcement.served = piece[-1], announcement.served + len(concerned)
    if len(piece) < PIECE:
        announcement.state = State.SENT
        note(announcement, Action.FINISH, at)
    announcement.save(update_fields=["state", "last_served", "served"])


def hold_back() -> int:
    """Mail of what was stopped or is over, that has not left, stays in the portal; how many notices, within ``RUN``.

    What is in a deliverer's hands is left to him: he asks before each mail whether it may still go.
    """
    held, until = 0, time.monotonic() + RUN.total_seconds()
    while time.monotonic() < until:
        with transaction.atomic():
            stopped = Announcement.objects.filter(stopping=True).order_by("pk")
            announcement = stopped.select_for_update(skip_locked=True, of=("self",)).first()
            if announcement is None:
                break
            waiting = notices.of(announcement).filter(state__in=NOT_MAILED)
            free = waiting.filter(Q(leased_until=None) | Q(leased_until__lte=worktime.now()))
            piece = list(free.select_for_update(skip_locked=True, of=("self",))[:HELD_AT_ONCE])
            held += outbox.stop(Notice.objects.filter(pk__in=[row.pk for row in piece]))
            if not waiting.exists():
                announcement.stopping = False
                announcement.save(update_fields=["stopping"])
            elif not piece:
                break
    return held
