"""``kill -9`` in the middle of a sweep, again and again: everything is done once, by real workers on both brokers."""

from __future__ import annotations

import json
import os
import signal
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import time_machine
from django.db.models import Max

import worktime
from helpdesk import beat
from helpdesk.models import Lease
from helpdesk.schedule import SCHEDULE
from notifications.models import Notice
from tests.cast import at_status, form, full_cast
from tests.checkout import copied
from tests.copies import copies
from tests.helpdesk.jobs import House, kill, redis, wait_for
from tickets import lifecycle, replay
from tickets.models import SlaCycle, SweepFailure, Ticket, TicketEvent
from tickets.states import Action, Status

TASK = "tickets.tasks.close_expired_waits"
SLOW = {row.task for row in SCHEDULE if row.every >= timedelta(minutes=1)}


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    with copied() as folder:
        yield folder


@pytest.fixture(params=["files", pytest.param("redis", marks=pytest.mark.soak)])
def house(transactional_db: None, checkout: Path, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "redis":
        with redis(tmp_path) as url:
            yield from opened_and_ended(House(checkout, url))
    else:
        yield from opened_and_ended(House(checkout))


def opened_and_ended(house: House) -> Iterator[House]:
    try:
        yield house
    finally:
        house.end()


def due(number: int) -> None:
    """That many tickets whose requester was asked, reminded, and silent for more than 72 h."""
    c, at = full_cast(), worktime.now()
    with time_machine.travel(at - timedelta(days=10), tick=False):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with time_machine.travel(at - timedelta(days=8), tick=False):
        lifecycle.remind(ticket.pk, request_id=form())
    copies(Ticket.objects.get(pk=ticket.pk), number - 1, events=True)
    assert Ticket.objects.filter(status=Status.WAITING_REQUESTER).count() == number


def closed() -> int:
    return TicketEvent.objects.filter(action=Action.EXPIRE_WAIT).count()


def everything() -> tuple[object, ...]:
    return (
        list(Ticket.objects.order_by("pk").values_list("pk", "status", "closed_at", "last_event_at")),
        TicketEvent.objects.aggregate(last=Max("pk")),
        Notice.objects.count(),
        SlaCycle.objects.count(),
    )


def each_was_closed_once(number: int) -> None:
    tickets = set(Ticket.objects.values_list("pk", flat=True))
    assert len(tickets) == number
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.CLOSED}
    once = Counter(dict.fromkeys(tickets, 1))
    assert Counter(TicketEvent.objects.filter(action=Action.EXPIRE_WAIT).values_list("ticket", flat=True)) == once
    told = Notice.objects.filter(kind="ticket_expired")
    assert Counter(told.values_list("data__ticket", flat=True)) == once
    assert Counter(SlaCycle.objects.values_list("ticket", flat=True)) == once
    assert not SweepFailure.objects.exists()
    assert list(replay.differences(Ticket.objects.all())) == []


@pytest.mark.parametrize(
    ("number", "kills"), [(60, 1), pytest.param(2_000, 20, marks=pytest.mark.soak)], ids=["60 by 1", "2,000 by 20"]
)
def test_killed_in_the_middle_again_and_again_each_is_closed_once(house: House, number: int, kills: int) -> None:
    due(number)
    rng = Random(number)  # noqa: S311  # where it is killed, no secret
    for turn in range(1, kills + 1):
        house.ask(TASK)
        worker = house.worker()
        stop = (turn * number) // (kills + 1) + rng.randrange(5)
        wait_for(lambda stop=stop: closed() >= stop, f"{stop} closed tickets")
        kill(worker)
        assert closed() < number, "it was to be killed before the end"
    house.ask(TASK)
    house.worker()
    wait_for(lambda: closed() == number, "the last ticket")
    each_was_closed_once(number)


@pytest.mark.soak
def test_a_message_that_comes_again_after_the_work_was_done_changes_nothing(house: House) -> None:
    """So does a worker that dies between its last commit and the acknowledgment: the broker may deliver once more."""
    due(50)
    message = str(uuid.uuid4())
    house.ask(TASK, message)
    worker = house.worker()
    wait_for(lambda: closed() == 50, "the last ticket")
    kill(worker)
    before = everything()
    for _ in range(2):
        house.ask(TASK, message)
    house.ask("helpdesk.tasks.show_life")
    house.worker()
    wait_for(lambda: Lease.objects.filter(name="worker").exists(), "the end of the line")
    assert everything() == before
    each_was_closed_once(50)


@pytest.mark.soak
def test_two_workers_share_the_work_and_one_goes_on_when_the_other_is_killed(house: House) -> None:
    due(2_000)
    first, _ = house.worker("--hostname", "one@%h"), house.worker("--hostname", "two@%h")
    for stop in (300, 600, 900):
        house.ask(TASK), house.ask(TASK)
        wait_for(lambda stop=stop: closed() >= stop, f"{stop} closed tickets")
        kill(first)
        first = house.worker("--hostname", "one@%h")
    house.ask(TASK), house.ask(TASK)
    wait_for(lambda: closed() == 2_000, "the last ticket")
    each_was_closed_once(2_000)


@pytest.mark.soak
def test_a_half_written_message_costs_nothing_but_a_restart(transactional_db: None, checkout: Path) -> None:
    house = House(checkout)
    try:
        due(50)
        house.ask(TASK)
        (message,) = house.queue.glob("*.msg")
        message.write_bytes(message.read_bytes()[:100])
        worker = house.worker()
        wait_for(lambda: not list(house.queue.glob("*.msg")), "the message to be taken")
        house.ask(TASK)
        wait_for(lambda: closed() == 50 or worker.poll() is not None, "the work or the worker's end")
        house.ask(TASK)
        house.worker()
        wait_for(lambda: closed() == 50, "the last ticket")
        each_was_closed_once(50)
    finally:
        house.end()


@pytest.mark.soak
def test_beat_asks_again_for_what_a_killed_worker_had_in_hand(house: House) -> None:
    """Nobody but beat asks; the message of the killed worker is gone, or in hands that nobody has."""
    due(400)
    house.beat()
    worker = house.worker()
    wait_for(lambda: closed() >= 50, "50 closed tickets")
    kill(worker)
    left = 400 - closed()
    assert left
    house.worker()
    wait_for(lambda: closed() == 400, "the last ticket", seconds=150)
    each_was_closed_once(400)


@pytest.mark.soak
def test_of_two_beats_the_second_leads_soon_after_the_first_was_killed(transactional_db: None, checkout: Path) -> None:
    house = House(checkout)
    try:
        for message in house.queue.glob("*.msg"):
            message.unlink()
        house.beat(), house.beat()
        wait_for(lambda: asked(house) == dict.fromkeys(SLOW, 1), "each row asked for once")
        first = leader()
        os.killpg(first, signal.SIGKILL)
        began = worktime.now()
        wait_for(lambda: leader() != first, "the other to lead")
        assert worktime.now() - began <= beat.TERM + timedelta(seconds=beat.WAIT_SECONDS + 5)
        wait_for(lambda: min(asked(house).values()) >= 2, "each row asked for again")
    finally:
        house.end()


def leader() -> int:
    """The process id of the beat that holds the lease."""
    return int(Lease.objects.get(name=beat.LEASE).holder.split(":")[1])


def asked(house: House) -> Counter[str]:
    """How often each task that is not asked for every few seconds lies in the embedded broker."""
    tasks = (json.loads(message.read_text())["headers"]["task"] for message in house.queue.glob("*.msg"))
    return Counter(task for task in tasks if task in SLOW)
