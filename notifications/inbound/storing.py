"""Every mail is stored whole before anything else happens to it; what cannot be treated is kept apart, never dropped."""

from __future__ import annotations

import hashlib
import re
import time
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

import worktime
from files import keeping
from notifications.errors import place_of
from notifications.inbound import sorting
from notifications.models import InboundMail

State, Reason = InboundMail.State, InboundMail.Reason

MAX_BYTES: Final = 30 * 1024**2
"""Longer mails are not kept whole: ten files of a form are not sent by mail."""
KEPT_OF_LONG: Final = 64 * 1024
"""The beginning of such a mail: who wrote it, and to whom."""

LEASE: Final = timedelta(minutes=5)
"""How long a claimed mail is left to who handles it."""
BACK_OFF: Final = [timedelta(minutes=m) for m in (1, 5, 15, 60)]
"""After each failed try; after the one that has no next one the mail waits for a person."""

KEPT: Final = timedelta(days=90)
"""How long what came to no ticket is kept, for who asks what became of his mail; and of every mail its addresses."""
ASIDE: Final = timedelta(days=180)
"""How long a mail in quarantine waits for a person."""
OF_TICKETS: Final = (State.TAKEN, State.KEPT)
"""These are kept as their tickets are, for the team (``tickets.admin.bench.original``)."""
PIECE: Final = 500
"""Mails that are forgotten at once."""
RUN: Final = timedelta(minutes=2)
"""No further piece is begun after this; so many as come in a day are forgotten in a small part of it."""

STABLE: Final = frozenset({b"message-id", b"from", b"date", b"subject"})
"""Fields that every copy of a mail has alike; others grow on the way."""
DECIDING: Final = frozenset(
    {b"to", b"cc", b"sender", b"delivered-to", b"x-original-to", b"envelope-to", b"resent-from", b"authentication-results"}
    | {name.lower().encode() for name in sorting.FIELDS}
)
"""Fields that decide what becomes of a mail, and those that begin with ``content-``. A copy that has others is a mail by
itself: else whoever sends one first, marked as automatic, would make the true mail a copy of his."""
HALF: Final = 32
"""Letters of a fingerprint that are of the words alone; the rest is of what decides."""
END_OF_HEAD: Final = re.compile(rb"\r?\n\r?\n|\r\r")


def store(
    raw: bytes,
    *,
    source: InboundMail.Source,
    received_at: datetime,
    recipient: str = "",
    size: int | None = None,
) -> InboundMail:
    """The row of this mail, new or, where the same one came before, that one with one copy more.

    ``received_at`` is aware; a moment to come counts as now. ``size`` is the mail's own, where ``raw`` is only its
    beginning. The same mail at the same instant is stored once.
    """
    size = len(raw) if size is None else size
    whole = size <= MAX_BYTES and len(raw) >= size
    fingerprint = fingerprint_of(raw[:KEPT_OF_LONG] if not whole else raw, recipient)
    if (known := _known(fingerprint)) is not None:
        return known
    with transaction.atomic():
        content = keeping.keep(raw if whole else raw[:KEPT_OF_LONG], name="email.txt", content_type="text/plain")
        mail = InboundMail(
            source=source,
            received_at=min(received_at, worktime.now()),
            content=content,
            size=size,
            whole=whole,
            fingerprint=fingerprint,
            recipient=recipient[:320],
        )
        if InboundMail.objects.bulk_create([mail], ignore_conflicts=True) and InboundMail.objects.filter(pk=mail.pk).exists():
            return mail
        keeping.discard(content)  # somebody else has just stored the same one
    found = _known(fingerprint)
    assert found is not None  # noqa: S101  # mails are never deleted, and the conflict was with one
    return found


def not_fetched(
    fingerprint: str,
    *,
    received_at: datetime,
    error: str,
    source: InboundMail.Source = InboundMail.Source.IMAP,
) -> None:
    """Keep in mind a mail that we did not get: it lies at its server still, or goes back, and people have to look."""
    mail = InboundMail(source=source, received_at=received_at, size=0, error=error[:300], reason=Reason.NOT_FETCHED)
    _put_aside(mail, fingerprint.encode())


