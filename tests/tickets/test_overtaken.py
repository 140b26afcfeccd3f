"""Who speaks in public has read everything, or is told what he has not read and nothing is sent."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

import pytest

from tests.cast import at_status, form, opened
from tests.tickets.admin.desk import state_of
from tickets import lifecycle
from tickets.lifecycle import Overtaken
from tickets.models import Ticket
from tickets.states import Status, Via


def newest(ticket: Ticket) -> int:
    return ticket.events.latest("pk").pk


def spoken(c: SimpleNamespace) -> dict[str, tuple[Status, Callable[..., Ticket]]]:
    """Every verb with which the team speaks in public, and where it is legal."""
    return {
        "ask": (Status.IN_PROGRESS, lifecycle.ask),
        "comment": (Status.IN_PROGRESS, lifecycle.comment),
        "resolve": (Status.IN_PROGRESS, partial(lifecycle.resolve, cause=c.cause)),
        "refuse": (Status.IN_PROGRESS, lifecycle.refuse),
        "close_duplicate": (Status.IN_PROGRESS, partial(lifecycle.close_duplicate, root=opened(c).number)),
        "reopen": (Status.CLOSED, lifecycle.reopen),
    }


@pytest.mark.parametrize("action", ["ask", "comment", "resolve", "refuse", "close_duplicate", "reopen"])
def test_each_verb_that_speaks_in_public_tells_what_came_meanwhile(c: SimpleNamespace, action: str) -> None:
    status, verb = spoken(c)[action]
    ticket = at_status(c, status)
    seen = newest(ticket)
    lifecycle.note(ticket.pk, by=c.beto, via=Via.DESK, request_id=form(), body="Liguei para ela.")
    before = state_of(ticket)
    with pytest.raises(Overtaken, match=r"^Beto registrou uma nota interna enquanto você escrevia"):
        verb(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Resposta.", seen=seen)
    assert state_of(ticket) == before
    verb(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Resposta.", seen=newest(ticket))
    assert ticket.messages.filter(body="Resposta.").count() == 1


def test_several_are_named_once_each(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    seen = newest(ticket)
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Mais um detalhe.")
    lifecycle.note(ticket.pk, by=c.beto, via=Via.DESK, request_id=form(), body="Vi.")
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="E outro.")
    with pytest.raises(Overtaken, match=r"^Ana e Beto responderam enquanto"):
        lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Resposta.", seen=seen)


def test_ones_own_words_and_what_nobody_said_overtake_nothing(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    seen = newest(ticket)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Minha nota.")
    lifecycle.triage(ticket.pk, by=c.lia, via=Via.DESK, request_id=form())
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Resposta.", seen=seen)
    assert ticket.messages.filter(body="Resposta.").exists()


def test_a_repeat_is_no_answer_to_oneself(c: SimpleNamespace) -> None:
    """The first press went through and the requester answered at once: the second press says neither twice nor that she did."""
    ticket, request_id = at_status(c, Status.IN_PROGRESS), form()
    send = partial(lifecycle.ask, ticket.pk, by=c.bia, via=Via.DESK, request_id=request_id, body="Versão?", seen=newest(ticket))
    send()
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="4.1.")
    before = state_of(ticket)
    assert send().pk == ticket.pk
    assert state_of(ticket) == before
