"""Random lives: people who come and leave, clocks that step, late jobs and repeated forms.

Whatever happens in whatever order, what must always hold holds after each step. ``make soak``
plays thousands; a few play here.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from accounts.models import Membership, RoleGrant
from catalog.models import Level
from notifications.models import Notice
from tests import cast
from tests.cast import MONDAY, fresh, opened
from tickets import lifecycle, replay, rules, sweeps
from tickets.lifecycle import Refused
from tickets.models import Message, Ticket, TicketEvent
from tickets.states import OPEN, TABLE, Action, Closure, Status, Target, Via

PEOPLE = ["ana", "gil", "eva", "bia", "beto", "caio", "celia", "lia", "duda", "dora"]
H = timedelta(hours=1)
SECOND = timedelta(seconds=1)
STEPS = st.one_of(
    st.sampled_from(
        [-2 * SECOND, SECOND, H, 12 * H, 24 * H, 48 * H - SECOND, 48 * H, 48 * H + SECOND, 72 * H, 72 * H + SECOND]
    ),
    st.integers(1, 100 * 3600).map(lambda seconds: timedelta(seconds=seconds)),
)
VERBS: dict[str, Callable[..., Ticket]] = {
    "take": lifecycle.take,
    "triage": lifecycle.triage,
    "assign": lambda pk, **who: lifecycle.assign(pk, **who, to=who["by"]),
    "release": lambda pk, **who: lifecycle.release(pk, **who, reason="Motivo"),
    "ask": lambda pk, **who: lifecycle.ask(pk, **who, body="Pergunta"),
    "speak": lambda pk, **who: lifecycle.speak(pk, **who, body="Fala"),
    "withdraw": lambda pk, **who: lifecycle.withdraw_question(pk, **who, reason="Motivo"),
    "note": lambda pk, **who: lifecycle.note(pk, **who, body="Nota"),
    "priority": lambda pk, **who: lifecycle.set_priority(pk, **who, priority=1, reason="Motivo"),
    "escalate": lambda pk, **who: lifecycle.escalate(pk, **who, checked="Verificado"),
    "hand_back": lambda pk, **who: lifecycle.hand_back(pk, **who, reason="Motivo"),
    "resume": lifecycle.resume,
    "validate": lifecycle.validate,
    "validated": lifecycle.validated,
    "resolve": lambda pk, **who: lifecycle.resolve(pk, **who, body="Resposta"),
    "refuse": lambda pk, **who: lifecycle.refuse(pk, **who, body="Orientação"),
    "solved": lifecycle.solved,
    "cancel": lifecycle.cancel,
    "confirm": lifecycle.confirm,
    "reopen": lambda pk, **who: lifecycle.reopen(pk, **who, body="Voltou"),
    "restore": lambda pk, **who: lifecycle.restore(pk, **who, justification="Motivo"),
}


class Lives(RuleBasedStateMachine):
    """Three tickets of Ana's, everybody of the cast, and a clock that the machine holds."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.now = MONDAY
        self.last: tuple[Callable[..., Ticket], int, dict[str, Any]] | None = None
        with self.clock():
            self.c: SimpleNamespace = cast.full_cast()
            self.tickets = [opened(self.c).pk for _ in range(3)]
        self.closed_by_system: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()

    def clock(self) -> time_machine.travel:
        return time_machine.travel(self.now, tick=False)

    @rule(by=STEPS)
    def time_goes_by(self, by: timedelta) -> None:
        self.now += by

    @rule(which=st.integers(0, 2), who=st.sampled_from(PEOPLE), verb=st.sampled_from(sorted(VERBS)))
    def somebody_acts(self, which: int, who: str, verb: str) -> None:
        by, pk = fresh(getattr(self.c, who)), self.tickets[which]
        facts = {"by": by, "via": Via.DESK, "request_id": uuid.uuid4()}
        self.attempt(VERBS[verb], pk, facts)

    @rule(which=st.integers(0, 2), who=st.sampled_from(["bia", "caio"]), days=st.integers(1, 5))
    def another_team_is_waited_for(self, which: int, who: str, days: int) -> None:
        review = self.now + timedelta(days=days)
        facts = {"by": fresh(getattr(self.c, who)), "via": Via.DESK, "request_id": uuid.uuid4(), "team": "Infra"}
        self.attempt(lambda pk, **given: lifecycle.wait_external(pk, **given, review_at=review), self.tickets[which], facts)

    @rule(which=st.integers(0, 2), of=st.integers(0, 2))
    def a_duplicate_is_closed(self, which: int, of: int) -> None:
        root = Ticket.objects.get(pk=self.tickets[of]).number
        facts = {"by": fresh(self.c.bia), "via": Via.DESK, "request_id": uuid.uuid4(), "root": root}
        self.attempt(lifecycle.close_duplicate, self.tickets[which], facts)

    @rule(level=st.sampled_from(list(Level)), who=st.sampled_from(["bia", "beto", "lia", "caio", "celia"]))
    def somebody_takes_the_next(self, level: Level, who: str) -> None:
        with self.clock():
            by = fresh(getattr(self.c, who))
            ticket = lifecycle.take_next(by=by, via=Via.DESK, request_id=uuid.uuid4(), level=level)
        assert ticket is None or (ticket.assignee, ticket.level) == (by, level)

    @precondition(lambda self: self.last is not None)
    @rule()
    def a_form_is_sent_again(self) -> None:
        assert self.last is not None
        verb, pk, facts = self.last
        before = self.state_of(pk)
        with self.clock():
            verb(pk, **facts)
        assert self.state_of(pk) == before

    @rule(job=st.sampled_from([sweeps.remind_waits, sweeps.close_expired_waits, sweeps.finalize_closed]))
    def a_job_comes(self, job: Callable[[], int]) -> None:
        before = {ticket.pk: ticket for ticket in Ticket.objects.all()}
        with self.clock():
            job()
        for ticket in Ticket.objects.exclude(closure__in=["", *(c for c in Closure if c != Closure.NO_INTERACTION)]):
            old = before[ticket.pk]
            if old.status == Status.WAITING_REQUESTER:
                # Closed by this job: the requester owed the answer, was reminded, and had all his time.
                assert ticket.closed_at is not None
                assert old.wait_since is not None
                assert old.reminded_at is not None
                assert ticket.closed_at - old.wait_since > 72 * H
                assert ticket.closed_at - old.reminded_at >= 12 * H
            else:
                assert old.status in {Status.CLOSED, Status.FINAL}

    @rule(who=st.sampled_from(["bia", "beto", "caio", "celia", "lia"]), back=st.booleans())
    def an_analyst_leaves_or_comes_back(self, who: str, back: bool) -> None:
        grants = RoleGrant.objects.filter(user=getattr(self.c, who))
        grants.update(ended_at=None if back else self.now + timedelta(days=3650))

    @rule(who=st.sampled_from(["ana", "gil"]), back=st.booleans())
    def somebody_leaves_or_joins_the_body(self, who: str, back: bool) -> None:
        memberships = Membership.objects.filter(user=getattr(self.c, who))
        memberships.update(ended_at=None if back else self.now + timedelta(days=3650))

    def attempt(self, verb: Callable[..., Ticket], pk: int, facts: dict[str, Any]) -> None:
        """Done: one event more. Refused: nothing changed at all."""
        before, old = self.state_of(pk), Ticket.objects.get(pk=pk)
        refusal = None
        try:
            with self.clock(), transaction.atomic():
                ticket = verb(pk, **facts)
        except Refused as refused:
            refusal = refused
        if refusal is not None:
            assert refusal.sentence
            assert self.state_of(pk) == before
            return
        self.last = (verb, pk, facts)
        assert TicketEvent.objects.filter(ticket=pk).count() == before[1] + 1
        event = TicketEvent.objects.filter(ticket=pk).latest("id")
        if old.status == Status.FINAL and event.new_status != Status.FINAL:
            assert event.action == Action.RESTORE
        if event.action == Action.REOPEN:
            kept = ("triaged_at", "level", "queue_id", "priority")
            assert [getattr(ticket, name) for name in kept] == [getattr(old, name) for name in kept]
            assert old.closed_at is not None
            assert event.at - old.closed_at <= 48 * H

    def state_of(self, pk: int) -> tuple[Any, int, int, int]:
        row = Ticket.objects.filter(pk=pk).values().get()
        events = TicketEvent.objects.filter(ticket=pk).count()
        return row, events, Message.objects.count(), Notice.objects.count()

    @invariant()
    def columns_and_events_agree(self) -> None:
        with self.clock():
            assert list(replay.differences(Ticket.objects.all())) == []

    @invariant()
    def somebody_finds_a_way_forward(self) -> None:
        """The manager at least, whoever else has left; so no open ticket is stuck."""
        at = max(self.now, *Ticket.objects.values_list("last_event_at", flat=True))
        people = [fresh(getattr(self.c, name)) for name in PEOPLE]
        for ticket in Ticket.objects.filter(status__in=OPEN):
            forward = {a for person in people for a in rules.legal_actions(person, ticket, at)}
            assert any(TABLE[action].to != Target.KEEP for action in forward)


def play(lives: int) -> None:
    played = settings(
        max_examples=lives, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(Lives, settings=played)


@pytest.mark.django_db
def test_random_lives() -> None:
    play(12)


@pytest.mark.soak
@pytest.mark.django_db
def test_thousands_of_random_lives() -> None:
    play(int(os.environ.get("LIVES", "2000")))
