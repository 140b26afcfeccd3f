"""Among many tickets the head of each sweep's line is found by its partial index, whether anything is due or not."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection

from tests.cast import MONDAY, at_status
from tests.copies import copies
from tickets.states import Status
from tickets.sweeps import SWEEPS

PERCENT = {Status.FINAL: 70, Status.QUEUED: 20, Status.CLOSED: 5, Status.WAITING_REQUESTER: 5}
INDEX = {
    "remind": "ticket_remind_at",
    "expire_wait": "ticket_wait_expires",
    "finalize": "ticket_reopen_until",
    "warn": "ticket_warn_at",
    "reckon": "ticket_calendar_version",
    "pass_on": "ticket_open_of_assignee",
}


@pytest.fixture(params=[5_000, pytest.param(100_000, marks=pytest.mark.soak)])
def many(c: SimpleNamespace, request: pytest.FixtureRequest) -> None:
    with time_machine.travel(MONDAY, tick=False):
        rows = {at_status(c, status): request.param * percent // 100 for status, percent in PERCENT.items()}
    for ticket, number in rows.items():
        copies(ticket, number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")


@pytest.mark.usefixtures("many")
def test_the_head_of_each_line_is_found_by_its_index() -> None:
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
