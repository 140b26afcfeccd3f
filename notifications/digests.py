"""One mail a working day that tells of several notices, for who wants them so."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.urls import reverse

import worktime
from notifications import kinds, news
from notifications.models import Notice
from notifications.preferences import DIGEST

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

FROM: Final = time(8)
"""The time of day, in Brasília, from which the mail of a day is put together."""
MOST: Final = 100
"""Lines of a mail; of the rest it says how many they are."""


def register() -> None:
    """Make the kind known to the outbox. Once, when the app starts."""
    kinds.register(DIGEST, context=context, label="Resumo do dia")


def compose(at: datetime) -> int:
    """Queue the digest of the day of ``at`` for everybody for whom notices wait; how many were queued.

    One a person and day, whatever runs beside it or comes after it: what is kept later waits for the
    next working day. Whether the day is one, and the hour has come, the caller knows.
    """
    day = at.astimezone(worktime.BRASILIA).date()
    lines = news.lines_open(at)
    waiting = Notice.objects.filter(state=Notice.State.TO_DIGEST, line__in=lines)
    people = set(waiting.values_list("recipient", flat=True).distinct())
    had = Notice.objects.filter(dedupe_key__in=[_key(person, day) for person in people]).values_list("recipient", flat=True)
    return sum(_compose_for(person, day, at, lines) for person in sorted(people - set(had)))


def _compose_for(person: int, day: date, at: datetime, lines: Collection[Notice.Line]) -> bool:
    row = Notice(
        id=uuid.uuid4(),
        kind=DIGEST,
        recipient_id=person,
        dedupe_key=_key(person, day),
        created_at=at,
        read_at=at,  # it is no line of the inbox, where its notices stand themselves
    )
    row.data = {"digest": str(row.pk)}
    with transaction.atomic():
        Notice.objects.bulk_create([row], ignore_conflicts=True)
        if not Notice.objects.filter(pk=row.pk).exists():
            return False  # another worker was faster
        kept = Notice.objects.filter(recipient=person, state=Notice.State.TO_DIGEST, line__in=lines)
        kept.update(state=Notice.State.DIGESTED, digest=row)
    return True


def context(data: kinds.Data) -> dict[str, object]:
    """The lines of a digest, oldest first, each with the address of its notice."""
    told = Notice.objects.filter(digest=uuid.UUID(str(data["digest"])), line__in=news.lines_open(worktime.now()))
    told = told.order_by("created_at", "id")
    count = told.count()
    # As with a mail of its own: who may no longer read of it is not told.
    readable = [notice for notice in told.select_related("recipient")[:MOST] if kinds.may_be_read(notice, notice.recipient)]
    count -= min(count, MOST) - len(readable)
    lines = [(notice.title, reverse("notice", args=[notice.pk]), notice.created_at) for notice in readable]
    return {"url": reverse("notices"), "lines": lines, "count": count, "more": count - len(lines)}


def _key(person: int, day: date) -> str:
    return f"digest:{person}:{day:%Y-%m-%d}"
