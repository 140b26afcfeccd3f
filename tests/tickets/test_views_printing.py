"""The ticket on paper: everything that was asked and said, and no more than the reader may know."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import FormField
from tests.cast import at_status, form, opened
from tests.tickets.test_views_ticket import as_, attached
from tickets import conversation, lifecycle
from tickets.lifecycle import Answered
from tickets.models import Ticket
from tickets.states import Status, Via
from tickets.views import printing


def paper(client: Client, ticket: Ticket) -> str:
    response = client.get(f"/chamados/{ticket.number}/?imprimir")
    assert response.status_code == 200
    return response.content.decode()


def test_everything_that_was_asked_and_said(c: SimpleNamespace) -> None:
    c.ana.cpf, c.ana.phone = "52998224725", "61998765432"
    c.ana.save()
    ticket = at_status(c, Status.CLOSED)
    file = attached(c, at_status(c, Status.IN_PROGRESS))
    html = paper(as_(c.ana), ticket)
    for told in (
        *(str(ticket.number), "Erro ao assinar", "ana@example.org", "(61) 99876-5432", "***.982.247-**"),
        *("A – Órgão A", "SEI", "Reportar um erro (Incidente)", "SEI N2", "Bia", "Média", "Dada: ", "Pode ser reaberto até"),
        *("Ambiente", "Produção", "Ao assinar, a tela fica em branco.", "Atualize o módulo.", "Bia assumiu o chamado."),
        *("horário de Brasília", "A equipe enviou a resposta definitiva."),
    ):
        assert told in html, told
    assert "<form" not in html
    assert "<nav" not in html
    assert file.name in paper(as_(c.ana), Ticket.objects.exclude(pk=ticket.pk).get())


def test_contacts_are_for_the_requester_alone(c: SimpleNamespace) -> None:
    c.ana.cpf = "52998224725"
    c.ana.save()
    ticket = opened(c)
    for reader in (c.gil, c.bia):
        html = paper(as_(reader), ticket)
        assert "ana@example.org" not in html
        assert "982.247" not in html


def test_notes_of_the_team_are_on_no_paper(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Suspeito do proxy.")
    hidden = attached(c, ticket, internal=True)
    hidden.name = "proxy.txt"
    hidden.save()
    for reader in (c.ana, c.bia):
        assert "proxy" not in paper(as_(reader), ticket)


def test_words_are_text(c: SimpleNamespace) -> None:
    """ABUSE 39: paper fetches nothing and runs nothing."""
    ticket = opened(
        c,
        subject="<script>x</script>",
        body="<img src=http://example.org/x>",
        answers=[Answered("a", "Log", FormField.Kind.LONG_TEXT, "<iframe src=//example.org>")],
    )
    html = paper(as_(c.ana), ticket)
    assert "<img" not in html
    assert "<iframe" not in html
    assert "<script>x" not in html


def test_a_long_story_is_printed_whole_up_to_a_limit(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "PAGE", 2)
    ticket = at_status(c, Status.IN_PROGRESS)
    for number in range(4):
        lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body=f"Recado {number}.")
    html = paper(as_(c.ana), ticket)
    assert "Recado 0." in html
    assert "O começo da história não coube" not in html
    monkeypatch.setattr(printing, "MOST", 2)
    html = paper(as_(c.ana), ticket)
    assert "Recado 0." not in html
    assert "O começo da história não coube" in html


@pytest.mark.parametrize("turns", [1, 25])
def test_paper_costs_the_same_for_any_conversation(
    c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries, turns: int
) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    for _ in range(turns):
        lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Oi.")
    client = as_(c.ana)
    # session, person, ticket, her notices of it, story, files, answers, queue, assignee
    with django_assert_num_queries(9):
        paper(client, ticket)


def test_outsiders_print_nothing(c: SimpleNamespace) -> None:
    assert as_(c.eva).get(f"/chamados/{opened(c).number}/?imprimir").status_code == 404
