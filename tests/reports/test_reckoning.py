"""Every figure equals what plain Python makes of the raw events, for random lives, periods and narrowings."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import transaction

from catalog.models import Holiday
from reports import figures, gathering
from reports.models import CycleFact
from reports.periods import Period
from tests import cast
from tests.cast import MONDAY, fresh, opened
from tests.reports import reckoning
from tests.reports.reckoning import Reckoned, nearest_rank
from tests.tickets.lives import VERBS
from tickets import sweeps
from tickets.lifecycle import Refused
from tickets.models import Ticket, TicketEvent
from tickets.states import Via

HOLIDAY = date(2026, 12, 8)
TEAM = ["bia", "caio"]
WHO = {
    **{verb: ["ana"] for verb in ("speak", "solved", "cancel", "reopen", "confirm")},
    "priority": [*TEAM, "duda"],
    "restore": ["duda"],
}
"""Who does what; the rest the team does."""
LIKELY = [
    "take",
    "take",
    "take",
    "resolve",
    "resolve",
    "ask",
    "ask",
    "speak",
    "escalate",
    "reopen",
    "reopen",
    "comment",
    "priority",
]
SOLVED, OUT = {"resolved", "solved_by_requester"}, {"duplicate", "cancelled", "out_of_scope"}


def lives(c: SimpleNamespace, count: int, dice: random.Random) -> None:
    """So many tickets over some weeks, each with turns of random people; jobs run now and then."""
    now = MONDAY
    for _ in range(count):
        now += timedelta(seconds=dice.randrange(6 * 3600))
        with time_machine.travel(now, tick=False):
            pk = opened(c).pk
        at = now
        for _ in range(dice.randrange(12)):
            at += timedelta(seconds=dice.choice([60, 3600, 9 * 3600, 30 * 3600, 80 * 3600]) + dice.randrange(3600))
            verb = dice.choice(LIKELY if dice.random() < 0.8 else sorted(VERBS))
            facts = {"by": fresh(getattr(c, dice.choice(WHO.get(verb, TEAM)))), "via": Via.DESK, "request_id": uuid4()}
            with time_machine.travel(at, tick=False), suppress(Refused), transaction.atomic():
                VERBS[verb](pk, **facts)
            if dice.random() < 0.15:
                with time_machine.travel(at, tick=False):
                    sweeps.remind_waits()
                    sweeps.close_expired_waits()
                    sweeps.finalize_closed()


def events() -> list[dict[str, Any]]:
    rows = TicketEvent.objects.order_by("ticket", "at", "id").values(
        "ticket", "at", "action", "new_status", "level", "priority", "message__from_team", "message__internal"
    )
    return [{**row, "spoke": bool(row["message__from_team"]) and row["message__internal"] is False} for row in rows]


def check_cohorts(mine: list[Reckoned], period: Period, today: date) -> None:
    """Each ticket once, by its last cycle."""
    told = figures.cohorts(CycleFact.objects.all(), period, today)
    here = [one for one in mine if one.last and period.first <= one.opened_on <= period.last]
    assert set(told) == {one.priority for one in here}
    for priority, cohort in told.items():
        those = [one for one in here if one.priority == priority]
        solved = [one for one in those if one.closure in SOLVED]
        assert cohort.received == len(those)
        assert cohort.out == sum(one.closure in OUT for one in those)
        assert cohort.silent == sum(one.closure == "no_interaction" for one in those)
        assert cohort.open == sum(one.closure == "" for one in those)
        assert (cohort.in_time, cohort.late) == (sum(o.good for o in solved), sum(not o.good for o in solved))
        assert cohort.provisional == (today <= period.last or (cohort.open > 0 and (today - period.last).days <= 90))
        counted = len(solved) + (0 if cohort.provisional else cohort.open)
        assert cohort.share == (cohort.in_time / counted if counted else None)


def check_ended(mine: list[Reckoned], period: Period) -> None:
    told = figures.ended(CycleFact.objects.all(), period)
    here = [one for one in mine if one.ended_on and period.first <= one.ended_on <= period.last]
    solved = [one for one in here if one.closure in SOLVED]
    closures = [one.closure for one in here]
    responses = [one.response for one in here if one.response is not None]
    assert told == figures.Ended(
        count=len(here),
        solved=len(solved),
        in_time=sum(not (one.response_late or one.solution_late) for one in solved),
        silent=closures.count("no_interaction"),
        duplicates=closures.count("duplicate"),
        refused=closures.count("out_of_scope"),
        cancelled=closures.count("cancelled"),
        reopened=sum(not one.last for one in here),
        escalated=sum(one.level == "N3" for one in here),
        response_median=nearest_rank(responses, 50),
        response_p90=nearest_rank(responses, 90),
        resolution_median=nearest_rank([one.solution for one in solved], 50),
        resolution_p90=nearest_rank([one.solution for one in solved], 90),
        n2_median=nearest_rank([one.at["N2"] for one in solved], 50),
        n3_median=nearest_rank([one.at["N3"] for one in solved if one.level == "N3"], 50),
    )


def check_backlog(mine: list[Reckoned], day: date) -> None:
    told = figures.backlog(CycleFact.objects.all(), day)
    lay = [one for one in mine if one.started_on <= day and (one.ended_on is None or one.ended_on > day)]
    ages = [(day - one.started_on).days for one in lay]
    classes = [(-1, 1), (1, 5), (5, 15), (15, 30), (30, 10**6)]
    assert told.count == len(lay)
    assert told.ages == tuple(sum(low < age <= high for age in ages) for low, high in classes)
    assert told.oldest == min((one.started_on for one in lay), default=None)


def check_load(mine: list[Reckoned], period: Period) -> None:
    told = figures.load(CycleFact.objects.all(), period)
    opened_at = [ticket.opened_at.astimezone(reckoning.HERE) for ticket in Ticket.objects.all()]
    here = [at for at in opened_at if period.first <= at.date() <= period.last]
    places = [(at.isoweekday(), at.hour) for at in here]
    assert told == {place: places.count(place) for place in places}
    months = [(at.year, at.month) for at in here]
    assert figures.opened_by_month(CycleFact.objects.all(), period) == {month: months.count(month) for month in months}


def play(count: int, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - for lives, not for keys
    with time_machine.travel(MONDAY, tick=False):
        c = cast.full_cast()
        Holiday.objects.create(date=HOLIDAY, name="Feriado")
    lives(c, count, dice)
    end = max(TicketEvent.objects.values_list("at", flat=True)) + timedelta(days=1)
    with time_machine.travel(end, tick=False):
        while gathering.gather():
            pass
        assert gathering.until() == end
    mine = reckoning.cycles(events(), {HOLIDAY, *reckoning.NATIONAL})
    assert CycleFact.objects.count() == len(mine)
    # Else the dice tell nothing.
    assert {"", "resolved", "no_interaction"} < {one.closure for one in mine}
    assert {one.last for one in mine} == {one.good for one in mine} == {True, False}
    assert {one.level for one in mine} == {"N2", "N3"}
    today = end.astimezone(reckoning.HERE).date()
    for _ in range(12):
        first = MONDAY.date() + timedelta(days=dice.randrange(30))
        period = Period(first, first + timedelta(days=dice.randrange(40)))
        check_cohorts(mine, period, today + timedelta(days=dice.randrange(200)))
        check_ended(mine, period)
        check_backlog(mine, period.last)
        check_load(mine, period)


@pytest.mark.django_db
def test_random_lives_are_counted_as_plain_python_counts_them() -> None:
    play(50, seed=2)


@pytest.mark.soak
@pytest.mark.django_db
def test_thousands_of_random_lives_are_counted_alike() -> None:
    play(int(os.environ.get("LIVES", "5000")), seed=int(os.environ.get("SEED", "7")))
