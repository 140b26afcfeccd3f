"""What time does to tickets: reminders, closing for want of an answer, closing for good.

Each ticket has its own short transaction. A sweep can die anywhere and be run again, beside
itself too: the verb looks again under the lock, and a ticket that somebody else has just moved is
no error. A ticket that fails is logged and does not stop the others.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING

import worktime
from catalog import hours
from tickets import lifecycle, waits
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

BATCH = 2_000
"""Tickets of one sweep; beat comes again for the rest."""


def remind_waits() -> int:
    """Remind the requesters whose tickets close within 24 h; returns how many."""
    return _sweep(Ticket.objects.to_remind(worktime.now()).order_by("remind_at"), lifecycle.remind)


def close_expired_waits() -> int:
    """Close what waited more than 72 h and was reminded in time; returns how many."""
    at = worktime.now()
    due = Ticket.objects.wait_over(at).filter(reminded_at__lte=at - waits.REMINDER_AGE)
    return _sweep(due.order_by("wait_expires_at"), lifecycle.expire_wait)


def finalize_closed() -> int:
    """Close for good what was closed more than 48 h ago; returns how many."""
    return _sweep(Ticket.objects.reopening_over(worktime.now()).order_by("reopen_until"), lifecycle.finalize)


def warn_of_deadlines() -> int:
    """Tell the team of targets that draw near or are used up, within working hours; returns how many tickets."""
    at = worktime.now()
    if not hours.current().calendar.is_open(at):
        return 0
    return _each(Ticket.objects.to_warn(at).order_by("warn_at"), lifecycle.warn)


def follow_the_calendar() -> int:
    """Reckon the open deadlines anew that another version of the calendar gave; returns how many."""
    return _each(Ticket.objects.reckoned_otherwise(hours.current().version).order_by("pk"), lifecycle.reckon)


def _sweep(due: QuerySet[Ticket], verb: Callable[..., Ticket]) -> int:
    return _each(due, lambda pk: verb(pk, request_id=uuid.uuid4()))


def _each(due: QuerySet[Ticket], do: Callable[[int], object]) -> int:
    done = 0
    for pk in due.values_list("pk", flat=True)[:BATCH]:
        try:
            done += do(pk) is not False
        except lifecycle.Refused:
            continue  # somebody was faster
        except Exception:  # one poisoned ticket must not stop the line
            logger.exception("The sweep failed on ticket pk=%s", pk)
    return done
