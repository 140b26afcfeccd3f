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

from tests.cast import at_status, follow, opened
from tickets.models import Ticket
from tickets.states import Status
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
    with django_assert_num_queries(6 if address == "/chamados/" else 8):
        assert ana.get(address).status_code == 200


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
    with django_assert_num_queries(4):  # the cards, working hours, the policy, the week in words
        page = client.get("/").content.decode()
    assert 'href="/abrir/pen/"' in page
    assert "Qual canal usar" in page
    assert str(Ticket.objects.get().number) not in page
