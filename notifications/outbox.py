"""Writing notices into the outbox, in the transaction of what caused them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

import worktime
from notifications import steps
from notifications.models import MailStep, Notice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from accounts.models import User

MOST: Final = 10_000
"""Notices that one press changes: so many as a page has time for."""
PIECE: Final = 1_000

Kind = MailStep.Kind
Line = Notice.Line


def enqueue(kind: str, *, to: User | int, data: Mapping[str, int | str], dedupe_key: str, line: Line = Line.OWN) -> None:
    """Queue a notice; it exists if and only if the caller's transaction is committed.

    ``data`` holds ids, never words. ``line`` says whether others go first. The same ``dedupe_key``
    again adds nothing. A kind that no app registers waits, so that an older worker leaves a newer
    release's notices alone. Raises ``TransactionManagementError`` outside a transaction.
    """
    enqueue_all([notice(kind, to=to, data=data, dedupe_key=dedupe_key, line=line)])


def notice(kind: str, *, to: User | int, data: Mapping[str, int | str], dedupe_key: str, line: Line = Line.OWN) -> Notice:
    """A notice that is not queued yet, for ``enqueue_all``."""
    recipient = to if isinstance(to, int) else to.pk
    return Notice(kind=kind, recipient_id=recipient, data=dict(data), dedupe_key=dedupe_key, line=line)


def enqueue_all(notices: Sequence[Notice]) -> None:
    """Queue several notices at once, as ``enqueue`` does each; one query."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("A notice belongs to the transaction of what caused it.")
    Notice.objects.bulk_create(notices, ignore_conflicts=True)


def retry(notices: QuerySet[Notice], *, by: User | None = None) -> int:
    """Try again from the beginning what among these did not go out by mail, ``MOST`` at most; how many they are.

    What its recipient wants in no mail goes in none then, either.
    """
    again = [Notice.State.DEAD, Notice.State.STOPPED, Notice.State.PORTAL]
    return _settle(
        notices.filter(state__in=again),
        Kind.RETRIED,
        by,
        {"state": Notice.State.PENDING, "attempts": 0, "next_attempt_at": worktime.now(), "last_error": ""},
    )


def stop(notices: QuerySet[Notice], *, by: User | None = None) -> int:
    """No mail of those of these that still wait for theirs, ``MOST`` at most; how many they are.

    What is being sent at this moment may go.
    """
    waiting = [Notice.State.PENDING, Notice.State.TO_DIGEST]
    return _settle(notices.filter(state__in=waiting), Kind.STOPPED, by, {"state": Notice.State.STOPPED, "leased_until": None})


def _settle(notices: QuerySet[Notice], step: MailStep.Kind, by: User | None, columns: dict[str, object]) -> int:
    """Change these rows, and write who did it to each; piece by piece, each of which stays whatever happens to the next."""
    settled = 0
    while settled < MOST:
        with transaction.atomic():
            # A row that is changed is no longer among them.
            piece = list(notices.select_for_update(of=("self",))[: min(PIECE, MOST - settled)])
            if not piece:
                break
            Notice.objects.filter(pk__in=[notice.pk for notice in piece]).update(**columns)
            steps.write(steps.of(notice, step, by=by) for notice in piece)
        settled += len(piece)
    return settled
