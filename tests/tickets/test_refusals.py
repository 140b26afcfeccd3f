"""What a person is told whose action was refused (``tickets/lifecycle/refusals.py``)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

import worktime
from accounts.models import Absence, User
from tests.cast import at_status, form, fresh, opened
from tickets import lifecycle, rules
from tickets.lifecycle import IllegalMove, Refused
from tickets.lifecycle.refusals import why_not
from tickets.models import Ticket
from tickets.states import Action, Level, Status, Via

NOT_NOW = "Isto não é possível neste momento."


def told(action: Action, ticket: Ticket, user: User, later: timedelta = timedelta(0)) -> str:
    return why_not(action, ticket, rules.roles(fresh(user), ticket), worktime.now() + later, by=user)


def absent(user: User) -> None:
    now = worktime.now()
    Absence.objects.create(user=user, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(days=1))


def test_a_refusal_carries_its_sentence() -> None:
    refusal = Refused("Não pode.")
    assert (refusal.sentence, str(refusal)) == ("Não pode.", "Não pode.")


def test_who_has_no_part_in_it_hears_that(c: SimpleNamespace) -> None:
    ticket = opened(c)
    for action, user in ((Action.TAKE, c.ana), (Action.CANCEL, c.bia), (Action.COMMENT, c.eva)):
        assert told(action, ticket, user) == "Você não pode fazer isto neste chamado."


def test_a_reopening_too_late_names_the_last_moment(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert ticket.reopen_until is not None
    last = f"{worktime.moment_said(ticket.reopen_until)} (horário de Brasília)"
    mine, late = rules.roles(c.ana, ticket), ticket.reopen_until + timedelta(seconds=1)
    said = why_not(Action.REOPEN, ticket, mine, late, by=c.ana)
    assert said == f"O prazo para reabrir este chamado terminou em {last}."
    # At that moment itself it is not yet over, and other actions have no such time.
    assert why_not(Action.REOPEN, ticket, mine, ticket.reopen_until, by=c.ana) == NOT_NOW
    assert why_not(Action.CONFIRM, ticket, mine, late, by=c.ana) == NOT_NOW


def test_a_ticket_that_moved_on_says_where_it_is(c: SimpleNamespace) -> None:
    said = "Este chamado mudou enquanto você olhava. Agora a situação é “Em atendimento”."
    assert told(Action.REOPEN, at_status(c, Status.IN_PROGRESS), c.ana) == said


def test_a_colleague_hears_who_works_it(c: SimpleNamespace) -> None:
    ticket, waiting = at_status(c, Status.IN_PROGRESS), at_status(c, Status.WAITING_REQUESTER)
    assert told(Action.COMMENT, ticket, c.beto) == "Bia está atendendo este chamado."
    assert told(Action.TRIAGE, ticket, c.bia) == NOT_NOW
    assert told(Action.TRIAGE, waiting, c.beto) == NOT_NOW


def test_who_is_away_hears_that_where_he_takes_work(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert told(Action.TAKE, ticket, c.bia) == NOT_NOW
    absent(c.bia)
    assert told(Action.TAKE, ticket, c.bia).startswith("Você está com uma ausência registrada.")
    assert told(Action.TRIAGE, ticket, c.bia) == NOT_NOW


def test_what_the_system_may_not_do_has_a_sentence_too(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert why_not(Action.FINALIZE, ticket, rules.roles(rules.SYSTEM, ticket), worktime.now(), by=None) == NOT_NOW


def test_a_form_used_up_asks_to_load_the_page_again(c: SimpleNamespace) -> None:
    ticket, request_id = at_status(c, Status.IN_PROGRESS, Level.N2), form()
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=request_id, body="Nota")
    with pytest.raises(IllegalMove, match="Este formulário já foi usado"):
        lifecycle.note(ticket.pk, by=c.beto, via=Via.DESK, request_id=request_id, body="Nota")
