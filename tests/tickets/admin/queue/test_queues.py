"""The queues: what they show, in which order, what narrows them, and what an address may ask."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

import worktime
from catalog import hours
from catalog.models import Priority
from tests.cast import MONDAY, at_status, form, opened
from tests.tickets.admin.desk import INLINE, bench_url, queue_url, signed_in, state_of
from tickets import lifecycle
from tickets.admin.queue import listing
from tickets.models import Ticket
from tickets.states import Status, Via

N2, N3 = "N2", "N3"
NUMBER = re.compile(r'/change/[^>]*>(?:<span class="sr-only">[^<]*</span>)?(\d{8})<')
"""In a row's link."""
QUERIES = 6
"""Session, person with his rights and unread notices, what the filters offer, how many there are, the rows, working hours."""


def listed(client: Client, level: str = N2, **asked: str) -> list[int]:
    """The numbers that a queue shows, in order."""
    page = client.get(queue_url(level), asked)
    assert page.status_code == 200
    return [int(number) for number in NUMBER.findall(page.content.decode())]


def page_of(client: Client, level: str = N2, **asked: str) -> str:
    return client.get(queue_url(level), asked).content.decode()


def test_a_row_tells_what_one_needs(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    page = page_of(signed_in(c.bia))
    for text in (
        str(ticket.number),
        "Erro ao assinar",
        "SEI",
        "Ana",
        "· A</span>",
        "Média",
        "Aguardando solicitante",
        "Bia",
        "encerra sem resposta em 2 dias e 23 horas",
        "Reportar um erro",
        "Espera por solicitante há menos de 1 minuto, desde hoje, ",
        "solicitante há menos de 1 min",
        "A última mensagem é da equipe.",
    ):
        assert text in page


@pytest.mark.parametrize(
    ("worked", "kind", "used"),
    [
        (0, "used", 0),
        (15, "used", 50),
        (23, "used is-near", 77),
        (29, "used is-near", 97),
        (30, "used is-over", 100),
        (90, "used is-over", 100),
    ],
)
def test_a_bar_shows_how_much_of_the_target_is_used(c: SimpleNamespace, worked: int, kind: str, used: int) -> None:
    """30 working hours at N2 for what is neither high nor low."""
    with time_machine.travel(MONDAY, tick=False):
        opened(c)
    with time_machine.travel(hours.current().calendar.add(MONDAY, timedelta(hours=worked)), tick=False):
        page = page_of(signed_in(c.bia))
    assert f'class="{kind}"' in page
    assert f'aria-label="{used}% do prazo usados"><rect width="{used}"' in page.replace("\n", "")


def test_a_clock_that_stands_still_has_no_bar(c: SimpleNamespace) -> None:
    at_status(c, Status.WAITING_REQUESTER)
    assert 'class="used' not in page_of(signed_in(c.bia))


def test_where_room_is_short_the_words_stand_whole_beside(c: SimpleNamespace) -> None:
    """Cut by the style sheet alone: title and screen reader have all of it."""
    at_status(c, Status.WAITING_REQUESTER)
    page = page_of(signed_in(c.bia))
    assert 'title="Erro ao assinar · SEI · Reportar um erro"' in page
    assert '<span class="sr-only">encerra sem resposta em ' in page


def test_what_one_has_not_opened_stands_out(c: SimpleNamespace) -> None:
    """In bold, and in words; the workbench marks it as read."""
    ticket = opened(c)
    client, unread = signed_in(c.bia), '<tr class="is-unread">'
    assert unread in page_of(client)
    assert f'{ticket.number}<span class="sr-only"> (não lido)</span></a>' in page_of(client)
    assert client.get(bench_url(ticket)).status_code == 200
    assert unread not in page_of(client)
    assert unread in page_of(signed_in(c.beto))


def test_each_level_shows_its_own_tickets(c: SimpleNamespace) -> None:
    first, second = opened(c), at_status(c, Status.QUEUED, N3)
    assert listed(signed_in(c.bia), N2) == [first.number]
    assert listed(signed_in(c.caio), N3) == [second.number]
    assert listed(signed_in(c.duda), N2) == [first.number]
    assert listed(signed_in(c.duda), N3) == [second.number]


def test_tickets_stand_in_work_order(c: SimpleNamespace) -> None:
    plain, urgent, reopened = opened(c), opened(c), at_status(c, Status.CLOSED)
    lifecycle.set_priority(urgent.pk, by=c.lia, via=Via.DESK, request_id=form(), priority=Priority.URGENT, reason="Parou.")
    lifecycle.reopen(reopened.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert listed(signed_in(c.bia)) == [reopened.number, urgent.number, plain.number]
    assert "Reaberto" in page_of(signed_in(c.bia))


def test_closed_tickets_show_when_asked_for(c: SimpleNamespace) -> None:
    still_open, closed, final = opened(c), at_status(c, Status.CLOSED), at_status(c, Status.FINAL)
    client = signed_in(c.bia)
    assert listed(client) == [still_open.number]
    assert listed(client, situacao="closed") == [closed.number]
    assert listed(client, situacao="final") == [final.number]
    assert listed(client, situacao="queued") == [still_open.number]


def test_filters_narrow(c: SimpleNamespace) -> None:
    mine, nobodys, others = at_status(c, Status.IN_PROGRESS), opened(c), opened(c)
    lifecycle.take(others.pk, by=c.beto, via=Via.DESK, request_id=form())
    lifecycle.set_priority(nobodys.pk, by=c.lia, via=Via.DESK, request_id=form(), priority=Priority.LOW, reason="Espera.")
    client = signed_in(c.bia)
    assert listed(client, atendente="meus") == [mine.number]
    assert listed(client, atendente="ninguem") == [nobodys.number]
    assert listed(client, prioridade=str(Priority.LOW.value)) == [nobodys.number]
    assert listed(client, produto=str(c.product.pk)) == [mine.number, others.number, nobodys.number]
    assert listed(client, reabertura="sim") == []
    assert len(listed(client, reabertura="nao")) == 3


@pytest.mark.parametrize("value", ["outro", "0", "'; drop table", "9" * 30])
def test_a_value_that_no_filter_offers_changes_nothing(c: SimpleNamespace, value: str) -> None:
    ticket = opened(c)
    for name in ("situacao", "atendente", "produto", "prioridade", "reabertura"):
        assert listed(signed_in(c.bia), **{name: value}) == [ticket.number]


def test_an_empty_queue_says_so(c: SimpleNamespace) -> None:
    assert "Nenhum chamado aqui" in page_of(signed_in(c.bia))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("assinar", ["sign"]),
        ("ASSINAR", ["sign"]),
        ("ana", ["login", "sign"]),
        ("Assinaturas", []),
        ("TELAS", ["eva", "login"]),
        ("EVA@example.org", ["eva"]),
        ("nada disto", []),
        ("%", []),
        ("_", []),
        ("'; drop table tickets_ticket; --", []),
    ],
)
def test_search_by_words(c: SimpleNamespace, words: str, found: list[str]) -> None:
    tickets = {
        "sign": opened(c, subject="Erro ao assinar", body="Sem resposta."),
        "login": opened(c, subject="Tela de entrada", body="Não entro."),
        "eva": opened(c, by=c.eva, subject="Tela em branco", body="Nada aparece."),
    }
    assert listed(signed_in(c.bia), q=words) == [tickets[name].number for name in found]