def payload(body: bytes, *, error: str) -> None:
    """Keep what a provider's call said of which no mail can be made, for people to look; the same once."""
    with transaction.atomic():
        content = keeping.keep(body, name="entrega.txt", content_type="text/plain")
        mail = InboundMail(source=InboundMail.Source.WEBHOOK, received_at=worktime.now(), content=content, size=len(body))
        mail.error, mail.reason = error[:300], Reason.PAYLOAD
        if not _put_aside(mail, b"payload\n" + body):
            keeping.discard(content)


def _put_aside(mail: InboundMail, named: bytes) -> bool:
    """Into quarantine, once under this name; whether it is new."""
    mail.fingerprint = hashlib.sha256(named).hexdigest()
    mail.state, mail.whole, mail.handled_at = State.QUARANTINED, False, worktime.now()
    if _known(mail.fingerprint) is not None:
        return False
    InboundMail.objects.bulk_create([mail], ignore_conflicts=True)
    return InboundMail.objects.filter(pk=mail.pk).exists()


def _known(fingerprint: str) -> InboundMail | None:
    InboundMail.objects.filter(fingerprint=fingerprint).update(copies=F("copies") + 1)
    return InboundMail.objects.filter(fingerprint=fingerprint).first()


def fingerprint_of(raw: bytes, recipient: str = "") -> str:
    """The same for each copy of a mail that is to be treated alike; an id alone is none, for some programs use one twice.

    Its first ``HALF`` letters are the same for each copy, however it travelled and was marked.
    """
    found = END_OF_HEAD.search(raw, 0, KEPT_OF_LONG * 4)
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (b"", raw)
    fields = re.sub(rb"\r?\n[ \t]+", b" ", head).splitlines()
    named = [(field.partition(b":")[0].strip().lower(), field) for field in fields]
    words = hashlib.sha256(b"\n".join(sorted(field for name, field in named if name in STABLE)))
    words.update(b"\n\n" + body.replace(b"\r\n", b"\n").rstrip())
    deciding = [field for name, field in named if name in DECIDING or name.startswith(b"content-")]
    by_nobody = any(name == b"return-path" and field.endswith(b"<>") for name, field in named)
    around = sum(name == b"received" for name, _ in named) > sorting.MAX_HOPS
    decides = hashlib.sha256(b"\n".join([*deciding, recipient.lower().encode(), b"%d%d" % (by_nobody, around)]))
    return words.hexdigest()[:HALF] + decides.hexdigest()[:HALF]


def spoken(mail: InboundMail) -> bool:
    """Whether another copy of the same words stands on the same ticket already, by the same person."""
    copies = InboundMail.objects.filter(fingerprint__startswith=mail.fingerprint[:HALF], thread=mail.thread, user=mail.user)
    return copies.filter(state__in=[State.TAKEN, State.KEPT]).exclude(pk=mail.pk).exists()


def due(at: datetime) -> QuerySet[InboundMail]:
    """What is to be handled now, oldest first."""
    return InboundMail.objects.filter(state=State.NEW, next_attempt_at__lte=at).order_by("next_attempt_at", "stored_at")


def claim() -> InboundMail | None:
    """The next mail, leased to the caller; ``None`` where there is none, or all are in other hands.

    The try is counted before it is made: a mail that kills who reads it is laid aside, too, in the end.
    """
    while True:
        with transaction.atomic():
            mail = due(worktime.now()).select_for_update(skip_locked=True).first()
            if mail is None:
                return None
            mail.attempts += 1
            if mail.attempts > len(BACK_OFF) + 1:
                lay_aside(mail, Reason.FAILED, mail.error or "O tratamento foi interrompido várias vezes.")
                continue
            mail.next_attempt_at = worktime.now() + LEASE
            mail.save(update_fields=["attempts", "next_attempt_at"])
            return mail


def held(mail: InboundMail) -> QuerySet[InboundMail]:
    """The row, locked, while the lease is the caller's; no row once another one took over."""
    rows = InboundMail.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    return rows.filter(pk=mail.pk, state=State.NEW, attempts=mail.attempts)


