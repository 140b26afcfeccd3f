"""The clocks of one ticket: its events and its policy, read for ``tickets.sla``. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case, Q, When

from catalog.hours import Hours
from catalog.models import Policy
from tickets import sla
from tickets.models import Ticket
from tickets.sla import Cycle, Standing, Targets, TargetsAt, Turn
from tickets.states import Action, Level, Status
from tickets.waits import Waits
from worktime.calendar import BusinessCalendar

RESPONSES: Final = frozenset({Action.ASK, Action.COMMENT, Action.RESOLVE, Action.REFUSE})
"""What counts as a first response when the team says it in public (DESIGN §5)."""

ANSWERS: Final = Case(When(Q(message__from_team=True, message__internal=False, action__in=RESPONSES), then=True), default=False)
"""Of an event: whether the team said something in public with it."""

WARNINGS: Final = (75, 100)
"""Percent of a target at which the assignee and the leads of the queue are told."""


def waits_of(policy: Policy, calendar: BusinessCalendar) -> Waits:
    """How long tickets of a policy wait, in consecutive hours or in working time."""
    business = policy.counting == Policy.Counting.BUSINESS
    return Waits(
        wait=timedelta(hours=policy.wait_hours),
        remind_before=timedelta(hours=policy.remind_before_hours),
        reopening=timedelta(hours=policy.reopen_hours),
        calendar=calendar if business else None,
    )


def targets_of(policy: Policy) -> TargetsAt:
    """What a policy promises at each priority; one query, at once."""
    by_priority = {
        row.priority: Targets(
            first_response=timedelta(hours=row.first_response_hours),
            resolution={Level(level): time for level, time in row.resolution.items()},
            stops_outside=policy.stops_outside,
        )
        for row in policy.targets.all()
    }
    return by_priority.__getitem__


def turn(at: datetime, ticket: Ticket, *, answers: bool = False) -> Turn:
    """The turn that a ticket takes now. ``answers``: it is one of the ``RESPONSES``, said by the team in public."""
    return Turn(at, Status(ticket.status), Level(ticket.level), ticket.priority, answers)


def turns_of(ticket: Ticket) -> list[Turn]:
    """Every event of a ticket as the clocks see it, in order; one query."""
    rows = ticket.events.annotate(answers=ANSWERS).order_by("at", "id")
    fields = ("at", "new_status", "level", "priority", "answers")
    return [
        Turn(at, Status(status), Level(level), priority, answers)
        for at, status, level, priority, answers in rows.values_list(*fields)
    ]


def cycles(ticket: Ticket, at: datetime, now: Hours) -> list[Cycle]:
    """Every cycle of a ticket up to ``at``, in order, reckoned by the calendar as it is kept now."""
    return sla.cycles(turns_of(ticket), targets_of(ticket.policy), now.calendar, at)


def current(turns: Sequence[Turn], policy: Policy, at: datetime, now: Hours) -> Cycle:
    """The cycle that runs, or the last one that ended. ``turns`` begin with the opening."""
    return sla.cycles(turns, targets_of(policy), now.calendar, at)[-1]


def next_warning(cycle: Cycle, now: Hours, at: datetime) -> datetime | None:
    """The first moment after ``at`` at which a running clock reaches a share of its target that is told."""
    moments = (
        now.calendar.add(at, clock.target * percent / 100 - clock.elapsed)
        for clock in (cycle.first_response, cycle.resolution)
        if clock.standing == Standing.RUNNING
        for percent in WARNINGS
        if clock.target * percent / 100 > clock.elapsed
    )
    return min(moments, default=None)


@dataclass(frozen=True, slots=True)
class Reached:
    """A share of a target that was reached."""

    clock: str
    percent: int


def reached(cycle: Cycle) -> Iterator[Reached]:
    """The shares of its targets that the open cycle has reached by now."""
    for name, clock in (("response", cycle.first_response), ("resolution", cycle.resolution)):
        if clock.ended_at is None:
            for percent in WARNINGS:
                if clock.elapsed >= clock.target * percent / 100:
                    yield Reached(name, percent)
