"""The one way in which a ticket changes: what every verb leaves behind (``tickets/lifecycle/move.py``)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import worktime
from accounts.models import User
from catalog.models import Level, Queue
from tests.cast import at_status, follow, form, fresh, opened
from tickets import lifecycle
from tickets.lifecycle import Incomplete, Words
from tickets.lifecycle.move import MAX_WORDS, living
from tickets.models import Participant
from tickets.states import Status, Via


def by(user: User, via: Via = Via.DESK) -> dict[str, Any]:
    return {"by": user, "via": via, "request_id": form()}


def test_words_are_some_and_not_too_many() -> None:
    assert len(Words("a" * MAX_WORDS).body) == MAX_WORDS
    with pytest.raises(Incomplete, match="Escreva a mensagem"):
        Words(" ")
    with pytest.raises(Incomplete, match=f"até {MAX_WORDS} caracteres"):
        Words("a" * (MAX_WORDS + 1))


@pytest.mark.parametrize(("via", "from_team"), [(Via.DESK, True), (Via.PORTAL, False)])
def test_who_is_both_speaks_for_the_team_at_the_desk_alone(c: SimpleNamespace, via: Via, from_team: bool) -> None:
    """Bia works the queue, and follows the ticket as a member of its body."""
    ticket = opened(c)
    follow(ticket, c.bia)
    lifecycle.comment(ticket.pk, **by(fresh(c.bia), via), body="Texto")
    said = ticket.messages.latest("pk")
    assert (said.author, said.from_team) == (c.bia, from_team)


def test_only_the_team_takes_part(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.speak(ticket.pk, **by(c.ana, Via.PORTAL), body="Texto")
    assert not Participant.objects.exists()
    noted = lifecycle.note(ticket.pk, **by(c.bia), body="Nota")
    assert [(one.user, one.since) for one in Participant.objects.all()] == [(c.bia, noted.last_event_at)]


def test_the_teams_own_words_leave_a_ticket_scheduled(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    day = ticket.last_event_at + timedelta(days=1)
    lifecycle.schedule(ticket.pk, **by(c.bia), until=day)
    assert lifecycle.comment(ticket.pk, **by(c.bia), body="Volto amanhã.").scheduled_for == day


def test_the_teams_public_words_end_the_first_response(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.speak(ticket.pk, **by(c.ana, Via.PORTAL), body="Mais isto.")
    assert lifecycle.note(ticket.pk, **by(c.bia), body="Nota").first_response_due_at is not None
    assert lifecycle.comment(ticket.pk, **by(c.bia), body="Estamos vendo.").first_response_due_at is None


def test_an_event_says_until_when_the_requester_may_act(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert ticket.wait_expires_at is not None
    assert ticket.events.latest("pk").data == {"until": ticket.wait_expires_at.isoformat()}
    late = ticket.wait_expires_at - worktime.now() - timedelta(hours=1)
    with worktime.shifted(late):
        ticket = lifecycle.remind(ticket.pk, request_id=form())
    assert ticket.reminded_at is not None
    assert ticket.events.latest("pk").data == {"until": (ticket.reminded_at + timedelta(hours=12)).isoformat()}
    ticket = lifecycle.speak(ticket.pk, **by(c.ana, Via.PORTAL), body="5.0.3")
    assert (ticket.asked_from, ticket.events.latest("pk").data) == ("", {})
    ticket = lifecycle.refuse(ticket.pk, **by(c.bia), body="Procure o órgão.")
    assert ticket.reopen_until is not None
    assert ticket.events.latest("pk").data == {"until": ticket.reopen_until.isoformat()}


def test_who_gets_a_ticket_that_waits_lets_it_wait(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert lifecycle.assign(ticket.pk, **by(c.lia), to=c.beto).status == Status.WAITING_REQUESTER


def test_a_ticket_closed_again_goes_first_no_more(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert lifecycle.reopen(ticket.pk, **by(c.ana, Via.PORTAL), body="Voltou").goes_first
    assert not lifecycle.cancel(ticket.pk, **by(c.ana, Via.PORTAL)).goes_first


def test_a_retired_queue_has_the_last_of_its_successors(c: SimpleNamespace) -> None:
    third, second = (Queue.objects.create(slug=n, name=n, product=c.product, level=Level.N2) for n in ("n2-c", "n2-b"))
    c.n2.successor = second
    assert living(c.n2) == c.n2  # while it is active
    c.n2.active, second.active, second.successor = False, False, third
    assert living(c.n2) == third
    second.successor = c.n2
    assert living(c.n2) in {c.n2, second}  # a circle ends somewhere
