"""The log of what happened to each mail: written once, with what it tells of, and forgotten after a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import worktime
from notifications.letters import one_line
from notifications.models import MailStep

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from notifications.models import AccountLetter, Notice

KEPT: Final = timedelta(days=180)
"""For so long somebody may ask what became of a mail. Addresses stand in the log, so it is not kept for ever."""
PIECE: Final = 10_000
"""Rows that are deleted at once."""

Kind = MailStep.Kind


def of(
    notice: Notice, kind: Kind, answer: str = "", *, address: str = "", message_id: str = "", by: User | None = None
) -> MailStep:
    """A step of a notice's mail, not written yet. ``answer`` is cut to its column."""
    words = one_line(answer)[:300]
    return MailStep(notice=notice, kind=kind, at=worktime.now(), address=address, answer=words, message_id=message_id, by=by)


def of_letter(letter: AccountLetter, kind: Kind, answer: str = "", *, message_id: str = "", by: User | None = None) -> MailStep:
    """A step of a letter about an account, not written yet; of its words the subject alone, for the rest holds a key."""
    said = {"subject": one_line(letter.subject)[:150], "address": letter.to, "answer": one_line(answer)[:300]}
    return MailStep(letter=letter, kind=kind, at=worktime.now(), message_id=message_id, by=by, **said)


def write(steps: Iterable[MailStep]) -> None:
    """One query, whatever their number."""
    MailStep.objects.bulk_create(steps)


def forget() -> int:
    """Delete the steps that are older than ``KEPT``, in pieces; how many."""
    gone = 0
    old = MailStep.objects.filter(at__lt=worktime.now() - KEPT).order_by("at", "id")
    while pks := list(old.values_list("pk", flat=True)[:PIECE]):
        gone += MailStep.objects.filter(pk__in=pks).delete()[0]
    return gone
