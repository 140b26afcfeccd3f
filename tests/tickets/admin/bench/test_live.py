"""The part of the workbench that asks again by itself: what came up, who else is here."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import time_machine
from django.http import HttpResponse
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.cast import MONDAY, at_status, form, opened
from tests.tickets.admin.desk import INLINE, page_of, signed_in
from tickets import lifecycle, looks
from tickets.models import Look, Ticket, TicketReading
from tickets.states import Status, Via

UNCHANGED = 4
"""Session, person, ticket with its newest event, who is here (and that one is here oneself)."""


def asked(user: User, ticket: Ticket, *, etag: str = "", **params: Any) -> HttpResponse:
    url = reverse(f"admin:tickets_{ticket.level.lower()}ticket_news", args=[ticket.pk])
    return signed_in(user).get(url, params, headers={"If-None-Match": etag} if etag else {})


def newest(ticket: Ticket) -> int:
    return ticket.events.latest("pk").pk


def test_new_turns_come_alone_with_where_the_ticket_stands(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = newest(ticket)
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Já <b>voltou</b>.")
    lifecycle.note(ticket.pk, by=c.lia, via=Via.DESK, request_id=form(), body="Eu vi.")
    page = asked(c.bia, ticket, aqui=1, desde=before).content.decode()
    turns = re.findall(r'<li class="turn.*?</li>', page, re.DOTALL)
    assert [("Já &lt;b&gt;voltou&lt;/b&gt;." in turn, "Nota interna: só a equipe lê" in turn) for turn in turns] == [
        (True, False),
        (False, True),
    ]
    assert "Mensagem de Ana." in turns[0]
    assert f'data-newest="{newest(ticket)}"' in page
    assert "Em atendimento" in page
    assert not INLINE.findall(page)


def test_nothing_new_is_told_cheaply(c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.IN_PROGRESS)
        etag = asked(c.bia, ticket, aqui=1)["ETag"]
        client = signed_in(c.bia)
        url = reverse("admin:tickets_n2ticket_news", args=[ticket.pk])
        with django_assert_num_queries(UNCHANGED):
            answer = client.get(url, {"aqui": 1}, headers={"If-None-Match": etag})
        assert (answer.status_code, answer.content) == (304, b"")
        lifecycle.note(ticket.pk, by=c.lia, via=Via.DESK, request_id=form(), body="Eu vi.")
        assert asked(c.bia, ticket, aqui=1, etag=etag).status_code == 200


def test_something_hidden_brings_all_turns_anew(c: SimpleNamespace) -> None:
    ticket = opened(c, body="A senha é abacaxi.")
    before = newest(ticket)
    message = ticket.messages.get()
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=message, passage="abacaxi")
    page = asked(c.lia, ticket, aqui=1, desde=before).content.decode()
    assert "[trecho oculto]" in page
    assert "abacaxi" not in page


def test_who_looks_and_who_writes_is_told_to_others(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False) as now:
        ticket = at_status(c, Status.IN_PROGRESS)
        asked(c.lia, ticket, aqui=1, escrevendo=1)
        asked(c.beto, ticket, aqui=1)
        asked(c.duda, ticket)  # her page is out of sight
        assert looks.here(ticket, but=c.bia) == [looks.Other("Beto", writing=False), looks.Other("Lia", writing=True)]
        for page in (page_of(c.bia, ticket), asked(c.bia, ticket).content.decode()):
            here = page.partition('id="aqui"')[2].partition("</p>")[0]
            assert "Beto, Lia (escrevendo)" in here
        now.shift(looks.WRITING + timedelta(seconds=1))
        assert looks.here(ticket, but=c.bia) == [looks.Other("Beto", writing=False), looks.Other("Lia", writing=False)]
        now.shift(looks.HERE)
        assert looks.here(ticket, but=c.bia) == []


def test_a_page_out_of_sight_reads_nothing(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    readings = TicketReading.objects.count()
    assert asked(c.beto, ticket).status_code == 200
    assert (Look.objects.filter(user=c.beto).exists(), TicketReading.objects.count()) == (False, readings)
    asked(c.beto, ticket, aqui=1)
    assert Look.objects.get(user=c.beto).seen_event_id == newest(ticket)


def test_what_is_no_event_breaks_nothing(c: SimpleNamespace) -> None:
    ticket = opened(c)
    for since in ("x", "-1", "9" * 40, "²", ""):
        assert "Ao assinar, a tela fica em branco." in asked(c.bia, ticket, desde=since).content.decode()
