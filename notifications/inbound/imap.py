"""Mail from a mailbox of one's own, over IMAP: each one stored before it is marked as seen, and none taken away.

By UID, from where the last run ended, so that it does not matter who else looks into the mailbox. One process at a
time has the mailbox, by a lease on its row; were there two, the same mail would be stored once (``storing``).
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

import worktime
from notifications.inbound import storing
from notifications.models import InboundMail, Mailbox

log = logging.getLogger(__name__)

TIMEOUT: Final = 30.0
"""Seconds for each answer of the server."""
LEASE: Final = timedelta(minutes=10)
RUN: Final = timedelta(minutes=4)
"""No new mail is begun after this, well within the lease and the task's time limit."""
PATIENCE: Final = 5
"""How many times in a row the server may hang up at one mail before that one is passed by and shown to people."""
SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
DATE: Final = re.compile(rb'INTERNALDATE "([^"]+)"')

FAILURES: Final = (OSError, imaplib.IMAP4.error, ValueError)
"""What the library raises when a server is away, refuses, or speaks nonsense."""


@dataclass(frozen=True)
class Place:
    """Where the mailbox is: ``imaps://user:password@host:port/folder``."""

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str

    @property
    def name(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"


def place() -> Place | None:
    """That of ``IMAP_URL``; ``None`` where it is not set."""
    if not settings.IMAP_URL:
        return None
    parts = urlsplit(settings.IMAP_URL)
    tls = parts.scheme == "imaps"
    folder = unquote(parts.path.strip("/")) or "INBOX"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Place(parts.hostname or "", parts.port or (993 if tls else 143), tls, user, password, folder)


def fetch(most: int = 200) -> int:
    """Store what is new in the mailbox, at most so many; how many. Nothing where none is set, or another process is at it.

    What goes wrong stands on the mailbox's row; the next run begins where this one ended.
    """
    where = place()
    mailbox = claim(where.name) if where is not None else None
    if where is None or mailbox is None:
        return 0
    stored, problem = 0, ""
    try:
        server = connected(where)
        try:
            for uid in _new(server, mailbox, where):
                if stored >= most or worktime.now() - (mailbox.checked_at or worktime.now()) > RUN:
                    break
                _take(server, mailbox, uid)
                stored += 1
        finally:
            with suppress(*FAILURES):
                server.logout()
            with suppress(*FAILURES):
                server.shutdown()  # where it hung up, the good-bye does not come so far
    except FAILURES as error:
        log.error("the mailbox cannot be read: %s", type(error).__name__)
        problem = _said(error)
    _own(mailbox).update(leased_until=None, error=problem)
    return stored


def claim(name: str) -> Mailbox | None:
    """The mailbox's row, leased to the caller; ``None`` while another process has it."""
    with transaction.atomic():
        Mailbox.objects.bulk_create([Mailbox(name=name[:320])], ignore_conflicts=True)
        now = worktime.now()
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        mailbox = Mailbox.objects.select_for_update(skip_locked=True).filter(free, name=name[:320]).first()
        if mailbox is not None:
            mailbox.leased_until, mailbox.checked_at = now + LEASE, now
            mailbox.save(update_fields=["leased_until", "checked_at"])
    return mailbox


def connected(where: Place) -> imaplib.IMAP4:
    """A connection with the folder open. Raises what is among ``FAILURES``."""
    server: imaplib.IMAP4
    if where.tls:
        # The library's own context believes every certificate, and the password would be anybody's on the way.
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(where.host, where.port, ssl_context=context, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(where.host, where.port, timeout=TIMEOUT)
    try:
        server.login(where.user, where.password)
        folder = where.folder.replace("\\", "\\\\").replace('"', '\\"')
        done, answer = server.select(f'"{folder}"')
        if done != "OK":
            raise imaplib.IMAP4.error(f"a pasta {where.folder} não abre: {answer!r}")
    except BaseException:
        with suppress(*FAILURES):
            server.shutdown()
        raise
    return server


def _new(server: imaplib.IMAP4, mailbox: Mailbox, where: Place) -> list[int]:
    """The UIDs that no run has come to, in their order."""
    validity = int((server.response("UIDVALIDITY")[1] or [b"0"])[0] or 0)
    if validity != mailbox.uid_validity:
        mailbox.uid_validity, mailbox.last_uid = validity, 0
        _own(mailbox).update(uid_validity=validity, last_uid=0)
    done, found = server.uid("SEARCH", f"UID {mailbox.last_uid + 1}:*")
    if done != "OK":
        raise imaplib.IMAP4.error(f"a busca em {where.folder} falhou")
    # The range's end is the last mail, even where that one comes before its beginning (RFC 3501, 6.4.8).
    return sorted(uid for uid in map(int, (found[0] or b"").split()) if uid > mailbox.last_uid)


def _take(server: imaplib.IMAP4, mailbox: Mailbox, uid: int) -> None:
    """Store one mail, mark it as seen, and remember that it is done. One that the server has no more is passed by."""
    received_at = worktime.now()
    try:
        facts = _fetched(server, uid, "(RFC822.SIZE INTERNALDATE)")
        if facts is not None:
            size, received_at = _facts(facts[0], received_at)
            part = "BODY.PEEK[]" if size <= storing.MAX_BYTES else f"BODY.PEEK[]<0.{storing.KEPT_OF_LONG}>"
            answer = _fetched(server, uid, f"({part})")
            raw = next((item[1] for item in answer or [] if isinstance(item, tuple)), None)
            if raw is None:
                raise imaplib.IMAP4.error("a resposta veio sem a mensagem")
            kept = size if size > storing.MAX_BYTES else None
            storing.store(raw, source=InboundMail.Source.IMAP, received_at=received_at, size=kept)
            server.uid("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")
    except (imaplib.IMAP4.abort, OSError) as error:  # it hung up: at this mail, or for good
        if not _given_up(mailbox, uid):
            raise
        _pass_by(mailbox, uid, received_at, error)
    except (imaplib.IMAP4.error, ValueError) as error:  # it refuses this one alone
        _pass_by(mailbox, uid, received_at, error)
    mailbox.last_uid = uid
    if not _own(mailbox).update(last_uid=uid, leased_until=mailbox.leased_until):
        raise OSError("the lease of the mailbox ended")


def _fetched(server: imaplib.IMAP4, uid: int, what: str) -> list[bytes | tuple[bytes, bytes]] | None:
    """What the server says of a mail; ``None`` where there is none any more."""
    done, answer = server.uid("FETCH", str(uid), what)
    if done != "OK":
        raise imaplib.IMAP4.error(f"o servidor recusou: {answer!r}"[:200])
    return answer if answer and answer[0] is not None else None


def _facts(line: bytes | tuple[bytes, bytes], now: datetime) -> tuple[int, datetime]:
    """Size in bytes and when the server received it."""
    text = line[0] if isinstance(line, tuple) else line
    size, date = SIZE.search(text), DATE.search(text)
    received_at = now
    if date is not None:
        with suppress(ValueError, TypeError):
            received_at = parsedate_to_datetime(date[1].decode("ascii", "replace").strip())
    if received_at.tzinfo is None:
        received_at = received_at.replace(tzinfo=UTC)
    return int(size[1]) if size else 0, received_at


def _given_up(mailbox: Mailbox, uid: int) -> bool:
    """Whether the server has hung up at this mail so often that it is passed by; counts it."""
    mailbox.failures = mailbox.failures + 1 if mailbox.failing_uid == uid else 1
    mailbox.failing_uid = uid
    _own(mailbox).update(failing_uid=uid, failures=mailbox.failures)
    return mailbox.failures > PATIENCE


def _pass_by(mailbox: Mailbox, uid: int, received_at: datetime, error: Exception) -> None:
    said = f"{_said(error)}; a mensagem {uid} continua em {mailbox.name}"
    storing.not_fetched(f"{mailbox.name} {mailbox.uid_validity} {uid}", received_at=received_at, error=said)


def _own(mailbox: Mailbox) -> QuerySet[Mailbox]:
    """The row while its lease is the caller's."""
    return Mailbox.objects.filter(pk=mailbox.pk, leased_until=mailbox.leased_until)


def _said(error: Exception) -> str:
    """The error in one line, without the password that a server may repeat."""
    where = place()
    line = " ".join(f"{type(error).__name__}: {error}".split())
    return (line.replace(where.password, "…") if where and where.password else line)[:200]
