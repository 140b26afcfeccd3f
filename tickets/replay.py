"""Do the columns of a ticket say what its events say?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from catalog import hours
from tickets import clocks, sla
from tickets.models import Ticket, TicketEvent
from tickets.states import OPEN, TABLE, Action, Closure, Status, Target, is_told

BATCH = 500
COLUMNS = {
    "status": "new_status",
    "level": "level",
    "queue_id": "queue_id",
    "assignee_id": "assignee_id",
    "priority": "priority",
    "last_event_at": "at",
}
"""A ticket's column → the column of its last event that it repeats."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Something on a ticket that its events contradict."""

    number: int
    what: str
    column: object
    events: object


def differences(tickets: QuerySet[Ticket]) -> Iterator[Difference]:
    """Every contradiction of these tickets, by number. Read in batches without a lock.

    Somebody may take a turn between two statements: what differs is looked at once more under the
    ticket's own lock.
    """
    last = 0
    while batch := list(_with_events(tickets.filter(number__gt=last)).order_by("number")[:BATCH]):
        for ticket in batch:
            if list(of_ticket(ticket, list(ticket.events.all()))):
                with transaction.atomic():
                    Ticket.objects.select_for_update().get(pk=ticket.pk)
                    again = _with_events(Ticket.objects.all()).get(pk=ticket.pk)
                    yield from of_ticket(again, list(again.events.all()))
        last = batch[-1].number


def _with_events(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    events = Prefetch("events", TicketEvent.objects.order_by("at", "id"))
    return tickets.select_related("policy").prefetch_related(events)


def of_ticket(ticket: Ticket, events: list[TicketEvent]) -> Iterator[Difference]:
    """The contradictions between one ticket and all its events, in order."""
    if not events:
        yield Difference(ticket.number, "events", "a ticket", "none")
        return
    for column, told in COLUMNS.items():
        yield from _differs(ticket, column, getattr(events[-1], told))
    yield from _differs(ticket, "last_public_at", _last_public_at(events))
    yield from _differs(ticket, "triaged_at", _triaged_at(events))
    yield from _differs(ticket, "reopenings", sum(event.action == Action.REOPEN for event in events))
    yield from _differs(ticket, "closure", _closure(events))
    yield from _differs(ticket, "closed_at", _closed_at(events))
    yield from _differs(ticket, "cause_id", _cause(events))
    for before, after in pairwise(events):
        if after.at < before.at:
            yield Difference(ticket.number, f"event {after.pk} goes back in time", after.at, before.at)
        if after.old_status != before.new_status:
            yield Difference(ticket.number, f"event {after.pk} begins elsewhere", after.old_status, before.new_status)
        if not _in_table(after):
            yield Difference(ticket.number, f"event {after.pk} is in no row of the table", after.action, after.old_status)
    if ticket.status in OPEN:
        yield from _deadlines(ticket)


def _differs(ticket: Ticket, column: str, told: object) -> Iterator[Difference]:
    kept = getattr(ticket, column)
    if kept != told:
        yield Difference(ticket.number, column, kept, told)


def _in_table(event: TicketEvent) -> bool:
    row = TABLE[Action(event.action)]
    fits = row.to == event.new_status or (row.to == Target.KEEP and event.old_status == event.new_status)
    return event.old_status in row.frm and (fits or row.to in {Target.START, Target.ASKED_FROM, Target.ASSIGNEE_OR_QUEUE})


def _last_public_at(events: list[TicketEvent]) -> object:
    return next((event.at for event in reversed(events) if is_told(Action(event.action), event.data)), None)


def _triaged_at(events: list[TicketEvent]) -> object:
    """The last triage, unless a transfer to another product came after it."""
    for event in reversed(events):
        if event.action == Action.TRANSFER and event.data.get("another_product"):
            return None
        if event.action == Action.TRIAGE:
            return event.at
    return None


def _closing(events: list[TicketEvent]) -> TicketEvent | None:
    """The event that closed the ticket, if it is closed."""
    if events[-1].new_status in OPEN:
        return None
    return next(event for event in reversed(events) if event.new_status == Status.CLOSED != event.old_status)


def _closure(events: list[TicketEvent]) -> Closure | str:
    closing = _closing(events)
    return TABLE[Action(closing.action)].closes_as or "" if closing else ""


def _closed_at(events: list[TicketEvent]) -> object:
    closing = _closing(events)
    return closing.at if closing else None


def _cause(events: list[TicketEvent]) -> object:
    closing = _closing(events)
    return closing.data.get("cause") if closing else None


def _deadlines(ticket: Ticket) -> Iterator[Difference]:
    """The kept deadlines of an open ticket, reckoned anew by the calendar that they were reckoned with."""
    now = hours.current()
    if ticket.calendar_version != now.version:
        return
    turns = clocks.turns_of(ticket)
    cycle = sla.cycles(turns, clocks.targets_of(ticket.policy), now.calendar, turns[-1].at)[-1]
    first = cycle.first_response.due_at if cycle.first_response.ended_at is None else None
    yield from _differs(ticket, "first_response_due_at", first)
    yield from _differs(ticket, "due_at", cycle.resolution.due_at)
