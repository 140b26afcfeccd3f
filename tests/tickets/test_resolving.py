"""The cause of what was resolved: from the list of the ticket's product, kept by the closing event."""

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Cause, Product
from tests.cast import at_status, form
from tests.tickets.admin.desk import state_of
from tickets import lifecycle, replay
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import Ticket
from tickets.states import Closure, Status, Via

DESK = Via.DESK


def resolved(c: SimpleNamespace, ticket: Ticket, cause: Cause | None) -> Ticket:
    return lifecycle.resolve(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Feito.", cause=cause)


@pytest.fixture
def other(c: SimpleNamespace) -> Cause:
    """A cause of another product."""
    product = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    return Cause.objects.create(product=product, slug="configuracao", name="Configuração")


def test_the_cause_stands_on_the_ticket_and_in_its_event(c: SimpleNamespace) -> None:
    ticket = resolved(c, at_status(c, Status.IN_PROGRESS), c.cause)
    assert (ticket.closure, ticket.cause) == (Closure.RESOLVED, c.cause)
    assert ticket.events.latest("at", "id").data["cause"] == c.cause.pk
    assert list(replay.differences(Ticket.objects.all())) == []


def test_a_reopening_takes_it_from_the_ticket_and_leaves_it_in_the_event(c: SimpleNamespace) -> None:
    second = Cause.objects.create(product=c.product, slug="defeito", name="Defeito")
    ticket = resolved(c, at_status(c, Status.IN_PROGRESS), c.cause)
    ticket = lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert ticket.cause is None
    assert list(replay.differences(Ticket.objects.all())) == []
    resolved(c, ticket, second)
    assert [event.data["cause"] for event in ticket.events.filter(action="resolve")] == [c.cause.pk, second.pk]
    assert list(replay.differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.WAITING_REQUESTER])
def test_without_a_cause_nothing_is_resolved(c: SimpleNamespace, status: Status) -> None:
    ticket = at_status(c, status)
    before = state_of(ticket)
    with pytest.raises(Incomplete, match="Escolha a causa"):
        resolved(c, ticket, None)
    assert state_of(ticket) == before


def test_a_cause_that_is_not_on_the_products_list_is_refused(c: SimpleNamespace, other: Cause) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    retired = Cause.objects.create(product=c.product, slug="antiga", name="Antiga", active=False)
    before = state_of(ticket)
    for cause in (other, retired):
        with pytest.raises(Incomplete, match="não está na lista do produto"):
            resolved(c, ticket, cause)
    assert state_of(ticket) == before


def test_who_may_not_resolve_hears_that_and_not_of_the_cause(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        lifecycle.resolve(ticket.pk, by=c.beto, via=DESK, request_id=form(), body="Feito.", cause=None)
    assert state_of(ticket) == before


def test_a_product_without_a_list_asks_for_none(c: SimpleNamespace, other: Cause) -> None:
    Cause.objects.filter(product=c.product).update(active=False)
    ticket = at_status(c, Status.IN_PROGRESS)
    with pytest.raises(Incomplete):
        resolved(c, ticket, other)
    ticket = resolved(c, ticket, None)
    assert (ticket.closure, ticket.cause) == (Closure.RESOLVED, None)
    assert "cause" not in ticket.events.latest("at", "id").data
    assert list(replay.differences(Ticket.objects.all())) == []


def test_the_database_keeps_causes_to_what_was_resolved(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    with pytest.raises(IntegrityError, match="ticket_cause_of_resolved"), transaction.atomic():
        Ticket.objects.filter(pk=ticket.pk).update(cause=c.cause)


def test_a_cause_that_something_else_wrote_is_found(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    Ticket.objects.filter(pk=ticket.pk).update(cause=None)
    assert [found.what for found in replay.differences(Ticket.objects.all())] == ["cause_id"]
