"""The part of a ticket's page that asks by itself what came up."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.cast import at_status, follow, form, opened
from tickets import lifecycle
from tickets.models import Message, Ticket, TicketReading
from tickets.states import Status, Via


def as_(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def asked(client: Client, ticket: Ticket, version: str = "") -> HttpResponse:
    return client.get(f"/chamados/{ticket.number}/novidades/", headers={"If-None-Match": version} if version else {})  # type: ignore[return-value]


def version_on_page(client: Client, ticket: Ticket) -> str:
    html = client.get(f"/chamados/{ticket.number}/").content.decode()
    found = re.search(r'data-live="/chamados/\d+/novidades/" data-version="([^"]+)"', html)
    assert found
    return found[1].replace("&quot;", '"')


def test_nothing_new_costs_three_queries(c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    client = as_(c.ana)
    version = version_on_page(client, ticket)
    with django_assert_num_queries(3):  # session, person with his rights, ticket
        answer = asked(client, ticket, version)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["ETag"] == version
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("turns", [1, 25])
def test_news_cost_the_same_for_any_conversation(
    c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries, turns: int
) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    for _ in range(turns):
        lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Oi.")
    client = as_(c.ana)
    with django_assert_num_queries(5):
        assert asked(client, ticket).status_code == 200


def test_a_message_of_the_team_comes_up(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    client = as_(c.ana)
    version = version_on_page(client, ticket)
    lifecycle.ask(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Qual <b>versão</b>?")
    answer = asked(client, ticket, version)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert "Qual &lt;b&gt;versão&lt;/b&gt;?" in html
    assert 'data-said="Mensagem nova de Bia (equipe)."' in html
    assert "Aguardando solicitante" in html
    assert "<html" not in html
    assert asked(client, ticket, answer["ETag"]).status_code == 304


def test_the_version_of_a_compressed_answer_is_known_again(c: SimpleNamespace) -> None:
    """Compressing makes it a weak one (RFC 9110, 8.8.3)."""
    ticket = at_status(c, Status.IN_PROGRESS)
    client = as_(c.ana)
    client.defaults["HTTP_ACCEPT_ENCODING"] = "gzip"
    answer = asked(client, ticket)
    assert (answer["Content-Encoding"], answer["ETag"][:3]) == ("gzip", 'W/"')
    assert asked(client, ticket, answer["ETag"]).status_code == 304


def test_a_note_of_the_team_is_no_news(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    client = as_(c.ana)
    version = version_on_page(client, ticket)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Suspeito do proxy.")
    assert asked(client, ticket, version).status_code == 304
    assert "proxy" not in asked(client, ticket).content.decode()


def test_what_was_hidden_goes_from_open_pages(c: SimpleNamespace) -> None:
    ticket = opened(c, body="A senha é xyzzy.")
    client = as_(c.ana)
    version = version_on_page(client, ticket)
    before = re.findall(r'id="turno-\d+" data-version="([^"]*)"', asked(client, ticket).content.decode())
    message = Message.objects.get()
    lifecycle.redact(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), what=message, passage="xyzzy")
    html = asked(client, ticket, version).content.decode()
    assert "xyzzy" not in html
    assert re.findall(r'id="turno-\d+" data-version="([^"]*)"', html)[0] != before[0]


def test_who_may_not_read_gets_nothing(c: SimpleNamespace) -> None:
    """ABUSE 18: what an open page is told passes the same door as the page."""
    ticket = at_status(c, Status.IN_PROGRESS)
    follow(ticket, c.eva)
    client = as_(c.eva)
    version = version_on_page(client, ticket)
    c.eva.memberships.all().delete()
    assert asked(client, ticket, version).status_code == 404
    assert asked(client, ticket).status_code == 404
    assert Client().get(f"/chamados/{ticket.number}/novidades/").status_code == 302


def test_the_team_leaves_its_reading_only_when_it_reads(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    client = as_(c.bia)
    version = version_on_page(client, ticket)
    TicketReading.objects.all().delete()
    assert asked(client, ticket, version).status_code == 304
    assert not TicketReading.objects.exists()
    assert asked(client, ticket).status_code == 200
    assert TicketReading.objects.get().user == c.bia


def test_an_older_part_of_the_story_does_not_ask(c: SimpleNamespace) -> None:
    ticket = opened(c)
    html = as_(c.ana).get(f"/chamados/{ticket.number}/?antes=1").content.decode()
    assert "data-live" not in html
    assert "live.js" not in html
