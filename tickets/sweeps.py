"""What time does to tickets: reminders, closing for want of an answer, closing for good.

Each ticket has its own short transaction, in which it is claimed while it is due and nobody else
holds it. So sweeps beside each other share the work, one that dies leaves nothing half done, and
beat comes again for what is left. A ticket that fails is left alone for a while, where people see
it, and stops nobody.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

import worktime
from catalog import hours, terms
from catalog.terms import Terms
from tickets import failures, lifecycle, waits
from tickets.models import SweepFailure, Ticket

logger = logging.getLogger(__name__)

RUN = timedelta(seconds=10)
"""No further ticket is begun after this, so that the other jobs have their turn; the rest is asked for again."""

FAILURES_IN_A_ROW: Final = 50
"""After so many the tickets are not to blame: the turn ends, and the next one looks whether all is well again."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """One thing that time does to tickets. Called, it does it to all that are due and returns to how many.

    ``due`` are the tickets due at a moment, as one or more lines; ``by`` is the column that gives
    their order, with which an index begins (the row's id follows it). ``do`` gets the id of a ticket
    that is due and locked, and the terms of this run; it refuses with ``False`` what turned out not to be due, and whatever
    it raises is that ticket's failure. ``name`` stands in rows: it never changes. Any number may run at once.
    """

    name: str
    label: str
    due: Callable[[datetime], Sequence[QuerySet[Ticket]]]
    do: Callable[[int, Terms], object]
    by: str = "pk"

    def __call__(self) -> int:
        at, until = worktime.now(), time.monotonic() + RUN.total_seconds()
        return sum(self._walk(line, at, until) for line in self.due(at))

    def left(self) -> bool:
        """Whether anything is due that did not fail a moment ago."""
        at = worktime.now()
        return any(self.line(due, at).exists() for due in self.due(at))

    def forget(self) -> int:
        """Forget the failures on tickets that are no longer due, because a person did something; how many."""
        return failures.forget_all_but(self.name, self.due(worktime.now()))

    def line(self, due: QuerySet[Ticket], at: datetime) -> QuerySet[Ticket]:
        """What of the due is tried at ``at``, in order. An index of ``by`` and the id leads to its head."""
        return due.filter(~failures.held(self.name, at)).order_by(self.by, "pk")

    def _walk(self, due: QuerySet[Ticket], at: datetime, until: float) -> int:
        line = self.line(due, at).annotate(failed=failures.of_ticket(self.name)).values_list("pk", self.by, "failed")
        unheld = line.select_for_update(skip_locked=True)
        done, failed_now, after, promised = 0, 0, Q(), None
        while True:
            ticket = None
            try:
                with transaction.atomic():
                    found = unheld.filter(after).first()
                    if found is None:
                        return done
                    ticket, key, failed = found
                    after = self._after(key, ticket)
                    promised = promised or terms.current()
                    was_due = self.do(ticket, promised) is not False
                    if failed:
                        failures.forget(self.name, ticket)
                done, failed_now = done + was_due, 0
            except Exception as error:  # one poisoned ticket must not stop the line
                if ticket is None:
                    raise
                said = failures.keep(self.name, ticket, error)  # the error's own words may quote the row
                logger.error("The sweep %s failed on ticket pk=%s: %s", self.name, ticket, said)
                failed_now += 1
            if failed_now == FAILURES_IN_A_ROW or time.monotonic() >= until:
                return done

    def _after(self, key: Any, ticket: int) -> Q:
        """What stands behind this ticket in the line. Whatever became of it, it is not looked at twice."""
        behind = Q(**{f"{self.by}__gt": key})
        return behind if self.by == "pk" else Q(**{f"{self.by}__gte": key}) & (behind | Q(pk__gt=ticket))


def _silent(at: datetime) -> Sequence[QuerySet[Ticket]]:
    """What waited more than 72 h and was reminded in time."""
    return [Ticket.objects.wait_over(at).filter(reminded_at__lte=at - waits.REMINDER_AGE)]


def _to_warn(at: datetime) -> Sequence[QuerySet[Ticket]]:
    return [Ticket.objects.to_warn(at)] if hours.current().calendar.is_open(at) else []


def _reckoned_otherwise(at: datetime) -> Sequence[QuerySet[Ticket]]:
    return Ticket.objects.reckoned_otherwise(hours.current().version)


remind_waits: Final = Sweep(
    "remind",
    "Lembrar quem pediu de que o chamado aguarda resposta",
    lambda at: [Ticket.objects.to_remind(at)],
    lambda pk, promised: lifecycle.remind(pk, request_id=uuid.uuid4(), terms=promised),
    by="remind_at",
)
close_expired_waits: Final = Sweep(
    "expire_wait",
    "Encerrar o que ficou sem resposta",
    _silent,
    lambda pk, promised: lifecycle.expire_wait(pk, request_id=uuid.uuid4(), terms=promised),
    by="wait_expires_at",
)
finalize_closed: Final = Sweep(
    "finalize",
    "Encerrar definitivamente",
    lambda at: [Ticket.objects.reopening_over(at)],
    lambda pk, promised: lifecycle.finalize(pk, request_id=uuid.uuid4(), terms=promised),
    by="reopen_until",
)
# An absence that begins later begins here; and what slipped through where somebody lost the means
# to work it (``tickets.succession``) is found here.
pass_on_what_is_left_alone: Final = Sweep(
    "pass_on",
    "Passar adiante o que ficou sem quem atenda",
    Ticket.objects.left_alone_by_each,
    lambda pk, promised: lifecycle.pass_on(pk, request_id=uuid.uuid4(), terms=promised),
    by="queue_id",
)
warn_of_deadlines: Final = Sweep(
    "warn",
    "Avisar a equipe de um prazo",
    _to_warn,
    lambda pk, promised: lifecycle.warn(pk, terms=promised),
    by="warn_at",
)
follow_the_calendar: Final = Sweep(
    "reckon",
    "Recalcular prazos pelo calendário",
    _reckoned_otherwise,
    lambda pk, promised: lifecycle.reckon(pk, terms=promised),
    by="calendar_version",
)

SWEEPS: Final = (
    remind_waits,
    close_expired_waits,
    finalize_closed,
    pass_on_what_is_left_alone,
    warn_of_deadlines,
    follow_the_calendar,
)
"""Every sweep; a new one stands here too, has a task in ``tickets.tasks`` and a row in the schedule."""

LABELS: Final = {sweep.name: sweep.label for sweep in SWEEPS}


def forget_failures() -> int:
    """Forget the failures of all sweeps on tickets that are no longer due; how many they were."""
    return sum(sweep.forget() for sweep in SWEEPS) if SweepFailure.objects.exists() else 0