def test_a_search_that_cannot_be_is_told_and_not_made(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert listed(signed_in(c.bia), q="\x00") == [ticket.number]
    assert "Caracteres nulos não são permitidos" in page_of(signed_in(c.bia), q="\x00")


def test_search_by_number_is_exact_and_finds_closed_ones(c: SimpleNamespace) -> None:
    closed, other = at_status(c, Status.CLOSED), opened(c, subject="Outro assunto")
    client = signed_in(c.bia)
    assert listed(client, q=str(closed.number)) == [closed.number]
    assert listed(client, q=f" {other.number} ") == [other.number]
    assert listed(client, q=str(closed.number)[:7]) == []
    assert listed(client, q=f"{str(closed.number)[:4]}-{str(closed.number)[4:]}") == []


@pytest.mark.parametrize("rows", [1, 25])
def test_a_list_costs_the_same_whatever_its_length(
    c: SimpleNamespace, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        opened(c)
    client = signed_in(c.bia)
    with django_assert_num_queries(QUERIES):
        assert len(listed(client)) == rows


def test_counting_ends_at_a_bound(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MANY", 2)
    for _ in range(3):
        opened(c)
    page = page_of(signed_in(c.bia))
    assert "A lista mostra os primeiros 2 chamados" in page


def test_pages_hold_25(c: SimpleNamespace) -> None:
    numbers = [opened(c).number for _ in range(26)]
    client = signed_in(c.bia)
    assert listed(client) == numbers[:25]
    assert listed(client, p="2") == numbers[25:]
    assert listed(client, all="") == numbers[:25]


@pytest.mark.parametrize("number", ["0", "99", "-1", "x", "9" * 30])
def test_a_page_that_is_not_there_leads_to_the_first(c: SimpleNamespace, number: str) -> None:
    ticket = opened(c)
    answer = signed_in(c.bia).get(queue_url(N2), {"p": number}, follow=True)
    assert answer.status_code == 200
    assert str(ticket.number) in answer.content.decode()


def take_next(client: Client, level: str = N2, **data: Any) -> Any:
    return client.post(f"{queue_url(level)}atender/", {"form_id": str(form()), **data}, follow=True)


def test_the_next_one_is_taken_and_opened(c: SimpleNamespace) -> None:
    plain, urgent = opened(c), opened(c)
    lifecycle.set_priority(urgent.pk, by=c.lia, via=Via.DESK, request_id=form(), priority=Priority.URGENT, reason="Parou.")
    page = take_next(signed_in(c.bia))
    assert page.redirect_chain == [(bench_url(urgent), 302)]
    assert f"Você assumiu o chamado {urgent.number}." in page.content.decode()
    assert Ticket.objects.get(pk=urgent.pk).assignee == c.bia
    assert Ticket.objects.get(pk=plain.pk).status == Status.QUEUED


def test_a_double_press_takes_one(c: SimpleNamespace) -> None:
    opened(c), opened(c)
    form_id = str(form())
    client = signed_in(c.bia)
    chains = {tuple(take_next(client, form_id=form_id).redirect_chain) for _ in range(2)}
    assert len(chains) == 1
    assert Ticket.objects.filter(assignee=c.bia).count() == 1


def test_an_empty_queue_has_no_next(c: SimpleNamespace) -> None:
    own = opened(c, by=c.bia, subject="Pedido da própria Bia")
    before = state_of(own)
    page = take_next(signed_in(c.bia))
    assert "Não há chamado esperando na fila." in page.content.decode()
    assert state_of(own) == before


@pytest.mark.parametrize("form_id", ["", "x", "1" * 31])
def test_a_broken_button_takes_nothing(c: SimpleNamespace, form_id: str) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    assert "Tente de novo" in take_next(signed_in(c.bia), form_id=form_id).content.decode()
    assert state_of(ticket) == before


def test_a_button_pressed_by_another_takes_nothing_more(c: SimpleNamespace) -> None:
    opened(c), opened(c)
    form_id = str(form())
    take_next(signed_in(c.bia), form_id=form_id)
    page = take_next(signed_in(c.beto), form_id=form_id)
    assert "já foi usado" in page.content.decode()
    assert not Ticket.objects.filter(assignee=c.beto).exists()


def test_only_who_takes_sees_the_button(c: SimpleNamespace) -> None:
    assert "Atender o próximo" in page_of(signed_in(c.bia))
    assert "Atender o próximo" not in page_of(signed_in(c.duda))


def test_taking_next_is_a_post(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    assert signed_in(c.bia).get(f"{queue_url(N2)}atender/").status_code == 405
    assert Client(enforce_csrf_checks=True).post(f"{queue_url(N2)}atender/").status_code in (302, 403)
    assert state_of(ticket) == before


def test_a_review_that_is_due_says_so(c: SimpleNamespace) -> None:
    at_status(c, Status.WAITING_EXTERNAL)
    with worktime.shifted(timedelta(days=3)):
        assert "a revisão venceu há 1 dia" in page_of(signed_in(c.bia))


def test_nothing_inline_on_the_queue(c: SimpleNamespace) -> None:
    at_status(c, Status.WAITING_REQUESTER), opened(c)
    for asked in ({}, {"situacao": "closed"}, {"q": "nada"}, {"prioridade": "1"}):
        assert not INLINE.findall(page_of(signed_in(c.bia), **asked))


def test_the_index_leads_to_ones_queues(c: SimpleNamespace) -> None:
    page = signed_in(c.bia).get("/admin/").content.decode()
    assert queue_url(N2) in page
    assert queue_url(N3) not in page
    both = signed_in(c.duda).get("/admin/").content.decode()
    assert queue_url(N2) in both
    assert queue_url(N3) in both
