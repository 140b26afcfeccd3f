"""The machine of the random lives: what may happen, and what must hold after each step."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from accounts import absences, succession
from accounts.models import Membership, RoleGrant
from catalog.models import Cause, Holiday, Level
from notifications.models import Notice
from tests import cast
from tests.cast import MONDAY, fresh, opened
from tickets import lifecycle, replay, rules, sweeps
from tickets.lifecycle import Refused
from tickets.models import Message, SlaCycle, Ticket, TicketEvent
from tickets.states import OPEN, TABLE, Action, Closure, Status, Target, Via

PEOPLE = ["ana", "gil", "eva", "bia", "beto", "caio", "celia", "lia", "duda", "dora"]
TEAM = ["bia", "caio", "lia", "duda"]
H = timedelta(hours=1)
SECOND = timedelta(seconds=1)
STEPS = st.one_of(
    st.sampled_from(
        [-H, -2 * SECOND, SECOND, H, 12 * H, 24 * H, 48 * H - SECOND, 48 * H, 48 * H + SECOND, 72 * H, 72 * H + SECOND]
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
    "comment": lambda pk, **who: lifecycle.comment(pk, **who, body="Comentário"),
    "note": lambda pk, **who: lifecycle.note(pk, **who, body="Nota"),
    "priority": lambda pk, **who: lifecycle.set_priority(pk, **who, priority=1, reason="Motivo"),
    "escalate": lambda pk, **who: lifecycle.escalate(pk, **who, checked="Verificado"),
    "hand_back": lambda pk, **who: lifecycle.hand_back(pk, **who, reason="Motivo"),
    "resume": lifecycle.resume,
    "back into sight": lambda pk, **who: lifecycle.schedule(pk, **who, until=None),
    "hide the subject": lambda pk, **who: lifecycle.redact(pk, **who, what=Ticket.objects.get(pk=pk)),
    "validate": lifecycle.validate,
    "validated": lifecycle.validated,
    "resolve": lambda pk, **who: lifecycle.resolve(
        pk, **who, body="Resposta", cause=Cause.objects.filter(product__tickets=pk).first()
    ),
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
            self.elsewhere = cast.another_product(self.c)
            self.tickets = [opened(self.c).pk for _ in range(3)]
        self.kept: dict[int, dict[str, Any]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.stack.close()

    def clock(self) -> time_machine.travel:
        return time_machine.travel(self.now, tick=False)

    @rule(by=STEPS)
    def time_goes_by(self, by: timedelta) -> None:
        self.now += by

    @rule(which=st.integers(0, 2), beyond=st.sampled_from([-SECOND, timedelta(0), SECOND]))
    def the_clock_comes_to_the_edge(self, which: int, beyond: timedelta) -> None:
        """To the end of a wait or of the time to reopen, and a second to both sides of it."""
        ticket = Ticket.objects.get(pk=self.tickets[which])
        edge = ticket.wait_expires_at or (ticket.reopen_until if ticket.status == Status.CLOSED else None)
        if edge is not None and edge > self.now:
            self.now = edge + beyond

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

    @rule(which=st.integers(0, 2), who=st.sampled_from(["bia", "caio"]), by=STEPS)
    def it_is_put_off(self, which: int, who: str, by: timedelta) -> None:
        facts = {"by": fresh(getattr(self.c, who)), "via": Via.DESK, "request_id": uuid.uuid4(), "until": self.now + by}
        self.attempt(lifecycle.schedule, self.tickets[which], facts)

    @rule(which=st.integers(0, 2), who=st.sampled_from(["bia", "caio", "lia"]), where=st.sampled_from(["offering", "queue"]))
    def it_goes_elsewhere(self, which: int, who: str, where: str) -> None:
        ticket = Ticket.objects.get(pk=self.tickets[which])
        other = self.elsewhere if ticket.offering_id == self.c.offering.pk else self.c.offering
        target = {"offering": other} if where == "offering" else {"queue": other.queue_at(ticket.level)}
        facts = {"by": fresh(getattr(self.c, who)), "via": Via.DESK, "request_id": uuid.uuid4(), "reason": "Motivo", **target}
        self.attempt(lifecycle.transfer, ticket.pk, facts)

    @rule(which=st.integers(0, 2), who=st.sampled_from(["ana", "gil", "eva", "bia"]), late=st.integers(0, 100 * 3600))
    def a_mail_is_read(self, which: int, who: str, late: int) -> None:
        received = self.now - timedelta(seconds=late)
        facts = {"by": fresh(getattr(self.c, who)), "request_id": uuid.uuid4(), "received_at": received, "body": "Por e-mail"}
        self.attempt(lifecycle.speak_by_mail, self.tickets[which], facts)

    @rule(which=st.integers(0, 2), who=st.sampled_from(PEOPLE), passage=st.sampled_from(["", "a", "senha"]))
    def words_are_hidden(self, which: int, who: str, passage: str) -> None:
        said = Message.objects.filter(ticket=self.tickets[which]).latest("id")
        facts = {"by": fresh(getattr(self.c, who)), "via": Via.DESK, "request_id": uuid.uuid4(), "what": said}
        self.attempt(lifecycle.redact, self.tickets[which], {**facts, "passage": passage})

    @rule(which=st.integers(0, 2), of=st.integers(0, 2))
    def a_duplicate_is_closed(self, which: int, of: int) -> None:
        root = Ticket.objects.get(pk=self.tickets[of]).number
        facts = {"by": fresh(self.c.bia), "via": Via.DESK, "request_id": uuid.uuid4(), "root": root}
        self.attempt(lifecycle.close_duplicate, self.tickets[which], facts)

    @rule(level=st.sampled_from(list(Level)), who=st.sampled_from(["bia", "beto", "lia", "caio", "celia"]))
    def somebody_takes_the_next(self, level: Level, who: str) -> None:
        by = fresh(getattr(self.c, who))
        try:
            with self.clock(), transaction.atomic():
                ticket = lifecycle.take_next(by=by, via=Via.DESK, request_id=uuid.uuid4(), level=level)
        except Refused:
            assert by.absences.exists()  # who is away takes nothing
        else:
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

    @rule(job=st.sampled_from([sweeps.warn_of_deadlines, sweeps.follow_the_calendar]))
    def a_job_of_the_clocks_comes(self, job: Callable[[], int]) -> None:
        before = [self.state_of(pk)[1:3] for pk in self.tickets]
        with self.clock():
            job()
        assert [self.state_of(pk)[1:3] for pk in self.tickets] == before

    @rule(ahead=st.integers(-3, 5), there=st.booleans())
    def a_curator_edits_the_calendar(self, ahead: int, there: bool) -> None:
        day = (self.now + timedelta(days=ahead)).date()
        if there:
            Holiday.objects.get_or_create(date=day, defaults={"name": "Feriado"})
        else:
            Holiday.objects.filter(date=day).delete()

    @rule(who=st.sampled_from(["bia", "beto", "caio", "celia", "lia"]), back=st.booleans())
    def an_analyst_leaves_or_comes_back(self, who: str, back: bool) -> None:
        grants = RoleGrant.objects.filter(user=getattr(self.c, who))
        grants.update(ended_at=None if back else self.now + timedelta(days=3650))

    @rule(who=st.sampled_from(["bia", "beto", "caio", "lia"]), by=STEPS, stand_in=st.sampled_from(["", "beto", "celia", "lia"]))
    def an_analyst_is_away(self, who: str, by: timedelta, stand_in: str) -> None:
        """From now, or from later on; the work passes on at once or by the job."""
        substitute = fresh(getattr(self.c, stand_in)) if stand_in not in ("", who) else None
        starts, person = self.now + max(by - 24 * H, timedelta(0)), fresh(getattr(self.c, who))
        self.passes_on(
            lambda: absences.declare(
                person, starts_at=starts, ends_at=starts + 48 * H, substitute=substitute, by=fresh(self.c.lia)
            )
        )

    @rule(who=st.sampled_from(["bia", "caio", "lia"]), closed=st.booleans())
    def an_account_is_closed_or_opened(self, who: str, closed: bool) -> None:
        user = fresh(getattr(self.c, who))
        user.is_active = not closed
        user.save(update_fields=["is_active"])
        self.passes_on(lambda: succession.pass_on_work_of(user))

    @rule()
    def the_job_of_what_is_left_alone_comes(self) -> None:
        self.passes_on(sweeps.pass_on_what_is_left_alone)
        if self.now >= max(Ticket.objects.values_list("last_event_at", flat=True)):
            assert not Ticket.objects.left_alone(self.now).exists()

    def passes_on(self, do: Callable[[], object]) -> None:
        """Who holds a ticket changes, and what was in progress may be queued; by one event each."""
        before = {ticket.pk: (ticket, ticket.events.count()) for ticket in Ticket.objects.all()}
        with self.clock(), transaction.atomic(), suppress(absences.Overlap):
            do()
        for ticket in Ticket.objects.all():
            old, events = before[ticket.pk]
            changed = ticket.assignee_id != old.assignee_id
            assert ticket.events.count() == events + changed
            assert ticket.status == old.status or (old.status, ticket.status) == (Status.IN_PROGRESS, Status.QUEUED)

    @rule(who=st.sampled_from(["ana", "gil"]), back=st.booleans())
    def somebody_leaves_or_joins_the_body(self, who: str, back: bool) -> None:
        memberships = Membership.objects.filter(user=getattr(self.c, who))
        memberships.update(ended_at=None if back else self.now + timedelta(days=3650))

    @rule(who=st.sampled_from(["ana", "eva"]))
    def somebody_changes_to_the_other_body(self, who: str) -> None:
        membership = Membership.objects.get(user=getattr(self.c, who))
        membership.agency = self.c.b if membership.agency == self.c.a else self.c.a
        membership.save()

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
            asked_at = facts.get("received_at", event.at)  # a mail counts from when it was received
            assert asked_at - old.closed_at <= 48 * H

    def state_of(self, pk: int) -> tuple[Any, int, int, int, int]:
        row = Ticket.objects.filter(pk=pk).values().get()
        events = TicketEvent.objects.filter(ticket=pk).count()
        hidden = Message.objects.filter(redacted_at__isnull=False).count()
        return row, events, Message.objects.count(), Notice.objects.count(), hidden

    @invariant()
    def cycles_that_are_over_stay_as_they_were(self) -> None:
        """Whatever becomes of the calendar; and each closing has its own."""
        cycles = {cycle["id"]: cycle for cycle in SlaCycle.objects.values()}
        assert {pk: cycles.get(pk) for pk in self.kept} == self.kept
        self.kept = cycles
        closings = TicketEvent.objects.filter(new_status=Status.CLOSED).exclude(old_status=Status.CLOSED)
        assert len(cycles) == closings.count()

    @invariant()
    def columns_and_events_agree(self) -> None:
        with self.clock():
            assert list(replay.differences(Ticket.objects.all())) == []

    @invariant()
    def somebody_of_the_team_finds_a_way_forward(self) -> None:
        """The manager at least, whoever else has left; so no open ticket is stuck."""
        at = max(self.now, *Ticket.objects.values_list("last_event_at", flat=True))
        team = {name: fresh(getattr(self.c, name)) for name in TEAM}
        for ticket in Ticket.objects.filter(status__in=OPEN):
            ways = (rules.legal_actions(person, ticket, at) for person in team.values())
            assert any(TABLE[action].to != Target.KEEP for legal in ways for action in legal)
