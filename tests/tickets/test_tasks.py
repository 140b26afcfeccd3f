"""The tasks that beat wakes: one for each sweep, asking again while there is work."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from helpdesk.celery import app
from helpdesk.schedule import SCHEDULE
from tests.cast import MONDAY, at_status
from tickets import sweeps, tasks
from tickets.models import Ticket
from tickets.states import Status


def test_every_sweep_has_a_task_that_beat_asks_for() -> None:
    names = {name for name, found in vars(sweeps).items() if isinstance(found, sweeps.Sweep)}
    assert len(names) == len(sweeps.SWEEPS)
    assert {f"tickets.tasks.{name}" for name in names} <= {row.task for row in SCHEDULE}


def test_a_turn_that_leaves_work_asks_for_another(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeps, "RUN", timedelta(0))  # one ticket a turn
    monkeypatch.setitem(app.conf, "task_always_eager", True)
    with time_machine.travel(MONDAY, tick=False):
        for _ in range(3):
            at_status(c, Status.CLOSED)
    with time_machine.travel(MONDAY + timedelta(hours=49), tick=False):
        tasks.finalize_closed.delay()
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.FINAL}
