"""How far each has read: what is unread, for whom, and who is at a ticket now."""

from datetime import timedelta
from types import SimpleNamespace

import worktime
from accounts.models import User
from tests.cast import at_status, form, opened
from tickets import lifecycle, looks
from tickets.models import Look, Ticket
from tickets.states import Status, Via


def unread(user: User) -> list[int]:
    """The numbers that this person has not read."""
    tickets = looks.with_unread(Ticket.objects.order_by("number"), user)
    return [ticket.number for ticket in tickets if looks.is_unread(ticket)]


def test_what_nobody_opened_is_unread_until_each_has_opened_it(c: SimpleNamespace) -> None:
    first, second = opened(c), opened(c)
    looks.note(first, c.bia)
    assert unread(c.bia) == [second.number]
    assert unread(c.beto) == [first.number, second.number]


def test_a_turn_of_somebody_else_makes_it_unread_again(c: SimpleNamespace) -> None:
    ticket = opened(c)
    looks.note(ticket, c.bia)
    looks.note(ticket, c.beto)
    lifecycle.take(ticket.pk, by=c.beto, via=Via.DESK, request_id=form())
    assert (unread(c.bia), unread(c.beto)) == ([ticket.number], [])
    looks.note(ticket, c.bia)
    assert unread(c.bia) == []
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="E agora?")
    assert unread(c.bia) == unread(c.beto) == [ticket.number]


def test_what_one_did_oneself_hides_nothing_that_came_before(c: SimpleNamespace) -> None:
    """Taken from the list, unopened: what the requester wrote is still to be read."""
    ticket = opened(c)
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    assert unread(c.bia) == [ticket.number]


def test_turns_that_bring_nothing_to_read_leave_it_read(c: SimpleNamespace) -> None:
    ticket = opened(c)
    looks.note(ticket, c.bia)
    lifecycle.triage(ticket.pk, by=c.beto, via=Via.DESK, request_id=form())
    assert unread(c.bia) == []


def test_what_was_over_before_one_came_is_not_news(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert unread(c.beto) == []
    looks.note(ticket, c.beto)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Ligou para agradecer.")
    assert unread(c.beto) == [ticket.number]
    assert unread(c.lia) == []


def test_a_look_is_one_row_and_never_goes_back(c: SimpleNamespace) -> None:
    ticket = opened(c)
    looks.note(ticket, c.bia)
    Look.objects.update(seen_event_id=10**9)
    looks.note(ticket, c.bia)
    assert Look.objects.get().seen_event_id == 10**9


def test_who_is_here_is_so_for_a_while(c: SimpleNamespace) -> None:
    ticket, other = opened(c), opened(c)
    looks.note(ticket, c.beto)
    looks.note(ticket, c.bia)
    looks.note(other, c.lia)
    assert [other.name for other in looks.here(ticket, but=c.bia)] == ["Beto"]
    with worktime.shifted(looks.HERE + timedelta(seconds=1)):
        assert list(looks.here(ticket, but=c.bia)) == []
