"""The deadlines that are kept in columns, and what time does to them. No status changes here.

The columns are caches: whoever asks by how much a deadline is missed reckons from the events.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

import worktime
from catalog import hours
from catalog.hours import Hours
from catalog.terms import Terms
from tickets import clocks, notices
from tickets.models import SlaCycle, Ticket
from tickets.sla import Clock, Standing, Turn
from tickets.states import OPEN, Level, Status


def settle(ticket: Ticket, turns: Sequence[Turn], at: datetime, now: Hours) -> None:
    """What the clocks say at ``at``, in the ticket's columns, unsaved.

    A warning that is due and not yet given stays due.
    """
    ticket.calendar_version = now.version
    if Status(ticket.status) not in OPEN:
        ticket.first_response_due_at = ticket.due_at = ticket.warn_at = None
        return
    cycle = clocks.current(turns, ticket.policy, at, now)
    ticket.first_response_due_at = cycle.first_response.due_at if cycle.first_response.ended_at is None else None
    ticket.due_at = cycle.resolution.due_at
    if ticket.warn_at is None or ticket.warn_at > at:
        ticket.warn_at = clocks.next_warning(cycle, now, at)


def keep_cycle(ticket: Ticket, turns: Sequence[Turn], now: Hours) -> None:
    """Store the cycle that the last turn ended: later edits of holidays and policies do not touch it."""
    ended_cycle(ticket, turns, now).save()


def ended_cycle(ticket: Ticket, turns: Sequence[Turn], now: Hours) -> SlaCycle:
    """The cycle that the last turn ended, unsaved."""
    ended_at = turns[-1].at
    cycle = clocks.current(turns, ticket.policy, ended_at, now)
    return SlaCycle(
        ticket=ticket,
        started_at=cycle.started_at,
        ended_at=ended_at,
        n2_time=cycle.time_at(Level.N2),
        n3_time=cycle.time_at(Level.N3),
        calendar_version=now.version,
        **_columns("response", cycle.first_response),
        **_columns("resolution", cycle.resolution),
    )


def _columns(name: str, clock: Clock) -> dict[str, object]:
    return {
        f"{name}_target": clock.target,
        f"{name}_elapsed": clock.elapsed,
        f"{name}_due_at": clock.due_at,
        f"{name}_breached": clock.standing == Standing.BREACHED,
    }


def warn(pk: int, *, terms: Terms | None = None) -> bool:
    """Tell the assignee and the leads of the queue which shares of the ticket's targets are used up.

    Whether anything was due. Only within working hours; each share of each clock of a cycle is
    told once, however often this is called.
    """
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=pk)
        at, now = max(worktime.now(), ticket.last_event_at), _now(ticket, terms)
        if ticket.status not in OPEN or ticket.warn_at is None or ticket.warn_at > at or not now.calendar.is_open(at):
            return False
        cycle = clocks.current(clocks.turns_of(ticket), ticket.policy, at, now)
        notices.warn(ticket, cycle.started_at, clocks.reached(cycle))
        ticket.warn_at = clocks.next_warning(cycle, now, at)
        ticket.save(update_fields=["warn_at"])
    return True


def reckon(pk: int, *, terms: Terms | None = None) -> None:
    """Reckon the deadlines of an open ticket anew, by the calendar as it is kept now."""
    with transaction.atomic():
        ticket = Ticket.objects.select_for_update().get(pk=pk)
        if ticket.status in OPEN:
            at = max(worktime.now(), ticket.last_event_at)
            settle(ticket, clocks.turns_of(ticket), at, _now(ticket, terms))
            ticket.save(update_fields=["calendar_version", "first_response_due_at", "due_at", "warn_at"])


def _now(ticket: Ticket, terms: Terms | None) -> Hours:
    """The calendar: as the terms have it, with the policy, or read now."""
    if terms is None:
        return hours.current()
    ticket.policy = terms.policy(ticket.policy_id)
    return terms.hours
