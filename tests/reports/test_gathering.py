"""The facts follow the desk's rows: what changed, once, and the same as written anew."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worktime
from reports import gathering
from reports.models import CycleFact, Gathered
from tests import cast
from tests.cast import form, opened
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db


@pytest.fixture
def c() -> SimpleNamespace:
    return cast.full_cast()


def facts() -> list[dict[str, Any]]:
    return list(CycleFact.objects.order_by("ticket", "ordinal").values())


def test_a_ticket_that_is_open_has_a_cycle_that_runs(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert gathering.gather() == 1
    fact = CycleFact.objects.get()
    here = ticket.opened_at.astimezone(worktime.BRASILIA)
    assert (fact.opened_on, fact.opened_hour, fact.started_on, fact.ended_on) == (here.date(), here.hour, here.date(), None)
    assert (fact.is_last, fact.closure, fact.all_in_time, fact.response_seconds, fact.resolution_seconds) == (
        True,
        "",
        True,
        None,
        None,
    )
    assert (fact.product, fact.sphere, fact.agency, fact.channel) == (c.product, c.sphere, c.a, "portal")
    assert fact.core_system == c.core


def test_what_is_reopened_has_a_cycle_more(c: SimpleNamespace) -> None:
    ticket = cast.at_status(c, Status.CLOSED, "N3")
    gathering.gather()
    first = CycleFact.objects.get()
    assert (first.closure, first.level, first.cause, first.assignee, first.is_last) == ("resolved", "N3", c.cause, c.caio, True)
    lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert gathering.gather() == 1
    first, second = CycleFact.objects.order_by("ordinal")
    assert (first.is_last, first.closure, second.is_last, second.closure) == (False, "resolved", True, "")
    assert (first.as_of, second.as_of) == (Ticket.objects.get().last_event_at,) * 2


def test_only_what_changed_is_written_again(c: SimpleNamespace) -> None:
    one, other = opened(c), opened(c)
    assert gathering.gather() == 2
    assert gathering.gather() == 0
    lifecycle.take(other.pk, by=c.bia, via=Via.DESK, request_id=form())
    assert gathering.gather() == 1
    assert CycleFact.objects.get(ticket=other).assignee == c.bia
    assert CycleFact.objects.get(ticket=one).as_of == one.last_event_at


def test_what_became_visible_late_is_found(c: SimpleNamespace) -> None:
    """A transaction that began before the last run and ended after it."""
    gathering.gather()
    with worktime.shifted(-gathering.BEHIND + timedelta(seconds=5)):
        ticket = opened(c)
    assert ticket.last_event_at < gathering.until()  # type: ignore[operator]  # it ran above
    assert gathering.gather() == 1


def test_batches_go_on_where_the_last_one_stopped(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "BATCH", 2)
    for hours in range(5):
        with worktime.shifted(timedelta(hours=-hours)):
            opened(c)
    assert gathering.gather(batches=1) == 2
    assert gathering.until() == Ticket.objects.order_by("last_event_at")[1].last_event_at
    assert gathering.gather() == 3
    assert gathering.gather() == 0


def test_written_anew_it_is_the_same(c: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    for status in (Status.QUEUED, Status.WAITING_REQUESTER, Status.CLOSED):
        cast.at_status(c, status)
    gathering.gather()
    before = facts()
    call_command("gather_facts", "--anew")
    assert capsys.readouterr().out == "Chamados contados: 3.\n"
    assert [{**row, "id": None} for row in facts()] == [{**row, "id": None} for row in before]


def test_a_batch_costs_the_same_whatever_is_in_it(c: SimpleNamespace) -> None:
    cast.at_status(c, Status.CLOSED)
    with CaptureQueriesContext(
        connection,
    ) as one:
        gathering.gather()
    for status in (Status.QUEUED, Status.IN_PROGRESS, Status.CLOSED):
        cast.at_status(c, status)
    with CaptureQueriesContext(connection) as three:
        gathering.gather()
    assert len(three) == len(one)


def test_days_are_those_of_brasilia(c: SimpleNamespace) -> None:
    late = cast.MONDAY.replace(hour=1)  # 22h of the Sunday there
    with worktime.shifted(late - worktime.now()):
        opened(c)
        gathering.gather()
    fact = CycleFact.objects.get()
    assert (fact.opened_on, fact.opened_hour) == (date(2026, 11, 22), 22)


def test_forgotten_facts_leave_no_mark(c: SimpleNamespace) -> None:
    opened(c)
    gathering.gather()
    gathering.anew()
    assert not CycleFact.objects.exists()
    assert not Gathered.objects.exists()
    assert gathering.until() is None
