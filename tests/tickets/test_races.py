"""Two at once, on real PostgreSQL: one wins, the other gets a sentence, nothing happens twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from types import SimpleNamespace
from typing import TypeVar

import pytest
import time_machine
from django.db import connection, transaction

import worktime
from accounts import absences, succession
from accounts.models import Membership, RoleGrant, User
from tests import cast
from tests.cast import MONDAY, at_status, form, fresh, opened
from tickets import following, lifecycle, replay, sweeps
from tickets.lifecycle import Overtaken, Refused, Request
from tickets.models import SweepFailure, Ticket, TicketEvent
from tickets.states import Level, Status, Via

Result = TypeVar("Result")


@pytest.fixture
def c(transactional_db: None) -> SimpleNamespace:
    return cast.full_cast()


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run every call in its own thread and connection, released together; results, or refusals."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_take_against_take(c: SimpleNamespace) -> None:
    for pk in [opened(c).pk for _ in range(10)]:
        take = partial(lifecycle.take, pk, via=Via.DESK)
        results = at_once(*(partial(take, by=fresh(u), request_id=form()) for u in (c.bia, c.beto, c.lia)))
        refusals = [r for r in results if isinstance(r, Refused)]
        assert len(refusals) == 2
        assert all(r.sentence for r in refusals)
        assert TicketEvent.objects.filter(ticket=pk, action="take").count() == 1


def test_the_same_form_sent_twice_at_once_opens_one_ticket(c: SimpleNamespace) -> None:
    request = Request(offering=c.offering, subject="Erro", body="Texto")
    for n in range(1, 11):
        send = partial(lifecycle.open_ticket, request, via=Via.PORTAL, request_id=form())
        results = at_once(*(partial(send, by=fresh(c.ana)) for _ in range(3)))
        assert len({ticket.pk for ticket in results}) == 1
        assert Ticket.objects.count() == n


def test_a_verb_sent_twice_at_once_happens_once(c: SimpleNamespace) -> None:
    ticket, request_id = at_status(c, Status.IN_PROGRESS), form()
    ask = [lambda: lifecycle.ask(ticket.pk, by=fresh(c.bia), via=Via.DESK, request_id=request_id, body="Versão?")] * 3
    assert not [r for r in at_once(*ask) if isinstance(r, Refused)]
    assert ticket.messages.count() == 2


def test_the_button_for_the_next_pressed_twice_at_once_takes_one(c: SimpleNamespace) -> None:
    """Each press passes over the row that the other holds, so they meet at the form's id only."""
    for n in range(1, 11):
        opened(c), opened(c)
        take = partial(lifecycle.take_next, via=Via.DESK, request_id=form(), level=Level.N2)
        first, second = at_once(*(partial(take, by=fresh(c.bia)) for _ in range(2)))
        assert first == second
        assert TicketEvent.objects.filter(action="take").count() == n


@pytest.mark.parametrize(
    ("waiting", "analysts"), [(24, 4), pytest.param(500, 8, marks=pytest.mark.soak)], ids=["some", "500 by 8"]
)
def test_nobody_gets_a_colleagues_next_ticket(c: SimpleNamespace, waiting: int, analysts: int) -> None:
    tickets = {opened(c).pk for _ in range(waiting)}
    team = [cast.person(f"Analista {n}", email=f"analista{n}@example.org") for n in range(analysts)]
    for user in team:
        RoleGrant.objects.create(user=user, role="analyst", queue=c.n2)

    def work(user: User) -> list[int]:
        taken = []
        while Ticket.objects.filter(status=Status.QUEUED).exists():
            ticket = lifecycle.take_next(by=fresh(user), via=Via.DESK, request_id=form(), level=Level.N2)
            if ticket is not None:
                taken.append(ticket.pk)
        return taken

    results = at_once(*(partial(work, user) for user in team))
    assert Counter(pk for taken in results for pk in taken) == Counter(tickets)


def while_held(first: Callable[[], object], second: Callable[[], Result]) -> Result:
    """The second call waits for the row that the first has changed and not yet committed; the second's result."""
    changed = Event()
    results: list[Result] = []

    def hold() -> None:
        with transaction.atomic():
            first()
            changed.set()
            waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid"
            for _ in range(200):
                with connection.cursor() as cursor:
                    cursor.execute(waiting)
                    if cursor.fetchone():
                        return
                time.sleep(0.02)
            raise AssertionError("nobody waited")

    def follow() -> None:
        assert changed.wait(timeout=10)
        results.append(second())

    at_once(hold, follow)
    return results[0]


def test_who_waited_for_a_transfer_finds_the_ticket_under_its_new_policy(c: SimpleNamespace) -> None:
    ticket, elsewhere = opened(c), cast.another_product(c)
    policy = cast.default_policy(product=elsewhere.product, core_system=c.core)
    moved = while_held(
        lambda: lifecycle.transfer(
            ticket.pk, by=fresh(c.bia), via=Via.DESK, request_id=form(), reason="Motivo", offering=elsewhere
        ),
        lambda: lifecycle.speak(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="Mais um dado"),
    )
    assert moved.policy == policy
    assert moved.messages.count() == 3


