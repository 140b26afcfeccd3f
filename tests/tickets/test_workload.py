"""How much lies where, and what happened today."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts import absences
from catalog import hours
from tests.cast import MONDAY, another_product, at_status, form, fresh, opened
from tests.copies import copies
from tickets import lifecycle, workload
from tickets.models import Ticket
from tickets.states import Status, Via
from tickets.workload import Day, Figures


def test_it_counts_by_queue_and_by_person(c: SimpleNamespace) -> None:
    first = at_status(c, Status.IN_PROGRESS)
    at_status(c, Status.WAITING_REQUESTER)
    queued = opened(c)
    at_status(c, Status.CLOSED)
    at_status(c, Status.WAITING_EXTERNAL, "N3")
    load = workload.load([c.n2.pk, c.n3.pk], worktime.now())
    oldest = (first.number, first.pk, first.opened_at)
    assert load.queues[c.n2.pk] == Figures(3, 1, 1, 1, 0, load.queues[c.n2.pk].due_today, *oldest)
    assert (load.queues[c.n3.pk].open, load.queues[c.n3.pk].waiting) == (1, 1)
    assert (load.people[c.bia.pk].open, load.people[c.bia.pk].oldest_number) == (2, first.number)
    assert (load.people[None].open, load.people[None].oldest_pk) == (1, queued.pk)
    assert c.beto.pk not in load.people


def test_what_is_late_and_what_ends_today(c: SimpleNamespace) -> None:
    """30 working hours at N2: opened on Monday at 10h, it ends on Thursday at 10h."""
    with time_machine.travel(MONDAY, tick=False):
        due = opened(c).due_at
    assert due is not None
    for at, breached, today in (
        (due - timedelta(days=1), 0, 0),
        (workload.midnight_before(due), 0, 1),
        (due - timedelta(seconds=1), 0, 1),
        (due, 1, 0),
        (due + timedelta(days=9), 1, 0),
    ):
        figures = workload.load([c.n2.pk], at).queues[c.n2.pk]
        assert (figures.breached, figures.due_today) == (breached, today), at


def test_what_waits_is_not_late(c: SimpleNamespace) -> None:
    """As in the queue, which counts the deadlines that run."""
    waiting = at_status(c, Status.WAITING_EXTERNAL)
    assert waiting.due_at is not None
    assert workload.load([c.n2.pk], waiting.due_at).queues[c.n2.pk].breached == 0
    assert workload.load([c.n2.pk], workload.midnight_before(waiting.due_at)).queues[c.n2.pk].due_today == 0


def test_other_queues_are_left_out(c: SimpleNamespace) -> None:
    other = another_product(c)
    opened(c, offering=other)
    assert workload.load([c.n2.pk], worktime.now()) == workload.Load({}, {})


def test_the_day_begins_at_midnight_in_brasilia(c: SimpleNamespace) -> None:
    at = hours.current().calendar.add(MONDAY, timedelta(hours=1))
    with time_machine.travel(workload.midnight_before(at) - timedelta(seconds=1), tick=False):
        opened(c)
    with time_machine.travel(workload.midnight_before(at), tick=False):
        closed = at_status(c, Status.CLOSED)
        cancelled = opened(c)
        lifecycle.cancel(cancelled.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form())
        lifecycle.reopen(closed.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert workload.today([c.n2.pk, c.n3.pk], at) == {c.n2.pk: Day(opened=2, reopened=1, closed=2)}
    assert workload.today([c.n2.pk], at + timedelta(days=1)) == {}


def test_members_come_with_their_absence(c: SimpleNamespace) -> None:
    c.lia.grants.create(role="analyst", queue=c.n2)
    now = worktime.now()
    absences.declare(c.bia, starts_at=now, ends_at=now + timedelta(days=1), substitute=c.beto, by=c.bia)
    found = workload.members([c.n2.pk], worktime.now())
    assert [(m.person, m.roles[c.n2.pk], m.away is not None) for m in found] == [
        (c.beto, "analyst", False),
        (c.bia, "analyst", True),
        (c.lia, "lead", False),
    ]
    assert found[1].away is not None
    assert found[1].away.substitute == c.beto


@pytest.mark.parametrize(
    ("who", "overseen", "watched"), [("lia", 1, 1), ("duda", 1, 1), ("bia", 0, 1), ("caio", 0, 0), ("ana", 0, 0)]
)
def test_who_sees_which_queues(c: SimpleNamespace, who: str, overseen: int, watched: int) -> None:
    user = fresh(getattr(c, who))
    assert (len(workload.overseen(user, "N2")), len(workload.watched(user, "N2"))) == (overseen, watched)
    assert workload.oversees(user, "N2") == bool(overseen)


@pytest.mark.parametrize("tickets", [1, 6])
def test_the_statements_are_few(c: SimpleNamespace, tickets: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(tickets):
        at_status(c, Status.IN_PROGRESS)
    with django_assert_num_queries(4):
        workload.load([c.n2.pk], worktime.now())
        workload.today([c.n2.pk], worktime.now())
        workload.members([c.n2.pk], worktime.now())
    assert Ticket.objects.count() == tickets


def test_the_load_reads_its_index_alone(c: SimpleNamespace) -> None:
    """Not the rows, and not the closed tickets: these grow for ever."""
    copies(opened(c), 3_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        # As after a VACUUM, which no transaction can do: then an index may answer alone.
        cursor.execute("UPDATE pg_class SET relallvisible = relpages WHERE oid = 'tickets_ticket'::regclass")
        for way in ("enable_seqscan", "enable_bitmapscan"):  # with so few rows the table is read whole
            cursor.execute(f"SET LOCAL {way} = off")
        now = worktime.now()
        asked = {"queues": [c.n2.pk], "now": now, "midnight": workload.midnight_after(now)}
        cursor.execute(f"EXPLAIN {workload.LOAD}", asked)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Only Scan using ticket_load on tickets_ticket" in plan
