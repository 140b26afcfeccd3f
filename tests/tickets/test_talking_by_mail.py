"""What a mail does to a ticket counts from when it was received (DESIGN §4, rules)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from accounts.models import RoleGrant, User
from notifications.models import Notice
from tests.cast import MONDAY, at_status, follow, form, opened
from tickets import lifecycle, replay, sweeps
from tickets.lifecycle import IllegalMove, Refused
from tickets.models import Message, Ticket, TicketEvent
from tickets.states import Action, Closure, Status, Via

H, SECOND = timedelta(hours=1), timedelta(seconds=1)
ASKED = MONDAY
REMINDED = ASKED + 48 * H
CLOSED = ASKED + 72 * H + SECOND


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(ASKED, tick=False) as moment:
        yield moment


@pytest.fixture
def expired(c: SimpleNamespace, clock: time_machine.Traveller) -> Ticket:
    """Closed for want of an answer, one second after the 72 h."""
    ticket = at_status(c, Status.WAITING_REQUESTER)
    clock.move_to(REMINDED)
    assert sweeps.remind_waits() == 1
    clock.move_to(CLOSED)
    assert sweeps.close_expired_waits() == 1
    return Ticket.objects.get(pk=ticket.pk)


def mail(ticket: Ticket, by: User, received_at: datetime) -> Ticket:
    return lifecycle.speak_by_mail(ticket.pk, by=by, request_id=form(), received_at=received_at, body="Segue a versão.")


def state_of(ticket: Ticket) -> tuple[object, ...]:
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return (row, TicketEvent.objects.count(), Message.objects.count(), Notice.objects.count())


def test_it_answers_while_the_ticket_waits_however_late(c: SimpleNamespace, clock: time_machine.Traveller) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    clock.move_to(ASKED + 100 * H)  # no job has run
    ticket = mail(ticket, c.ana, received_at=ASKED + 99 * H)
    assert (ticket.status, ticket.events.latest("id").action) == (Status.IN_PROGRESS, Action.ANSWER)
    event = ticket.events.latest("id")
    assert (event.via, event.at) == (Via.MAIL, ASKED + 100 * H)


def test_it_comments_on_a_ticket_that_waits_for_nobody(c: SimpleNamespace) -> None:
    ticket = mail(opened(c), c.ana, received_at=ASKED)
    assert ticket.events.latest("id").action == Action.COMMENT


@pytest.mark.parametrize("received_at", [ASKED + 72 * H, CLOSED - 10 * H, CLOSED + 48 * H - SECOND, CLOSED + 48 * H], ids=str)
def test_it_reopens_what_was_closed_for_want_of_an_answer(
    c: SimpleNamespace, clock: time_machine.Traveller, expired: Ticket, received_at: datetime
) -> None:
    """Received in time it reopens, although it is worked later than the 48 h."""
    clock.move_to(CLOSED + 60 * H)
    ticket = mail(expired, c.ana, received_at)
    assert (ticket.status, ticket.closure, ticket.reopenings, ticket.goes_first) == (Status.IN_PROGRESS, "", 1, True)
    event = ticket.events.latest("id")
    assert (event.action, event.at) == (Action.REOPEN, CLOSED + 60 * H)
    assert list(replay.differences(Ticket.objects.all())) == []


def test_one_second_after_the_48_hours_it_reopens_nothing(
    c: SimpleNamespace, clock: time_machine.Traveller, expired: Ticket
) -> None:
    clock.move_to(CLOSED + 60 * H)
    before = state_of(expired)
    with pytest.raises(IllegalMove, match="terminou em"):
        mail(expired, c.ana, received_at=CLOSED + 48 * H + SECOND)
    assert state_of(expired) == before


def test_a_moment_to_come_is_taken_as_now(c: SimpleNamespace, clock: time_machine.Traveller, expired: Ticket) -> None:
    clock.move_to(CLOSED + 48 * H)
    assert mail(expired, c.ana, received_at=CLOSED + 500 * H).status == Status.IN_PROGRESS


def test_what_is_over_for_good_stays_so(c: SimpleNamespace, clock: time_machine.Traveller, expired: Ticket) -> None:
    clock.move_to(CLOSED + 49 * H)
    assert sweeps.finalize_closed() == 1
    before = state_of(expired)
    with pytest.raises(IllegalMove):
        mail(expired, c.ana, received_at=CLOSED)
    assert state_of(expired) == before


@pytest.mark.parametrize("closure", [c for c in Closure if c not in {Closure.NO_INTERACTION, Closure.DUPLICATE}])
def test_a_thank_you_reopens_nothing(c: SimpleNamespace, closure: Closure) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    facts = {"via": Via.DESK, "request_id": form()}
    match closure:
        case Closure.RESOLVED:
            lifecycle.resolve(ticket.pk, by=c.bia, body="Atualize.", cause=c.cause, **facts)
        case Closure.OUT_OF_SCOPE:
            lifecycle.refuse(ticket.pk, by=c.bia, body="Procure o suporte do seu órgão.", **facts)
        case Closure.SOLVED_BY_REQUESTER:
            lifecycle.solved(ticket.pk, by=c.ana, **facts)
        case Closure.CANCELLED:
            lifecycle.cancel(ticket.pk, by=c.ana, **facts)
    before = state_of(ticket)
    with pytest.raises(IllegalMove, match="já foi encerrado"):
        mail(ticket, c.ana, received_at=MONDAY)
    assert state_of(ticket) == before


def test_who_follows_answers_but_does_not_reopen(c: SimpleNamespace, expired: Ticket) -> None:
    waiting = at_status(c, Status.WAITING_REQUESTER)
    for ticket in (waiting, expired):
        follow(ticket, c.eva)
    assert mail(waiting, c.eva, received_at=MONDAY).status == Status.IN_PROGRESS
    with pytest.raises(Refused):
        mail(expired, c.eva, received_at=CLOSED)


@pytest.mark.parametrize("who", ["bia", "lia", "duda"])
def test_the_team_does_not_speak_by_mail(c: SimpleNamespace, who: str) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        mail(ticket, getattr(c, who), received_at=MONDAY)
    assert state_of(ticket) == before


def test_who_is_of_both_sides_speaks_as_the_requesters(c: SimpleNamespace) -> None:
    RoleGrant.objects.create(user=c.gil, role="analyst", queue=c.n2)
    ticket = mail(at_status(c, Status.WAITING_REQUESTER), c.gil, received_at=MONDAY)
    assert ticket.status == Status.IN_PROGRESS
    assert ticket.messages.latest("id").from_team is False
