"""What time does to tickets: exact at its edges, repeatable, beside itself, and stopped by no poisoned row."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import ProgrammingError, connection, transaction

from notifications.models import Notice
from tests import cast
from tests.cast import MONDAY, at_status, form
from tickets import lifecycle, sweeps
from tickets.models import Message, SweepFailure, Ticket, TicketEvent
from tickets.states import Action, Closure, Status, Via

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def travel(**since_monday: float) -> time_machine.travel:
    return time_machine.travel(MONDAY + timedelta(**since_monday), tick=False)


def everything() -> tuple[object, ...]:
    return (list(Ticket.objects.order_by("pk").values()), TicketEvent.objects.count(), Notice.objects.count())


@pytest.fixture
def waiting(c: SimpleNamespace) -> Ticket:
    with travel():
        return at_status(c, Status.WAITING_REQUESTER)


@pytest.fixture
def closed(c: SimpleNamespace) -> Ticket:
    with travel():
        return at_status(c, Status.CLOSED)


@pytest.mark.parametrize(("seconds", "done"), [(-1, 0), (1, 1)])
def test_the_reminder_goes_out_24_hours_before_the_end(waiting: Ticket, seconds: int, done: int) -> None:
    with travel(hours=48, seconds=seconds):
        assert sweeps.remind_waits() == done
    waiting.refresh_from_db()
    assert (waiting.reminded_at is not None) == bool(done)
    assert Notice.objects.filter(kind="ticket_reminder").count() == done


@pytest.mark.parametrize(("seconds", "done"), [(0, 0), (1, 1)])
def test_a_wait_ends_after_72_hours_to_the_second(waiting: Ticket, seconds: int, done: int) -> None:
    with travel(hours=50):
        sweeps.remind_waits()
    with travel(hours=72, seconds=seconds):
        assert sweeps.close_expired_waits() == done
    waiting.refresh_from_db()
    assert (waiting.status, waiting.closure) == (
        (Status.CLOSED, Closure.NO_INTERACTION) if done else (Status.WAITING_REQUESTER, "")
    )


@pytest.mark.parametrize(("seconds", "done"), [(0, 0), (1, 1)])
def test_a_closed_ticket_is_final_after_48_hours_to_the_second(closed: Ticket, seconds: int, done: int) -> None:
    with travel(hours=48, seconds=seconds):
        assert sweeps.finalize_closed() == done
    closed.refresh_from_db()
    assert closed.status == (Status.FINAL if done else Status.CLOSED)


def test_from_waiting_to_final_by_time_alone(waiting: Ticket) -> None:
    for hours in range(0, 24 * 7, 3):
        with travel(hours=hours, minutes=1):
            sweeps.remind_waits()
            sweeps.close_expired_waits()
            sweeps.finalize_closed()
    assert [(e.action, e.at - MONDAY, e.actor, e.via) for e in waiting.events.all()][-3:] == [
        (Action.REMIND, timedelta(hours=48, minutes=1), None, Via.SYSTEM),
        (Action.EXPIRE_WAIT, timedelta(hours=72, minutes=1), None, Via.SYSTEM),
        (Action.FINALIZE, timedelta(hours=120 + 3, minutes=1), None, Via.SYSTEM),
    ]


def test_a_second_run_finds_nothing(waiting: Ticket, closed: Ticket) -> None:
    with travel(hours=73):
        assert sweeps.remind_waits() == 1
        assert sweeps.finalize_closed() == 1
        before = everything()
        assert (sweeps.remind_waits(), sweeps.close_expired_waits(), sweeps.finalize_closed()) == (0, 0, 0)
        assert everything() == before


def test_after_an_outage_the_requester_is_reminded_first_and_has_12_hours(waiting: Ticket) -> None:
    with travel(days=10):
        assert (sweeps.close_expired_waits(), sweeps.remind_waits()) == (0, 1)
        assert sweeps.close_expired_waits() == 0
    with travel(days=10, hours=12, seconds=-1):
        assert sweeps.close_expired_waits() == 0
    with travel(days=10, hours=12):
        assert sweeps.close_expired_waits() == 1


def test_an_answer_before_the_late_job_counts(c: SimpleNamespace, waiting: Ticket) -> None:
    with travel(days=10):
        sweeps.remind_waits()
        lifecycle.speak(waiting.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Respondi.")
    with travel(days=11):
        assert (sweeps.remind_waits(), sweeps.close_expired_waits()) == (0, 0)
    waiting.refresh_from_db()
    assert waiting.status == Status.IN_PROGRESS


def test_a_turn_is_bounded_and_the_oldest_goes_first(
    c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, waiting: Ticket
) -> None:
    with travel(hours=1):
        later = at_status(c, Status.WAITING_REQUESTER)
    monkeypatch.setattr(sweeps, "RUN", timedelta(0))
    with travel(hours=60):
        for left, last in ((True, waiting), (False, later)):
            assert sweeps.remind_waits() == 1
            assert sweeps.remind_waits.left() == left
            assert TicketEvent.objects.filter(action=Action.REMIND).last().ticket == last
        assert sweeps.remind_waits() == 0
    assert list(Message.objects.filter(event__action=Action.REMIND)) == []


def test_of_equal_moments_none_is_left_out(c: SimpleNamespace) -> None:
    with travel():
        tickets = [at_status(c, Status.CLOSED) for _ in range(5)]
    with travel(hours=49):
        assert sweeps.finalize_closed() == 5
    assert set(Ticket.objects.values_list("pk", "status")) == {(t.pk, Status.FINAL) for t in tickets}


def test_nothing_else_is_touched(c: SimpleNamespace) -> None:
    with travel():
        for status in (Status.QUEUED, Status.IN_PROGRESS, Status.WAITING_EXTERNAL, Status.IN_VALIDATION, Status.FINAL):
            at_status(c, status)
    before = everything()
    with travel(days=365):
        assert (sweeps.remind_waits(), sweeps.close_expired_waits(), sweeps.finalize_closed()) == (0, 0, 0)
    assert everything() == before


class TestOnRealTransactions:
    """Threads and a poisoned row need commits of their own."""

    @pytest.fixture
    def c(self, transactional_db: None) -> SimpleNamespace:
        return cast.full_cast()

    def test_a_poisoned_ticket_is_kept_apart_and_the_others_are_closed(
        self, c: SimpleNamespace, caplog: pytest.LogCaptureFixture
    ) -> None:
        with travel():
            tickets = [at_status(c, Status.WAITING_REQUESTER) for _ in range(3)]
        with travel(hours=60):
            sweeps.remind_waits()
        bad = tickets[0]
        with travel(hours=73), poisoned(bad):
            assert sweeps.close_expired_waits() == 2
            assert not sweeps.close_expired_waits.left()
            assert sweeps.close_expired_waits() == 0  # it is left alone for a minute
        assert f"pk={bad.pk}" in caplog.text
        assert bad.subject not in caplog.text
        assert dict(Ticket.objects.values_list("pk", "status")) == {
            bad.pk: Status.WAITING_REQUESTER,
            tickets[1].pk: Status.CLOSED,
            tickets[2].pk: Status.CLOSED,
        }
        assert not bad.events.filter(action=Action.EXPIRE_WAIT).exists()
        assert not Notice.objects.filter(kind="ticket_expired", data__ticket=bad.pk).exists()
        failure = SweepFailure.objects.get()
        assert (failure.ticket, failure.job, failure.attempts) == (bad, "expire_wait", 1)
        assert re.fullmatch(r"IntegrityError em tickets/lifecycle/\w+\.py:\d+ \(\w+\)", failure.error)
        with travel(hours=73, minutes=1, seconds=1):
            assert sweeps.close_expired_waits() == 1
        assert not SweepFailure.objects.exists()
        assert bad.events.filter(action=Action.EXPIRE_WAIT).count() == 1

    def test_a_ticket_in_somebodys_hands_is_passed_over_and_found_again(self, c: SimpleNamespace) -> None:
        with travel():
            held, free = at_status(c, Status.CLOSED), at_status(c, Status.CLOSED)
        taken, done = Event(), Event()

        def hold() -> None:
            with transaction.atomic():
                Ticket.objects.select_for_update().get(pk=held.pk)
                taken.set()
                assert done.wait(timeout=10)
            connection.close()

        with travel(hours=49), ThreadPoolExecutor(1) as pool:
            somebody = pool.submit(hold)
            assert taken.wait(timeout=10)
            assert sweeps.finalize_closed() == 1
            assert dict(Ticket.objects.values_list("pk", "status")) == {held.pk: Status.CLOSED, free.pk: Status.FINAL}
            done.set()
            somebody.result()
            assert sweeps.finalize_closed() == 1
        assert not SweepFailure.objects.exists()

    def test_a_turn_ends_where_every_ticket_fails_and_the_next_one_goes_on(
        self, c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sweeps, "FAILURES_IN_A_ROW", 2)
        with travel():
            tickets = [at_status(c, Status.CLOSED) for _ in range(4)]
        with travel(hours=49):
            with poisoned(tickets[0]), poisoned(tickets[1], "more"):
                assert sweeps.finalize_closed() == 0
            assert sorted(SweepFailure.objects.values_list("ticket", flat=True)) == [t.pk for t in tickets[:2]]
            assert sweeps.finalize_closed() == 2

    def test_a_sweep_that_loses_its_database_blames_no_ticket(self, c: SimpleNamespace) -> None:
        with travel():
            at_status(c, Status.CLOSED)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tickets_ticket RENAME TO gone")
        try:
            with travel(hours=49), pytest.raises(ProgrammingError):
                sweeps.finalize_closed()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE gone RENAME TO tickets_ticket")
        assert not SweepFailure.objects.exists()

    def test_two_sweeps_beside_each_other_do_everything_once(self, c: SimpleNamespace) -> None:
        with travel():
            tickets = [at_status(c, Status.WAITING_REQUESTER) for _ in range(8)]
            closed = [at_status(c, Status.CLOSED) for _ in range(8)]
        with travel(hours=60):
            assert sum(beside(sweeps.remind_waits)) == 8
        with travel(hours=73):
            assert sum(beside(sweeps.close_expired_waits)) == 8
            assert sum(beside(sweeps.finalize_closed)) == 8
        for action, rows in ((Action.REMIND, tickets), (Action.EXPIRE_WAIT, tickets), (Action.FINALIZE, closed)):
            assert sorted(TicketEvent.objects.filter(action=action).values_list("ticket", flat=True)) == [t.pk for t in rows]
        assert Notice.objects.filter(kind="ticket_expired").count() == 8


@contextmanager
def poisoned(ticket: Ticket, name: str = "poison") -> Iterator[None]:
    """Within the block the database refuses every further event of this one ticket."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE tickets_ticketevent ADD CONSTRAINT {name} CHECK (ticket_id <> %s) NOT VALID", [ticket.pk])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE tickets_ticketevent DROP CONSTRAINT {name}")


def beside(sweep: Callable[[], int]) -> list[int]:
    """The sweep in two threads with a connection each, released together."""
    start = Barrier(2)

    def run() -> int:
        try:
            start.wait(timeout=10)
            return sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(run), pool.submit(run)]]
