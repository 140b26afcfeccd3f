"""The end of a ticket: what each verb keeps, and the words in which one is refused (``tickets/lifecycle/closing.py``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import worktime
from accounts.models import User
from tests.cast import at_status, form, opened
from tests.tickets.test_lifecycle import state_of
from tickets import lifecycle
from tickets.lifecycle import Incomplete
from tickets.models import Ticket
from tickets.states import Status, Via


def by(user: User) -> dict[str, Any]:
    return {"by": user, "via": Via.PORTAL, "request_id": form()}


@pytest.mark.parametrize("verb", [lifecycle.solved, lifecycle.cancel])
def test_the_requester_ends_it_with_or_without_words(c: SimpleNamespace, verb: Callable[..., Ticket]) -> None:
    silent, told = opened(c), opened(c)
    verb(silent.pk, **by(c.ana))
    assert silent.messages.count() == 1  # that of the opening
    verb(told.pk, **by(c.ana), body="Voltou a funcionar.")
    assert (told.messages.latest("pk").body, told.messages.latest("pk").internal) == ("Voltou a funcionar.", False)


def test_a_duplicate_is_closed_with_or_without_words(c: SimpleNamespace) -> None:
    root, silent, told = opened(c), opened(c), opened(c)
    lifecycle.close_duplicate(silent.pk, **by(c.bia), root=root.number)
    assert silent.messages.count() == 1
    lifecycle.close_duplicate(told.pk, **by(c.bia), root=root.number, body="Siga o outro.")
    assert told.messages.latest("pk").body == "Siga o outro."


def test_a_root_that_will_not_do_is_named(c: SimpleNamespace) -> None:
    ticket, over = opened(c), at_status(c, Status.FINAL)
    before = state_of(ticket)
    for root, words in (
        (ticket.number, "duplicado dele mesmo"),
        (99_999_999, "Não há chamado com o número 99999999"),
        (over.number, f"O chamado {over.number} não pode mais ser reaberto"),
    ):
        with pytest.raises(Incomplete, match=words):
            lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root)
    assert state_of(ticket) == before


def test_a_root_will_do_until_it_can_no_longer_be_reopened(c: SimpleNamespace) -> None:
    ticket, root = opened(c), at_status(c, Status.CLOSED)
    assert root.reopen_until is not None
    ahead = root.reopen_until - worktime.now()
    with worktime.shifted(ahead + timedelta(seconds=1)), pytest.raises(Incomplete, match="não pode mais ser reaberto"):
        lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number)
    with worktime.shifted(ahead - timedelta(minutes=1)):
        assert lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number).duplicate_of == root


def test_why_a_ticket_comes_back_stays_within_the_team(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.FINAL)
    lifecycle.restore(ticket.pk, **by(c.duda), justification="Encerrado por engano.")
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal) == ("Encerrado por engano.", True)


@pytest.mark.parametrize("verb", [lifecycle.resolve, lifecycle.refuse])
def test_the_answer_that_closes_is_read_by_the_requester(c: SimpleNamespace, verb: Callable[..., Ticket]) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    verb(ticket.pk, **by(c.bia), body="Atualize.", **({"cause": c.cause} if verb == lifecycle.resolve else {}))
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal, said.author) == ("Atualize.", False, c.bia)


def test_every_reopening_is_counted_and_says_why(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    for words in ("Voltou.", "Voltou de novo."):
        assert lifecycle.confirm(ticket.pk, **by(c.ana)).confirmed_at is not None
        lifecycle.reopen(ticket.pk, **by(c.ana), body=words)
        assert ticket.messages.latest("pk").body == words
        ticket = lifecycle.resolve(ticket.pk, **by(c.bia), body="Feito.", cause=c.cause)
    assert ticket.reopenings == 2


def test_the_event_of_a_duplicate_names_its_root(c: SimpleNamespace) -> None:
    ticket, root = opened(c), opened(c)
    lifecycle.close_duplicate(ticket.pk, **by(c.bia), root=root.number)
    assert ticket.events.latest("pk").data["root"] == root.pk