def settle(mail: InboundMail, state: InboundMail.State, reason: InboundMail.Reason | str = "") -> None:
    """Write down what became of a mail, with what was read of it."""
    mail.state, mail.reason, mail.error, mail.handled_at = state, reason, "", worktime.now()
    mail.save(update_fields=["state", "reason", "error", "handled_at", "sender", "thread", "user"])


def lay_aside(mail: InboundMail, reason: InboundMail.Reason, error: str) -> None:
    """A person has to look at this one."""
    mail.state, mail.reason, mail.error, mail.handled_at = State.QUARANTINED, reason, error[:300], worktime.now()
    mail.save(update_fields=["state", "reason", "error", "handled_at", "attempts"])


def postpone(mail: InboundMail, error: Exception) -> None:
    """Handling it failed: again after a while, and at last apart."""
    said = place_of(error)
    if mail.attempts > len(BACK_OFF):
        lay_aside(mail, Reason.FAILED, said)
        return
    again = worktime.now() + BACK_OFF[mail.attempts - 1]
    InboundMail.objects.filter(pk=mail.pk, state=State.NEW, attempts=mail.attempts).update(next_attempt_at=again, error=said)


def aside() -> QuerySet[InboundMail]:
    """What lies in quarantine and can be looked at."""
    return InboundMail.objects.filter(state=State.QUARANTINED, content__isnull=False)


def retry(mails: QuerySet[InboundMail]) -> int:
    """Handle those in quarantine again from the beginning, where there is something to handle; how many they are."""
    handled = mails.filter(state=State.QUARANTINED, content__isnull=False).exclude(reason=Reason.PAYLOAD)
    return handled.update(state=State.NEW, reason="", error="", attempts=0, next_attempt_at=worktime.now(), handled_at=None)


def raw_of(mail: InboundMail) -> bytes:
    """The mail as it came. Raises ``FileNotFoundError`` where its content is gone."""
    if mail.content is None:
        raise FileNotFoundError(f"mail {mail.pk} has no content")
    with mail.content.content.open("rb") as content:
        return bytes(content.read())


def forget_old() -> int:
    """What has reached its term goes, in pieces, until nothing is left or ``RUN`` is over; how many mails.

    After ``KEPT`` what machines and strangers wrote, and from every mail whose it was and where it went; after
    ``ASIDE`` what lay in quarantine, too. That it came, when, and what became of it stays. Each piece is a transaction of
    its own: broken off, the next run goes on.
    """
    gone, until = 0, time.monotonic() + RUN.total_seconds()
    while time.monotonic() < until:
        with transaction.atomic():
            piece = list(old().select_for_update(skip_locked=True).values_list("pk", flat=True)[:PIECE])
            if not piece:
                break
            rows = InboundMail.objects.filter(pk__in=piece)
            destroy(rows.exclude(state__in=OF_TICKETS))
            rows.update(sender="", recipient="")
        gone += len(piece)
    return gone


def old() -> QuerySet[InboundMail]:
    """The mails whose term is over and of which something is kept, oldest first, by an index."""
    at = worktime.now()
    addressed = ~Q(sender="", recipient="")
    held = Q(content__isnull=False) & ~Q(state__in=OF_TICKETS)
    settled = ~Q(state__in=[State.NEW, State.QUARANTINED]) & Q(stored_at__lt=at - KEPT)
    aside = Q(state=State.QUARANTINED, stored_at__lt=at - ASIDE)
    # The moment once more, by itself: an index is read by it, and by nothing within an "or".
    return InboundMail.objects.filter(addressed | held, settled | aside, stored_at__lt=at - KEPT).order_by("stored_at")


def destroy(mails: QuerySet[InboundMail]) -> int:
    """What these mails said goes for good, within the caller's transaction; that they came stays known. How many."""
    found = mails.filter(content__isnull=False).select_related("content").select_for_update(of=("self",))
    contents = {mail.pk: mail.content for mail in found if mail.content is not None}
    InboundMail.objects.filter(pk__in=contents).update(content=None)
    keeping.discard_all(contents.values())
    return len(contents)
