"""Where a search found its words, as far as the reader may know."""

from __future__ import annotations

from types import SimpleNamespace

from pytest_django import DjangoAssertNumQueries

import worktime
from catalog.models import FormField
from tests.cast import form, opened
from tickets import lifecycle
from tickets.finds import finds
from tickets.lifecycle import Answered
from tickets.models import Ticket
from tickets.states import Via


def found(words: str) -> list[tuple[str, str]]:
    return [(find.place, find.excerpt.hit) for find in finds(list(Ticket.objects.all()), words).values()]


def test_the_newest_message_is_told_first(c: SimpleNamespace) -> None:
    ticket = opened(c, subject="Erro na minuta", body="A minuta some.")
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Que minuta é?")
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Minuta estragada.")
    day = f"{ticket.opened_at.astimezone(worktime.BRASILIA):%d/%m/%Y}"
    assert found("minutas") == [(f"Mensagem da equipe de {day}", "minuta")]


def test_answers_and_subjects(c: SimpleNamespace) -> None:
    opened(c, subject="Níveis", body="x", answers=[Answered("versao", "Versão do módulo", FormField.Kind.TEXT, "Barramento 3")])
    assert found("barramentos") == [("Versão do módulo", "Barramento")]
    assert found("nivel") == [("Assunto", "Níveis")]
    assert found("nada") == []


def test_a_note_of_the_team_is_no_place(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Proxy suspeito.")
    assert found("proxy") == []


def test_a_number_needs_no_telling(c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tickets = [opened(c)]
    with django_assert_num_queries(0):
        assert finds(tickets, str(tickets[0].number)) == finds(tickets, "") == finds([], "minuta") == {}


def test_many_tickets_cost_what_one_does(c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tickets = [opened(c) for _ in range(3)]
    with django_assert_num_queries(2):
        assert len(finds(tickets, "tela erro")) == 3