def test_an_answer_that_waited_for_an_assignment_goes_to_the_new_analyst(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    moved = while_held(
        lambda: lifecycle.assign(ticket.pk, by=fresh(c.lia), via=Via.DESK, request_id=form(), to=c.beto),
        lambda: lifecycle.speak(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="5.0.3"),
    )
    assert (moved.status, moved.assignee) == (Status.IN_PROGRESS, c.beto)


@pytest.mark.parametrize("turn", range(5))
def test_an_answer_against_the_closing_of_the_wait(c: SimpleNamespace, turn: int) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with time_machine.travel(MONDAY + timedelta(hours=50), tick=False):
        lifecycle.remind(ticket.pk, request_id=form())
    with time_machine.travel(MONDAY + timedelta(hours=73), tick=False):
        answered, expired = at_once(
            lambda: lifecycle.speak(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="5.0.3"),
            lambda: lifecycle.expire_wait(ticket.pk, request_id=form()),
        )
    assert isinstance(answered, Refused) != isinstance(expired, Refused)
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.status == (Status.CLOSED if isinstance(answered, Refused) else Status.IN_PROGRESS)


@pytest.mark.parametrize("turn", range(5))
def test_an_answer_against_the_closing_of_the_assignees_account(c: SimpleNamespace, turn: int) -> None:
    """Both happen, in one order or the other: either way somebody holds the ticket who can, or it is in the queue."""
    ticket = at_status(c, Status.WAITING_REQUESTER)
    answered, _ = at_once(
        lambda: lifecycle.speak(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="5.0.3"),
        lambda: closed_account(c.bia),
    )
    assert not isinstance(answered, Refused)
    sweeps.pass_on_what_is_left_alone()
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.status in {Status.QUEUED, Status.IN_PROGRESS}
    assert ticket.assignee in {None, c.lia}
    assert list(replay.differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("turn", range(5))
def test_a_take_against_the_closing_of_the_account(c: SimpleNamespace, turn: int) -> None:
    """Who presses at that very moment may still get it: the sweep finds it left alone."""
    held, waiting = at_status(c, Status.IN_PROGRESS), opened(c)
    user = fresh(c.bia)
    at_once(
        lambda: lifecycle.take(waiting.pk, by=user, via=Via.DESK, request_id=form()),
        lambda: closed_account(c.bia),
    )
    assert Ticket.objects.get(pk=held.pk).status == Status.QUEUED
    sweeps.pass_on_what_is_left_alone()
    assert Ticket.objects.get(pk=waiting.pk).status == Status.QUEUED
    assert not Ticket.objects.filter(assignee=c.bia).exists()


def test_two_sweeps_and_the_absence_itself_pass_each_ticket_on_once(c: SimpleNamespace) -> None:
    tickets = [at_status(c, Status.IN_PROGRESS) for _ in range(6)]
    now = worktime.now()
    at_once(
        lambda: absences.declare(c.bia, starts_at=now, ends_at=now + timedelta(days=1), substitute=c.beto, by=c.bia),
        sweeps.pass_on_what_is_left_alone,
        sweeps.pass_on_what_is_left_alone,
    )
    sweeps.pass_on_what_is_left_alone()
    assert TicketEvent.objects.filter(action="assign").count() == len(tickets)
    assert Ticket.objects.filter(assignee=c.beto).count() == len(tickets)


def test_admitting_against_declining(c: SimpleNamespace) -> None:
    rui = cast.person("Rui")
    Membership.objects.create(user=rui, agency=c.a, confirmed_at=worktime.now())
    for _ in range(5):
        ticket = opened(c)
        request = following.ask(fresh(rui), following.token(rui, ticket.pk))
        results = at_once(
            lambda pk=request.pk: refusable(lambda: following.decide(pk, by=fresh(c.gil), admit=True)),
            lambda pk=request.pk: refusable(lambda: following.decide(pk, by=fresh(c.bia), admit=False)),
        )
        assert sorted(type(result).__name__ for result in results) == ["FollowRequest", "NotNow"]
        request.refresh_from_db()
        assert ticket.followers.filter(user=rui).exists() is request.admitted


def test_the_same_card_pressed_twice_at_once_asks_once(c: SimpleNamespace) -> None:
    rui = cast.person("Rui")
    Membership.objects.create(user=rui, agency=c.a, confirmed_at=worktime.now())
    card = following.token(rui, opened(c).pk)
    first, second = at_once(*[lambda: following.ask(fresh(rui), card)] * 2)
    assert first == second


def test_who_decides_second_reads_who_was_first(c: SimpleNamespace) -> None:
    rui = cast.person("Rui")
    Membership.objects.create(user=rui, agency=c.a, confirmed_at=worktime.now())
    request = following.ask(fresh(rui), following.token(rui, opened(c).pk))
    refused = while_held(
        lambda: following.decide(request.pk, by=fresh(c.gil), admit=True),
        lambda: refusable(lambda: following.decide(request.pk, by=fresh(c.bia), admit=False)),
    )
    assert str(refused) == "Gil já aceitou este pedido."


def refusable(call: Callable[[], object]) -> object:
    try:
        return call()
    except (following.NotNow, Refused) as refusal:
        return refusal


def closed_account(user: User) -> None:
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_active=False)
        succession.pass_on_work_of(user)


def test_a_reopening_against_closing_for_good(c: SimpleNamespace) -> None:
    """At the edge only one of the two is legal at any moment, whatever the order of the threads."""
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.CLOSED)
    with time_machine.travel(MONDAY + timedelta(hours=48), tick=False):
        reopened, finalized = at_once(
            lambda: lifecycle.reopen(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="Voltou."),
            lambda: lifecycle.finalize(ticket.pk, request_id=form()),
        )
    assert isinstance(finalized, Refused)
    assert isinstance(reopened, Ticket)
    assert reopened.status == Status.IN_PROGRESS


