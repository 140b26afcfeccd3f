"""The team at work: what each verb keeps, what it refuses and in which words (``tickets/lifecycle/working.py``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from accounts.models import RoleGrant, User
from catalog.models import Level, Offering, Product, Queue
from tests.cast import MONDAY, at_status, form, fresh, opened
from tests.tickets.test_lifecycle import state_of
from tickets import lifecycle
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import Ticket
from tickets.states import Action, Status, Via

Verb = Callable[..., Ticket]


def by(user: User) -> dict[str, Any]:
    return {"by": user, "via": Via.DESK, "request_id": form()}


@pytest.fixture
def other(c: SimpleNamespace) -> Offering:
    """The same support type of another product, of the same queues' people."""
    product = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    n2 = Queue.objects.create(slug="pen-nup-n2", name="NUP N2", product=product, level=Level.N2)
    n3 = Queue.objects.create(slug="pen-nup-n3", name="NUP N3", product=product, level=Level.N3)
    return Offering.objects.create(sphere=c.sphere, product=product, support_type=c.kind, n2_queue=n2, n3_queue=n3)


@pytest.mark.parametrize(
    ("level", "verb", "words"),
    [
        (Level.N2, lifecycle.release, {"reason": "Motivo"}),
        (Level.N2, lifecycle.set_priority, {"reason": "Motivo", "priority": 1}),
        (Level.N2, lifecycle.escalate, {"checked": "Motivo"}),
        (Level.N3, lifecycle.hand_back, {"reason": "Motivo"}),
    ],
)
def test_the_reason_stays_within_the_team(c: SimpleNamespace, level: Level, verb: Verb, words: dict[str, Any]) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, level)
    verb(ticket.pk, **by(c.bia if level == Level.N2 else c.caio), **words)
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal) == ("Motivo", True)


def test_a_new_priority_is_one_of_the_list(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(Incomplete, match="Escolha uma prioridade"):
        lifecycle.set_priority(ticket.pk, **by(c.bia), priority=9, reason="Motivo")
    assert state_of(ticket) == before
    assert lifecycle.set_priority(ticket.pk, **by(c.bia), priority=1, reason="Motivo").priority == 1


def test_who_gets_a_ticket_can_work_it_and_stands_in_the_event(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(Incomplete, match="não pode atender"):
        lifecycle.assign(ticket.pk, **by(c.lia), to=c.caio)
    c.beto.absences.create(starts_at=ticket.opened_at, ends_at=ticket.opened_at + timedelta(days=1))
    with pytest.raises(Incomplete, match="está ausente"):
        lifecycle.assign(ticket.pk, **by(c.lia), to=c.beto)
    assert state_of(ticket) == before
    assert lifecycle.assign(ticket.pk, **by(c.lia), to=c.bia).assignee == c.bia
    assert ticket.events.latest("pk").data == {"to": c.bia.pk}


def test_a_transfer_says_where_from_and_why(c: SimpleNamespace, other: Offering) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.transfer(ticket.pk, **by(c.bia), offering=other, reason="Motivo")
    assert ticket.events.latest("pk").data == {"from_offering": c.offering.pk, "to_offering": other.pk, "another_product": 1}
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal) == ("Motivo", True)


def test_a_transfer_goes_to_the_queue_of_the_tickets_level(c: SimpleNamespace, other: Offering) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
    assert lifecycle.transfer(ticket.pk, **by(c.caio), offering=other, reason="Motivo").queue == other.n3_queue


def test_a_transfer_to_nowhere_is_refused(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(Incomplete, match="Escolha outra oferta"):
        lifecycle.transfer(ticket.pk, **by(c.bia), reason="Motivo")
    assert state_of(ticket) == before


@time_machine.travel(MONDAY, tick=False)
def test_dates_to_come_back_on_lie_ahead(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    with pytest.raises(Incomplete, match="agendamento precisa estar no futuro"):
        lifecycle.schedule(ticket.pk, **by(c.bia), until=MONDAY)
    with pytest.raises(Incomplete, match="revisão precisa estar no futuro"):
        lifecycle.wait_external(ticket.pk, **by(c.bia), team="Infra", review_at=MONDAY)
    with pytest.raises(Incomplete, match="Informe a equipe"):
        lifecycle.wait_external(ticket.pk, **by(c.bia), team=" ", review_at=MONDAY + timedelta(days=1))
    assert state_of(ticket) == before


def test_what_is_scheduled_or_waits_outside_keeps_its_date(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    day = ticket.last_event_at + timedelta(days=1)
    lifecycle.schedule(ticket.pk, **by(c.bia), until=day)
    assert ticket.events.latest("pk").data == {"until": day.isoformat()}
    assert lifecycle.schedule(ticket.pk, **by(c.bia), until=None).scheduled_for is None
    assert ticket.events.latest("pk").data == {}
    ticket = lifecycle.wait_external(ticket.pk, **by(c.bia), team=" Infra ", outside_number=" 42 ", review_at=day)
    assert (ticket.external_team, ticket.external_number, ticket.review_at) == ("Infra", "42", day)


def test_another_teams_number_may_be_unknown(c: SimpleNamespace) -> None:
    assert at_status(c, Status.WAITING_EXTERNAL).external_number == ""


def test_the_next_is_of_ones_queues_and_of_the_level_asked_for(c: SimpleNamespace) -> None:
    """A lead takes too; who works two levels gets the one that he asks for."""
    RoleGrant.objects.create(user=c.caio, role="analyst", queue=c.n2)
    n3, n2 = at_status(c, Status.QUEUED, Level.N3), opened(c)
    assert lifecycle.take_next(**by(fresh(c.caio)), level=Level.N2) == n2
    assert lifecycle.take_next(**by(c.lia), level=Level.N3) is None
    assert lifecycle.take_next(**by(fresh(c.caio)), level=Level.N3) == n3
    another = opened(c)
    assert lifecycle.take_next(**by(fresh(c.caio)), level=Level.N3) is None
    assert lifecycle.take_next(**by(c.lia), level=Level.N2) == another


def test_the_same_press_takes_one_ticket(c: SimpleNamespace) -> None:
    opened(c)
    press = by(c.bia)
    first = lifecycle.take_next(**press, level=Level.N2)
    assert lifecycle.take_next(**press, level=Level.N2) == first
    left = opened(c)
    assert lifecycle.take_next(**press, level=Level.N2) == first
    assert Ticket.objects.get(pk=left.pk).status == Status.QUEUED


@pytest.mark.parametrize("used_for", [Action.TAKE, Action.NOTE])
def test_a_press_that_was_used_up_otherwise_takes_nothing(c: SimpleNamespace, used_for: Action) -> None:
    """By a colleague for his next, or by oneself for something else."""
    ticket, left = opened(c), opened(c)
    user = c.beto if used_for == Action.TAKE else c.bia
    press = by(user)
    if used_for == Action.TAKE:
        lifecycle.take(ticket.pk, **press)
    else:
        lifecycle.note(ticket.pk, **press, body="Nota")
    with pytest.raises(IllegalMove):
        lifecycle.take_next(**{**press, "by": c.bia}, level=Level.N2)
    assert Ticket.objects.get(pk=left.pk).status == Status.QUEUED


def test_what_is_offered_to_oneself_is_ones_next(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
    lifecycle.hand_back(ticket.pk, **by(c.caio), reason="Motivo")
    assert lifecycle.take_next(**by(c.beto), level=Level.N2) is None
    assert lifecycle.take_next(**by(c.bia), level=Level.N2) == ticket
