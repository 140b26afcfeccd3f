"""Delivering the outbox by mail: at least once, in order for each person, however many deliver at once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

import worktime
from notifications import kinds, preferences
from notifications.letters import letter, one_line
from notifications.models import Notice
from notifications.preferences import How

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long a claimed notice is left to its deliverer: longer than a mail server may take (EMAIL_TIMEOUT a command)."""

BACK_OFF = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720)]
"""How long after each failed try the next one comes; after the try that has no next one the notice is dead."""

RUN = timedelta(minutes=4)
"""No new notice is begun after this, so that a slow mail server does not run into the task's time limit."""


def deliver_due(limit: int = 100) -> int:
    """Send the notices that are due, oldest first, at most ``limit``; how many were sent.

    Each is claimed in a short transaction and sent outside it. A notice that fails is tried again
    later and passed by; it never holds up another. Where the mail server cannot be reached at all
    nobody is to blame: nothing is claimed or counted, and the line waits as it is.
    """
    begun = worktime.now()
    mail = get_connection()
    sent = 0
    try:
        for _ in range(limit):
            if worktime.now() - begun > RUN or not due(begun).exists() or not reached(mail):
                break
            notice = claim()
            if notice is None:
                break
            sent += deliver(notice, mail)
    finally:
        hang_up(mail)
    return sent


def reached(mail: BaseEmailBackend) -> bool:
    """Whether the mail server is on the line, called first where it is not."""
    try:
        mail.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.error("the mail server cannot be reached: %s", type(error).__name__)
        reason = one_error(error)
        due(worktime.now()).exclude(last_error=reason).update(last_error=reason)
        return False
    return True


def call_server() -> None:
    """Call the mail server and hang up, sending nothing. Raises ``OSError`` when it does not answer."""
    mail = get_connection()
    mail.open()
    hang_up(mail)


def hang_up(mail: BaseEmailBackend) -> None:
    try:
        mail.close()
    except OSError:
        pass  # a server that broke off needs no good-bye


def due(at: datetime) -> QuerySet[Notice]:
    """What may be sent now, news last, else oldest first: nothing of a person to whom something is being sent."""
    in_flight = Notice.objects.filter(recipient=OuterRef("recipient"), state=Notice.State.PENDING, leased_until__gt=at)
    return Notice.objects.filter(
        ~Exists(in_flight), state=Notice.State.PENDING, next_attempt_at__lte=at, kind__in=kinds.registered()
    ).order_by("line", "created_at", "id")


def claim() -> Notice | None:
    """The next notice, leased to the caller; ``None`` where there is none, or all are in other hands.

    The try is counted before it is made: a notice that kills its worker dies too, in the end. The
    recipient's row is locked along with the notice's, so that two claims at the same instant
    cannot take two notices of one person and send the later one first.
    """
    while True:
        with transaction.atomic():
            at = worktime.now()
            notice = (
                due(at)
                .select_related("recipient")
                .select_for_update(skip_locked=True, of=("self", "recipient"), no_key=True)
                .first()
            )
            if notice is None:
                return None
            # The locks may have come free by another's claim after this query began, or been had on a later
            # notice while another deliverer held the first: look again under them.
            if due(at).filter(recipient=notice.recipient_id).first() == notice:
                notice.attempts += 1
                notice.leased_until = at + LEASE
                notice.save(update_fields=["attempts", "leased_until"])
                return notice


def deliver(notice: Notice, mail: BaseEmailBackend) -> bool:
    """Send a claimed notice and write down how it went; whether it was sent. What its recipient wants in no mail is kept."""
    if not notice.recipient.is_active:
        return bury(notice, "A conta do destinatário está inativa.")
    if notice.attempts > len(BACK_OFF) + 1:
        return bury(notice, f"O envio foi interrompido {notice.attempts - 1} vezes.")
    how = preferences.how(notice)
    if how != How.MAIL:
        return keep(notice, Notice.State.TO_DIGEST if how == How.DIGEST else Notice.State.PORTAL)
    try:
        letter(notice, mail).send()
    except Exception as error:  # whatever a kind, a template or a server does wrong stays with this one notice
        log.warning("notice %s failed at try %s", notice.pk, notice.attempts, exc_info=True)
        hang_up(mail)  # whatever state it was left in, the next notice begins anew
        return postpone(notice, one_error(error))
    # Whoever holds the lease now: it has been sent, and sending it again helps nobody.
    Notice.objects.filter(pk=notice.pk).update(
        state=Notice.State.SENT, sent_at=worktime.now(), leased_until=None, last_error=""
    )
    return True


def postpone(notice: Notice, error: str) -> bool:
    if notice.attempts > len(BACK_OFF):
        return bury(notice, error)
    held(notice).update(next_attempt_at=worktime.now() + BACK_OFF[notice.attempts - 1], leased_until=None, last_error=error)
    return False


def keep(notice: Notice, state: Notice.State) -> bool:
    held(notice).update(state=state, leased_until=None, last_error="")
    return False


def bury(notice: Notice, error: str) -> bool:
    held(notice).update(state=Notice.State.DEAD, leased_until=None, last_error=error)
    return False


def held(notice: Notice) -> QuerySet[Notice]:
    """The row while its lease is the caller's; no row once another deliverer took over."""
    return Notice.objects.filter(pk=notice.pk, state=Notice.State.PENDING, leased_until=notice.leased_until)


def one_error(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")[:300]
