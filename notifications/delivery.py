"""Delivering the outbox by mail: at least once, in order for each person, however many deliver at once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

import worktime
from notifications import kinds, news, sending
from notifications.batches import Batch
from notifications.models import Notice

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=5)
"""How long claimed notices are left to their deliverer. A batch begins nothing new after ``batches.TURN``, so that the lease
has room for the slowest message (EMAIL_TIMEOUT a command)."""

BATCH: Final = 20
"""Notices that are claimed at once, one a person. So many may go out a second time when a worker is killed, and so many of
the news may leave before a ticket's notice that came meanwhile."""

ROUNDS: Final = 10
"""How often a claim looks again where others hold what comes first; then it leaves the rest to the next run."""

SAID_AT_ONCE: Final = 1_000
"""Waiting notices that are told at once why they wait. The next run tells the next ones."""

RUN = timedelta(seconds=20)
"""No new batch is begun after this: the worker has other jobs, and letters about accounts go first of all."""


def deliver_due(limit: int = 10_000) -> int:
    """Send the notices that are due, oldest first, news last, at most ``limit``; how many were sent.

    They are claimed in short transactions and sent outside them. A notice that fails is tried again
    later and holds up nobody else's. Where the mail server cannot be reached at all nobody is to blame:
    nothing is claimed or counted, and the line waits as it is.
    """
    begun = worktime.now()
    if not due(begun, news.lines_open(begun)).exists():
        return 0
    mail, sent = sending.line(), 0
    try:
        while sent < limit and worktime.now() - begun <= RUN and reached(mail):
            batch = Batch(claim(min(BATCH, limit - sent)), mail)
            sent += batch.deliver()
            if not batch.notices or batch.service_is_away:
                break
    finally:
        sending.hang_up(mail)
    return sent


def reached(mail: BaseEmailBackend) -> bool:
    """Whether the mail server is on the line, called first where it is not."""
    try:
        mail.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.error("the mail server cannot be reached: %s", type(error).__name__)
        _say_why(sending.one_error(error))
        return False
    return True


def _say_why(reason: str) -> None:
    """On the first of those that wait, so that the administrator sees it; locked, for others say the same at this moment."""
    at = worktime.now()
    with transaction.atomic():
        waiting = due(at, news.lines_open(at)).exclude(last_error=reason)
        first = waiting.select_for_update(skip_locked=True, of=("self",), no_key=True).values_list("pk", flat=True)
        Notice.objects.filter(pk__in=list(first[:SAID_AT_ONCE])).update(last_error=reason)


def due(at: datetime, lines: Collection[Notice.Line]) -> QuerySet[Notice]:
    """What of these lines may be sent now, news last, else oldest first.

    Nothing of a person to whom something of the same line is being sent, or is to be tried again soon.
    """
    in_flight = Notice.objects.filter(
        recipient=OuterRef("recipient"), line=OuterRef("line"), state=Notice.State.PENDING, leased_until__gt=at
    )
    return Notice.objects.filter(
        ~Exists(in_flight),
        line__in=lines,
        state=Notice.State.PENDING,
        next_attempt_at__lte=at,
        kind__in=kinds.registered(),
    ).order_by("line", "created_at", "id")


def claim(most: int = BATCH) -> list[Notice]:
    """The next notices, one a person, leased to the caller; none where there are none, or all are in other hands.

    The try is counted before it is made: a notice that kills its worker dies too, in the end. Alone: what was
    tried before is claimed by itself, so that it takes no others with it. The recipients' rows are locked along
    with the notices', so that two claims at the same instant cannot take two notices of one person and send the
    later one first.
    """
    for _ in range(ROUNDS):
        with transaction.atomic():
            at = worktime.now()
            lines = news.lines_open(at)
            found = list(
                due(at, lines)
                .select_related("recipient")
                .select_for_update(skip_locked=True, of=("self", "recipient"), no_key=True)[: 2 * most]
            )
            if not found:
                return []
            # The locks may have come free by another's claim after this query began, or been had on a later
            # notice while another deliverer held the first: look again under them.
            people = {notice.recipient_id for notice in found}
            first = due(at, lines).filter(recipient__in=people).order_by("recipient", "line", "created_at", "id")
            firsts = set(first.distinct("recipient").values_list("pk", flat=True))
            mine = [notice for notice in found if notice.pk in firsts]
            taken = [notice for notice in mine if not notice.attempts] if mine and not mine[0].attempts else mine[:1]
            if taken := taken[:most]:
                until = at + LEASE
                Notice.objects.filter(pk__in=[notice.pk for notice in taken]).update(
                    attempts=F("attempts") + 1, leased_until=until
                )
                for notice in taken:
                    notice.attempts, notice.leased_until = notice.attempts + 1, until
                return taken
    return []
