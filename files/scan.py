"""What the antivirus says of files: ClamAV, over its socket, where ``CLAMAV_URL`` names one.

A file is held until it is clean, and an infected one never leaves the storage. A job asks, and
finds its work in the database: where the antivirus does not answer, files wait and nothing is lost.
"""

from __future__ import annotations

import logging
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q

import worktime
from files.models import Scan, StoredFile

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)

TIMEOUT: Final = 30.0
"""Seconds for each word to or from the antivirus; a big archive takes it a while."""
BLOCK: Final = 64 * 1024
MAX_REPLY: Final = 4096

LEASE: Final = timedelta(minutes=10)
BACK_OFF: Final = [timedelta(minutes=m) for m in (1, 5, 15, 60)]
"""After each failed try; after the last one every hour. A file is held until the antivirus has spoken."""
RUN: Final = timedelta(minutes=4)
STUCK_AFTER: Final = timedelta(minutes=30)


class Down(OSError):
    """The antivirus cannot be reached: no file is to blame."""


class Failed(Exception):
    """It was reached and did not judge this file."""


def examine(content: IO[bytes]) -> str:
    """The name of what was found in the content, empty where nothing was. Raises ``Down`` and ``Failed``."""
    with _line() as line:
        try:
            line.sendall(b"zINSTREAM\0")
            while block := content.read(BLOCK):
                line.sendall(struct.pack("!I", len(block)) + block)
            line.sendall(struct.pack("!I", 0))
        except (BrokenPipeError, ConnectionResetError):
            pass  # it said why before it hung up: too long, most often
        except OSError as error:
            raise Failed(type(error).__name__) from error
        reply = _reply(line)
    if reply == "stream: OK":
        return ""
    if reply.startswith("stream: ") and reply.endswith(" FOUND"):
        return reply.removeprefix("stream: ").removesuffix(" FOUND")
    raise Failed(reply or "no answer")


def version() -> str:
    """What the antivirus calls itself, with the age of its signatures. Raises ``Down`` and ``Failed``."""
    with _line() as line:
        line.sendall(b"zVERSION\0")
        said = _reply(line)
    if not said:
        raise Failed("no answer")
    return said


@contextmanager
def _line() -> Iterator[socket.socket]:
    where = urlsplit(settings.CLAMAV_URL)
    try:
        if where.scheme == "unix":
            line = socket.socket(socket.AF_UNIX)
            line.settimeout(TIMEOUT)
            with _closed_on_error(line):
                line.connect(where.path)
        else:
            line = socket.create_connection((where.hostname or "", where.port or 0), TIMEOUT)
    except OSError as error:
        raise Down(f"{type(error).__name__}: {error.strerror or error}") from error
    with line:
        yield line


@contextmanager
def _closed_on_error(line: socket.socket) -> Iterator[None]:
    try:
        yield
    except OSError:
        line.close()
        raise


def _reply(line: socket.socket) -> str:
    reply = b""
    try:
        while not reply.endswith(b"\0") and len(reply) < MAX_REPLY and (more := line.recv(MAX_REPLY)):
            reply += more
    except OSError as error:
        raise Failed(type(error).__name__) from error
    return reply.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def scan_due(limit: int = 200) -> int:
    """Show the files that are due to the antivirus, the longest waiting first; how many it judged. Where it is away, none."""
    if not settings.CLAMAV_URL:
        return 0
    begun, judged = worktime.now(), 0
    if not due().exists() or not answers():
        return 0
    while judged < limit and worktime.now() - begun < RUN:
        file = claim()
        if file is None:
            break
        if judge(file):
            judged += 1
        elif not answers():
            break
    return judged


def answers() -> bool:
    """Whether the antivirus is there; where it is not, the files that wait for it say why, and count no try."""
    try:
        version()
    except (Down, Failed) as reason:
        log.error("the antivirus does not answer: %s", reason)
        said = str(reason)[:200]
        due().exclude(scan_said=said).update(scan_said=said)
        return False
    return True


def due() -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(scan=Scan.HELD, scan_due_at__lte=worktime.now()).order_by("scan_due_at")


def claim() -> StoredFile | None:
    """The next file, leased to the caller. The try is counted before it is made, for one that kills its worker."""
    with transaction.atomic():
        file = due().select_for_update(skip_locked=True).first()
        if file is not None:
            file.scan_tries += 1
            file.scan_due_at = worktime.now() + LEASE
            file.save(update_fields=["scan_tries", "scan_due_at"])
        return file


def judge(file: StoredFile) -> bool:
    """What the antivirus says of a claimed file is kept; whether it said it."""
    try:
        with file.content.open("rb") as content:
            found = examine(content)
    except (Down, Failed, OSError) as reason:
        wait = BACK_OFF[min(file.scan_tries, len(BACK_OFF)) - 1]
        log.error("the antivirus did not judge stored file %s: %s", file.pk, reason)
        _held(file).update(scan_said=str(reason)[:200], scan_due_at=worktime.now() + wait)
        return False
    verdict = Scan.INFECTED if found else Scan.CLEAN
    if found:
        log.warning("stored file %s is infected: %s", file.pk, found)
    return bool(_held(file).update(scan=verdict, scan_said=found[:200], scan_due_at=None))


def _held(file: StoredFile) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(pk=file.pk, scan=Scan.HELD)


def stuck() -> QuerySet[StoredFile]:
    """Files that are held for longer than an antivirus takes."""
    return StoredFile.objects.filter(scan=Scan.HELD).filter(
        Q(scan_tries__gte=len(BACK_OFF)) | Q(created_at__lt=worktime.now() - STUCK_AFTER)
    )


def retry(files: QuerySet[StoredFile]) -> int:
    """Show these files to the antivirus again at once, infected ones too; how many."""
    return files.filter(scan__in=(Scan.HELD, Scan.INFECTED)).update(
        scan=Scan.HELD, scan_due_at=worktime.now(), scan_tries=0, scan_said=""
    )