def test_one_form_on_two_tickets_at_once_does_one_thing(c: SimpleNamespace) -> None:
    for _ in range(5):
        note = partial(lifecycle.note, by=fresh(c.bia), via=Via.DESK, request_id=form(), body="Nota.")
        results = at_once(partial(note, opened(c).pk), partial(note, opened(c).pk))
        assert len([r for r in results if isinstance(r, Refused)]) == 1
    assert TicketEvent.objects.filter(action="note").count() == 5


def test_sweeps_against_each_other_and_against_people(c: SimpleNamespace) -> None:
    """Two sweeps walk the line while its requester answers every second ticket, from the other end: each ends one way."""
    with time_machine.travel(MONDAY, tick=False):
        waiting = [at_status(c, Status.WAITING_REQUESTER).pk for _ in range(12)]
    with time_machine.travel(MONDAY + timedelta(hours=50), tick=False):
        assert sweeps.remind_waits() == 12

    def answer(pks: list[int]) -> int:
        won = 0
        for pk in pks:
            try:
                lifecycle.speak(pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body="5.0.3")
            except Refused:
                continue
            won += 1
        return won

    with time_machine.travel(MONDAY + timedelta(hours=73), tick=False):
        people = waiting[::-2]
        first, second, answered = at_once(sweeps.close_expired_waits, sweeps.close_expired_waits, lambda: answer(people))
        left = sweeps.close_expired_waits()  # what somebody held when the others passed it
    assert first + second + left + answered == 12
    statuses = Counter(Ticket.objects.values_list("status", flat=True))
    assert statuses == +Counter({Status.CLOSED: 12 - answered, Status.IN_PROGRESS: answered})
    ends = TicketEvent.objects.filter(action__in=("expire_wait", "answer"))
    assert Counter(ends.values_list("ticket", flat=True)) == Counter(waiting)
    assert not SweepFailure.objects.exists()


def test_of_two_who_answer_at_once_one_is_told_what_the_other_said(c: SimpleNamespace) -> None:
    for n in range(1, 6):
        ticket = opened(c)
        seen = ticket.events.latest("pk").pk
        comment = partial(lifecycle.comment, ticket.pk, via=Via.DESK, seen=seen)
        results = at_once(*(partial(comment, by=fresh(u), request_id=form(), body=u.name) for u in (c.bia, c.lia)))
        (sent,) = [r for r in results if isinstance(r, Ticket)]
        (warned,) = [r for r in results if isinstance(r, Overtaken)]
        winner = sent.messages.latest("pk")
        assert warned.sentence.startswith(f"{winner.body} respondeu enquanto você escrevia.")
        assert warned.since == seen
        assert (ticket.messages.count(), TicketEvent.objects.filter(action="comment").count()) == (2, n)


def test_a_file_hidden_while_it_is_copied_does_not_come_back(c: SimpleNamespace) -> None:
    """The copy is made before the lock that hiding holds; under it, the file is hidden."""
    ticket = at_status(c, Status.IN_PROGRESS)
    words = {"body": "Segue.", "files": [cast.sent_file(c.ana)]}
    lifecycle.speak(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), **words)
    said, held = ticket.messages.latest("id"), ticket.attachments.get()
    what = {"message": said.pk, "offering": c.offering, "subject": "Outro", "body": "Outro.", "files": [held.pk]}

    def split() -> object:
        try:
            return lifecycle.split(ticket.pk, by=fresh(c.bia), via=Via.DESK, request_id=form(), **what)
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            lifecycle.redact(ticket.pk, by=fresh(c.bia), via=Via.DESK, request_id=form(), what=held)
            splitting = pool.submit(split)
            time.sleep(1)  # the other one has copied by then, and waits for the row
        assert isinstance(splitting.result(), Refused)
    assert Ticket.objects.count() == 1
