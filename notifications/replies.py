"""The address that an answer by mail goes to: it says on which thread and as whom somebody may write, and proves it.

``respostas+ticket-10000001-5k-g1z-<digest>@portal.example``: thread, person, day of issue and a keyed digest of
them. Lower-case letters, digits, ``+`` and ``-`` only, for some servers fold the case of an address, and never more
than the 64 octets that RFC 5321 grants what stands before the ``@``.

Who holds such an address still has to write as the person that it names (``tickets.inbound``): it is forwarded and
quoted along with the mail that it was in.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

import worktime
from notifications import kinds

if TYPE_CHECKING:
    from notifications.models import Notice

SALT: Final = "notifications.replies"
LIFE: Final = timedelta(days=400)
"""After this an address opens nothing any more: nobody goes on with a mail of the year before last."""
EPOCH: Final = date(1970, 1, 1)
MAX_LOCAL_PART: Final = 64
TOKEN: Final = re.compile(r"([a-z]{1,10}-\d{1,12})-([0-9a-z]{1,12})-([0-9a-z]{1,4})-([a-z2-7]{26})")

_WORDS: set[str] = set()


def register(word: str) -> None:
    """Somebody reads the answers on threads ``<word>-<number>``. Once, from the ``ready()`` of the app that does."""
    _WORDS.add(word)


def reply_to(notice: Notice) -> str:
    """Where an answer to this notice goes; empty where nobody reads answers on its thread."""
    thread = kinds.thread_of(notice)
    read_here = settings.REPLY_ADDRESS and thread.partition("-")[0] in _WORDS
    return address(thread, notice.recipient_id) if read_here else ""


def address(thread: str, user: int) -> str:
    """Where this person writes to on this thread (``<word>-<number>``), from today on.

    Empty where the parts do not fit into an address.
    """
    box, _, domain = settings.REPLY_ADDRESS.rpartition("@")
    facts = f"{thread}-{int_to_base36(user)}-{int_to_base36((_today() - EPOCH).days)}"
    local = f"{box}+{facts}-{_digest(facts, settings.SECRET_KEY)}"
    return f"{local}@{domain}" if TOKEN.fullmatch(local.removeprefix(f"{box}+")) and len(local) <= MAX_LOCAL_PART else ""


def read(address: str) -> tuple[str, int] | None:
    """The thread and the person's id of an address that we gave out within ``LIFE``; ``None`` for any other."""
    local, _, domain = address.strip().lower().rpartition("@")
    box, _, ours = settings.REPLY_ADDRESS.lower().rpartition("@")
    found = TOKEN.fullmatch(local.removeprefix(f"{box}+"))
    if not box or found is None or domain != ours or not local.startswith(f"{box}+"):
        return None
    thread, user, issued, digest = found.groups()
    facts = f"{thread}-{user}-{issued}"
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(constant_time_compare(digest, _digest(facts, key)) for key in keys):
        return None
    age = _today() - EPOCH - timedelta(days=base36_to_int(issued))
    return (thread, base36_to_int(user)) if timedelta(days=-1) <= age <= LIFE else None


def is_ours(address: str) -> bool:
    """Whether mail to this address comes here, be what stands behind the ``+`` sound or not."""
    local, _, domain = address.strip().lower().rpartition("@")
    box, _, ours = settings.REPLY_ADDRESS.lower().rpartition("@")
    return bool(box) and domain == ours and local.split("+", 1)[0] == box


def _digest(facts: str, key: str | bytes) -> str:
    """128 bits in 26 letters and digits."""
    digest = salted_hmac(SALT, facts, secret=key, algorithm="sha256").digest()[:16]
    return base64.b32encode(digest).decode().rstrip("=").lower()


def _today() -> date:
    now: datetime = worktime.now()
    return now.astimezone(UTC).date()
