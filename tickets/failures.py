"""Tickets on which a job failed: kept apart for a while, shown to people, forgotten once all is well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

import worktime
from notifications.errors import place_of
from tickets.models import SweepFailure, Ticket

BACK_OFF: Final = [timedelta(minutes=m) for m in (1, 5, 15, 60, 360)]
"""How long a ticket is left alone after each failure; after the last one always as long as then."""


def keep(job: str, ticket: int, error: BaseException) -> str:
    """Write down that a job failed on a ticket, in a transaction of its own; what was written of the error."""
    at, said = worktime.now(), place_of(error)
    with transaction.atomic():
        rows = SweepFailure.objects.select_for_update()
        row, first = rows.get_or_create(
            job=job,
            ticket_id=ticket,
            defaults={"error": said, "first_at": at, "last_at": at, "next_at": at + BACK_OFF[0]},
        )
        if not first:
            row.attempts += 1
            row.error, row.last_at = said, at
            row.next_at = at + BACK_OFF[min(row.attempts, len(BACK_OFF)) - 1]
            row.save()
    return said


def of_ticket(job: str) -> Exists:
    """Whether the job has failed on the ticket of the outer query."""
    return Exists(SweepFailure.objects.filter(job=job, ticket=OuterRef("pk")))


def held(job: str, at: datetime) -> Exists:
    """Whether the ticket of the outer query is left alone at ``at`` because the job failed on it."""
    return Exists(SweepFailure.objects.filter(job=job, ticket=OuterRef("pk"), next_at__gt=at))


def forget(job: str, ticket: int) -> None:
    """The job has done what it had failed to do."""
    SweepFailure.objects.filter(job=job, ticket=ticket).delete()


def forget_all_but(job: str, lines: Sequence[QuerySet[Ticket]]) -> int:
    """Forget the failures on tickets that are no longer due for the job; how many they were."""
    rows = SweepFailure.objects.filter(job=job)
    for line in lines:
        rows = rows.exclude(Exists(line.filter(pk=OuterRef("ticket"))))
    return rows.delete()[0]


def retry(rows: QuerySet[SweepFailure]) -> int:
    """Let the next sweep try these again; how many they are."""
    return rows.filter(next_at__gt=worktime.now()).update(next_at=worktime.now())
