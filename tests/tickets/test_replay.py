"""``check_tickets`` finds nothing where the verbs wrote, and each thing that something else wrote."""

from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

import worktime
from catalog.models import Level, Priority, Queue
from tests.cast import at_status, form, opened
from tickets import lifecycle, replay
from tickets.models import Ticket
from tickets.states import Status, Via

DESK = Via.DESK


def said() -> set[str]:
    return {difference.what for difference in replay.differences(Ticket.objects.all())}


@pytest.fixture
def lives(c: SimpleNamespace) -> SimpleNamespace:
    """Tickets in every status and at both levels, with a transfer, a reopening and a triage among them."""
    for status in Status:
        at_status(c, status)
        at_status(c, status, Level.N3)
    other = Queue.objects.create(slug="pen-sei-n2-b", name="SEI N2 B", product=c.product, level=Level.N2)
    ticket = opened(c)
    lifecycle.triage(ticket.pk, by=c.bia, via=DESK, request_id=form())
    lifecycle.transfer(ticket.pk, by=c.bia, via=DESK, request_id=form(), queue=other, reason="Equipe B.")
    again = at_status(c, Status.CLOSED)
    lifecycle.reopen(again.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    return c


def test_what_the_verbs_wrote_agrees(lives: SimpleNamespace) -> None:
    assert said() == set()
    out = StringIO()
    call_command("check_tickets", stdout=out)
    assert out.getvalue() == "As colunas dizem o mesmo que os eventos.\n"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("level", Level.N3),
        ("priority", Priority.LOW),
        ("reopenings", 1),
        ("triaged_at", worktime.now()),
        ("last_event_at", worktime.now() - timedelta(days=1)),
        ("last_public_at", worktime.now() - timedelta(days=1)),
        ("due_at", worktime.now() - timedelta(days=1)),
        ("first_response_due_at", None),
    ],
)
def test_a_column_that_something_else_wrote_is_found(c: SimpleNamespace, column: str, value: object) -> None:
    ticket = opened(c)
    Ticket.objects.update(**{column: value})
    assert said() == {column}
    with pytest.raises(CommandError, match="1 diferença"):
        call_command("check_tickets", str(ticket.number), stdout=StringIO())


def test_a_closing_that_something_else_wrote_is_found(c: SimpleNamespace) -> None:
    at_status(c, Status.CLOSED)
    Ticket.objects.update(closure="cancelled", cause=None, closed_at=worktime.now() - timedelta(days=1))
    assert said() == {"closure", "closed_at", "cause_id"}


def test_a_ticket_without_events_is_found(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert {d.what for d in replay.of_ticket(ticket, [])} == {"events"}


def test_a_turn_that_is_in_no_row_of_the_table_is_found(c: SimpleNamespace) -> None:
    ticket = opened(c)
    first = ticket.events.get()
    first.pk, first.action, first.request_id, first.old_status = None, "finalize", form(), "closed"
    first.at -= timedelta(hours=1)
    first.save()
    events = list(ticket.events.order_by("pk"))
    found = [d.what.split(" ", 2)[2] for d in replay.of_ticket(ticket, events) if d.what.startswith("event ")]
    assert {"goes back in time", "begins elsewhere", "is in no row of the table"} <= set(found)
