"""Meus chamados: tabs, rows, pages, and what they cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

import worktime
from accounts.models import Membership
from tests.cast import at_status, follow, form, opened
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via
from tickets.views import listing


def numbers(client: Client, query: str = "") -> list[int]:
    """The tickets of a page, in order."""
    html = client.get(f"/chamados/{query}").content.decode()
    return [int(n) for n in re.findall(r'<h2><a href="/chamados/(\d+)/">', html)]


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    client.force_login(c.ana)
    return client


def test_only_who_has_signed_in(client: Client, db: None) -> None:
    assert client.get("/chamados/")["Location"] == "/conta/entrar/?next=/chamados/"


def test_each_status_has_its_tab(c: SimpleNamespace, ana: Client) -> None:
    made = {status: at_status(c, status).number for status in Status}
    assert numbers(ana) == numbers(ana, "?aba=esperando") == [made[Status.WAITING_REQUESTER]]
    assert set(numbers(ana, "?aba=encerrados")) == {made[Status.CLOSED], made[Status.FINAL]}
    rest = set(made.values()) - {made[Status.WAITING_REQUESTER], made[Status.CLOSED], made[Status.FINAL]}
    assert set(numbers(ana, "?aba=andamento")) == rest


def test_nothing_waiting_begins_with_what_goes_on(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    assert numbers(ana) == [ticket.number]
    page = ana.get("/chamados/").content.decode()
    assert "Esperando você (0)" in page
    assert "Do meu órgão" not in page


def test_the_list_holds_own_and_followed_tickets_only(c: SimpleNamespace, client: Client) -> None:
    ticket = opened(c)
    client.force_login(c.eva)
    assert numbers(client) == []
    follow(ticket, c.eva)
    assert numbers(client) == [ticket.number]
    client.force_login(c.bia)
    assert numbers(client) == []


def test_a_focal_point_sees_the_body_in_its_own_tab(c: SimpleNamespace, client: Client) -> None:
    ticket = at_status(c, Status.CLOSED)
    client.force_login(c.gil)
    assert numbers(client, "?aba=orgao") == [ticket.number]
    assert numbers(client, "?aba=encerrados") == []
    client.force_login(c.eva)
    assert numbers(client, "?aba=orgao") == []


def test_a_row_tells_what_is_expected_and_until_when(c: SimpleNamespace, ana: Client) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    page = ana.get("/chamados/").content.decode()
    for told in (str(ticket.number), "Erro ao assinar", "SEI", "encerra sem resposta em 2 dias e 23 horas", "Aguardando"):
        assert told in page


def test_pages_follow_each_other_without_loss(c: SimpleNamespace, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "ROWS", 2)
    made = [opened(c).number for _ in range(5)]
    pages = [numbers(ana, f"?aba=andamento&pagina={n}") for n in (1, 2, 3)]
    assert [len(p) for p in pages] == [2, 2, 1]
    assert sorted(number for page in pages for number in page) == made
    last = ana.get("/chamados/?aba=andamento&pagina=3").content.decode()
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


@pytest.mark.parametrize("query", ["?aba=nada", "?pagina=0", "?pagina=-1", "?pagina=x", "?pagina=99999999999", "?pagina=²"])
def test_a_senseless_address_shows_the_first_page(c: SimpleNamespace, ana: Client, query: str) -> None:
    ticket = opened(c)
    assert numbers(ana, query) == [ticket.number]


@pytest.mark.parametrize("rows", [1, 25])
@pytest.mark.parametrize("address", ["/chamados/", "/"])
def test_lists_cost_the_same_for_any_number_of_rows(
    c: SimpleNamespace, ana: Client, django_assert_num_queries: Callable[[int], Any], rows: int, address: str
) -> None:
    for _ in range(rows):
        opened(c)
    # The list: session, person, followed, the filters' two lists, how many wait, the rows, their news, working week.
    # The home page asks for announcements too.
    with django_assert_num_queries(9 if address == "/chamados/" else 14):
        assert ana.get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 25])
def test_a_search_costs_the_same_for_any_number_of_rows(
    c: SimpleNamespace, ana: Client, django_assert_num_queries: Callable[[int], Any], rows: int
) -> None:
    for _ in range(rows):
        opened(c)
    with django_assert_num_queries(14):
        assert len(numbers(ana, "?q=tela+branco")) == rows


def test_a_search_looks_everywhere_and_its_tabs_keep_it(c: SimpleNamespace, ana: Client) -> None:
    over, going_on = at_status(c, Status.CLOSED).number, opened(c).number
    assert numbers(ana, "?q=assinar") == [going_on, over]
    html = ana.get("/chamados/?q=assinar&produto=sei&senha=x").content.decode()
    assert 'href="?q=assinar&amp;produto=sei&amp;aba=encerrados"' in html
    assert 'href="/chamados/planilha/?q=assinar&amp;produto=sei&amp;aba=todos"' in html
    assert "senha" not in html.split("<main")[1]
    assert numbers(ana, "?q=assinar&produto=sei&aba=encerrados") == [over]
    nothing = ana.get("/chamados/?q=firefox&aba=encerrados").content.decode()
    assert "Nada encontrado nesta aba" in nothing
    assert 'href="?q=firefox&amp;aba=todos"' in nothing
    assert "Nenhum chamado encontrado" in ana.get("/chamados/?q=firefox").content.decode()


def test_a_find_is_shown_where_it_is(c: SimpleNamespace, ana: Client) -> None:
    opened(c, body="Uso <b>Ação</b> no módulo.")
    html = ana.get("/chamados/?q=acao").content.decode()
    assert "<mark>Ação</mark>" in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("de=ontem", "Digite a data como 31/12/2026."),
        ("de=2026-11-20&ate=2026-11-01", "Esta data vem antes da outra."),
        ("ate=9999-12-31", "Digite uma data até 31/12/2100."),
        ("de=0001-01-01", "Digite uma data a partir de 01/01/2000."),
        ("produto=nada", "Erro: "),
        ("situacao=x", "Erro: "),
        ("ordem=requester__password", "Erro: "),
        ("orgao=b", ""),
        ("q=%00", "Erro: "),
    ],
)
def test_what_makes_no_sense_is_told_and_narrows_nothing(c: SimpleNamespace, ana: Client, query: str, said: str) -> None:
    """ABUSE 21: no column can be asked for but those on the lists."""
    ticket = opened(c)
    response = ana.get(f"/chamados/?{query}")
    assert response.status_code == (422 if said else 200)
    assert said in response.content.decode()
    assert numbers(ana, f"?{query}") == [ticket.number]


def test_who_has_several_bodies_chooses_one(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    assert 'name="orgao"' not in ana.get("/chamados/").content.decode()
    Membership.objects.create(user=c.ana, agency=c.b, confirmed_at=worktime.now())
    assert 'name="orgao"' in ana.get("/chamados/").content.decode()
    assert numbers(ana, "?orgao=b") == []
    assert numbers(ana, "?orgao=a") == [ticket.number]


def test_a_row_tells_the_last_news_and_no_secret_of_the_team(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Nota.")
    html = ana.get("/chamados/").content.decode()
    assert "Bia assumiu o chamado." in html
    assert "nota" not in html


def test_home_tells_what_waits(c: SimpleNamespace, ana: Client) -> None:
    assert "Você não tem chamados abertos" in ana.get("/").content.decode()
    at_status(c, Status.WAITING_REQUESTER)
    assert "Um chamado espera você" in ana.get("/").content.decode()
    opened(c)
    opened(c)
    opened(c)
    assert len(re.findall('class="ticket-row"', ana.get("/").content.decode())) == 3


@pytest.mark.parametrize(
    ("at", "said"),
    [("2026-11-23T10:00-03:00", "A equipe responde agora."), ("2026-11-20T12:00-03:00", "A equipe volta segunda, às 8h.")],
)
def test_home_tells_when_the_team_answers(c: SimpleNamespace, ana: Client, at: str, said: str) -> None:
    with time_machine.travel(datetime.fromisoformat(at), tick=False):
        assert said in Client().get("/").content.decode()
        ana.force_login(c.ana)
        assert said in ana.get("/").content.decode()


def test_home_for_strangers(c: SimpleNamespace, client: Client, django_assert_num_queries: Callable[[int], Any]) -> None:
    opened(c)
    # the cards, working hours, the policy, the week in words, what is usually asked and its offerings, announcements
    with django_assert_num_queries(7):
        page = client.get("/").content.decode()
    assert 'href="/abrir/pen/"' in page
    assert "Qual canal usar" in page
    assert str(Ticket.objects.get().number) not in page
