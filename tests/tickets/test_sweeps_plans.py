"""Among many tickets the head of each sweep's line is found by its partial index, whether anything is due or not."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection

from accounts.models import Absence
from tests.cast import MONDAY, at_status
from tests.copies import copies
from tickets import querysets
from tickets.models import Ticket
from tickets.states import OPEN, Status
from tickets.sweeps import SWEEPS

PERCENT = {Status.FINAL: 70, Status.QUEUED: 20, Status.CLOSED: 5, Status.WAITING_REQUESTER: 5}
INDEX = {
    "remind": "ticket_remind_at",
    "expire_wait": "ticket_wait_expires",
    "finalize": "ticket_reopen_until",
    "warn": "ticket_warn_at",
    "reckon": "ticket_calendar_version",
    "pass_on": "ticket_held_in_queue",
}


@pytest.fixture(params=[5_000, pytest.param(100_000, marks=pytest.mark.soak)])
def many(c: SimpleNamespace, request: pytest.FixtureRequest) -> None:
    with time_machine.travel(MONDAY, tick=False):
        rows = {at_status(c, status): request.param * percent // 100 for status, percent in PERCENT.items()}
    Ticket.objects.filter(status__in=(Status.FINAL, Status.CLOSED)).update(assignee=c.beto)  # few of all were one analyst's
    for ticket, number in rows.items():
        copies(ticket, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")


@pytest.mark.usefixtures("many")
def test_the_head_of_each_line_is_found_by_its_index(c: SimpleNamespace) -> None:
    Absence.objects.create(user=c.bia, starts_at=MONDAY, ends_at=MONDAY + timedelta(days=60))  # nobody was told of it
    assert set(INDEX) == {sweep.name for sweep in SWEEPS}
    for sweep in SWEEPS:
        for days in (0, 30):  # nothing is due, then much
            at = MONDAY + timedelta(days=days)
            with time_machine.travel(at, tick=False):
                plans = [sweep.line(due, at)[:1].explain() for due in sweep.due(at)]
            assert plans
            for plan in plans:
                assert f"Index Scan using {INDEX[sweep.name]} on tickets_ticket" in plan, plan
                assert "Sort" not in plan, plan


@pytest.mark.usefixtures("many")
def test_whether_anybody_left_work_alone_is_told_without_reading_tickets(c: SimpleNamespace) -> None:
    held = {(ticket.assignee_id, ticket.queue_id) for ticket in Ticket.objects.exclude(assignee=None).filter(status__in=OPEN)}
    assert querysets.holders() == held
    assert held
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {querysets.HOLDERS}", {"open": tuple(sorted(OPEN))})
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert plan.count("using ticket_held_in_queue on tickets_ticket") == 2, plan
    assert Ticket.objects.left_alone_by_each(MONDAY) == []
