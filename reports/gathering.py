"""Writing the facts from the rows of the desk: what changed since the last time, or all of it anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch

import worktime
from catalog import hours
from reports import packing
from reports.models import CycleFact, FactColumn, Gathered, KeptPanel
from tickets import clocks, sla
from tickets.models import SlaCycle, Ticket, TicketEvent
from tickets.sla import ENDED, Standing, Turn
from tickets.states import TABLE, Action, Level, Status
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from catalog.hours import Hours

BATCH: Final = 500
BEHIND: Final = timedelta(minutes=10)
"""Events become visible when their transaction ends, and none runs longer than this (statement timeout)."""
THE_ONE: Final = 1
BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)


def gather(batches: int = 20) -> int:
    """Bring the facts up to now, at most so many batches of 500 tickets; how many tickets were written.

    Goes on where it stopped. Safe beside itself: who comes second waits for no lock and does nothing. What is called
    again changes nothing.
    """
    written = 0
    for _ in range(batches):
        count = _batch()
        written += count
        if count < BATCH:
            break
    return written


def anew() -> None:
    """Forget how far the facts reach, and all of them: the next runs write every ticket's."""
    with transaction.atomic():
        Gathered.objects.all().delete()  # first: who packs holds its lock
        CycleFact.objects.all().delete()
        FactColumn.objects.all().delete()
        KeptPanel.objects.all().delete()


def until() -> datetime | None:
    """Up to when the facts tell everything; ``None`` before the first run."""
    return Gathered.objects.values_list("until", flat=True).first()


@transaction.atomic
def _batch() -> int:
    Gathered.objects.bulk_create([Gathered(pk=THE_ONE, until=BEFORE_ALL)], ignore_conflicts=True)
    mark = Gathered.objects.select_for_update(skip_locked=True).filter(pk=THE_ONE).first()
    if mark is None:
        return 0
    begun = worktime.now()
    known = CycleFact.objects.filter(ticket=OuterRef("pk"), is_last=True, as_of__gte=OuterRef("last_event_at"))
    changed = Ticket.objects.filter(~Exists(known), last_event_at__gte=mark.until - BEHIND).order_by("last_event_at", "pk")
    tickets = list(_with_all(changed)[:BATCH])
    write(tickets)
    mark.changes += bool(tickets)
    mark.until = tickets[-1].last_event_at if len(tickets) == BATCH else begun
    mark.save()
    return len(tickets)


def _with_all(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    events = TicketEvent.objects.annotate(answers=clocks.ANSWERS).order_by("at", "id")
    return tickets.select_related("policy", "product", "offering", "agency").prefetch_related(
        "policy__targets", Prefetch("events", events), Prefetch("sla_cycles", SlaCycle.objects.order_by("started_at"))
    )


@transaction.atomic
def write(tickets: Sequence[Ticket]) -> None:
    """The facts of these tickets, read with ``_with_all``, in the place of those that there are."""
    now = hours.current()
    CycleFact.objects.bulk_create(
        [fact for ticket in tickets for fact in facts_of(ticket, now)],
        update_conflicts=True,
        unique_fields=["ticket", "ordinal"],
        update_fields=[f.name for f in CycleFact._meta.concrete_fields if f.name not in ("id", "ticket", "ordinal")],
    )
    packing.unpack(ticket.pk for ticket in tickets)


def facts_of(ticket: Ticket, now: Hours) -> Iterator[CycleFact]:
    """Its cycles in order, as of its last event: a running clock is read at that moment."""
    lives = list(sla.parts(ticket.events.all(), lambda event: event.new_status in ENDED))
    kept, in_time = list(ticket.sla_cycles.all()), True
    for ordinal, events in enumerate(lives, start=1):
        over = kept[ordinal - 1] if events[-1].new_status in ENDED else None
        fact = CycleFact(
            ticket=ticket,
            ordinal=ordinal,
            is_last=ordinal == len(lives),
            as_of=ticket.last_event_at,
            opened_on=_day(ticket.opened_at),
            opened_hour=ticket.opened_at.astimezone(BRASILIA).hour,
            started_on=_day(events[0].at),
            level=max(event.level for event in events),
            queue_id=events[-1].queue_id,
            assignee_id=events[-1].assignee_id,
            priority=events[-1].priority,
            core_system_id=ticket.product.core_system_id,
            sphere_id=ticket.offering.sphere_id,
            product_id=ticket.product_id,
            support_type_id=ticket.offering.support_type_id,
            agency_id=ticket.agency_id,
            state=ticket.agency.state if ticket.agency else ticket.unlisted_agency_state,
            channel=ticket.origin or ticket.opened_via,
        )
        if over is None:
            _say_running(fact, ticket, events, now)
        else:
            _say_ended(fact, events, over)
        in_time = in_time and not (fact.response_breached or fact.resolution_breached)
        fact.all_in_time = in_time
        yield fact


def _say_ended(fact: CycleFact, events: Sequence[TicketEvent], cycle: SlaCycle) -> None:
    """What the desk stored when the cycle ended."""
    closing = events[-1]
    fact.ended_on = _day(cycle.ended_at)
    fact.closure = TABLE[Action(closing.action)].closes_as or ""
    fact.cause_id = closing.data.get("cause")
    fact.response_seconds = _seconds(cycle.response_elapsed) if any(_answers(event) for event in events) else None
    fact.response_breached = cycle.response_breached
    fact.resolution_seconds = _seconds(cycle.resolution_elapsed)
    fact.resolution_breached = cycle.resolution_breached
    fact.n2_seconds, fact.n3_seconds = _seconds(cycle.n2_time), _seconds(cycle.n3_time)


def _say_running(fact: CycleFact, ticket: Ticket, events: Sequence[TicketEvent], now: Hours) -> None:
    turns = [Turn(event.at, Status(event.new_status), Level(event.level), event.priority, _answers(event)) for event in events]
    cycle = clocks.current(turns, ticket.policy, ticket.last_event_at, now)
    answered = cycle.first_response.ended_at is not None
    fact.response_seconds = _seconds(cycle.first_response.elapsed) if answered else None
    fact.response_breached = cycle.first_response.standing == Standing.BREACHED
    fact.resolution_breached = cycle.resolution.standing == Standing.BREACHED


def _answers(event: TicketEvent) -> bool:
    return bool(vars(event)["answers"])  # a column that ``_with_all`` added


def _day(at: datetime) -> date:
    return at.astimezone(BRASILIA).date()


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())
