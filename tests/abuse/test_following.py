"""Attacks on following a ticket: classes 9, 18, 21, 30, 39 and 42."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.test import Client

from notifications import preferences
from notifications.models import Notice, Preference
from tests.abuse.markup import dangers
from tests.cast import form, opened
from tests.govbr.test_sheets import read
from tests.tickets.admin.desk import signed_in
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Via

SCRIPT = '"><script>alert(1)</script>'


@pytest.mark.parametrize("name", ["q", "aba", "situacao", "produto", "tipo", "orgao", "de", "ate", "ordem", "pagina"])
def test_09_scripts_in_the_parameters_of_a_list(c: SimpleNamespace, name: str) -> None:
    """osTicket CVE-2018-7196 and CVE-2023-1315, Znuny CVE-2025-52204: sort, period and keyword came back as markup."""
    opened(c)
    for address in ("/chamados/", "/avisos/"):
        page = signed_in(c.ana).get(address, {name: SCRIPT, "assunto": SCRIPT, "ver": SCRIPT}).content.decode()
        assert "<script>alert" not in page


def test_18_what_an_open_page_is_told(c: SimpleNamespace) -> None:
    """FreeScout GHSA-gh3r-jh6q-wrvj: the live channel told of tickets and notes that the page did not show."""
    ticket, foreign = opened(c), opened(c, by=c.eva, subject="Segredo do órgão B")
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Segredo da equipe.")
    ana = signed_in(c.ana)
    assert "Segredo" not in ana.get(f"/chamados/{ticket.number}/novidades/").content.decode()
    for number in (foreign.number, 99999999):
        for version in ("", "*", '"x"'):
            answer = ana.get(f"/chamados/{number}/novidades/", headers={"If-None-Match": version})
            assert answer.status_code == 404


@pytest.mark.parametrize("order", ["requester__password", "-requester__password", "requester__email", "pk", "?"])
def test_21_a_list_is_sorted_by_no_column_that_was_not_offered(c: SimpleNamespace, order: str) -> None:
    """django-helpdesk GHSA-mxcg-7m22-x9pj: sorting by a secret told it letter by letter."""
    made = [opened(c).number, opened(c, by=c.ana).number]
    page = signed_in(c.ana).get("/chamados/", {"ordem": order, "aba": "todos"}).content.decode()
    assert [int(number) for number in re.findall(r'<h2><a href="/chamados/(\d+)/">', page)] == made[::-1]


def test_30_a_key_of_ones_own_making(c: SimpleNamespace) -> None:
    """FreeScout CVE-2026-27637: tokens that one could reckon. Ours are signed, and end one's own mail alone."""
    opened(c)
    token = preferences.token(Notice.objects.get(kind="ticket_opened", recipient=c.ana))
    body, _, signature = token.partition(":")
    for forged in (body, f"{body}:{signature[::-1]}", token.swapcase(), "W10:x:y", "%00", "a" * 3000):
        assert Client().post(f"/avisos/sair/{forged}/").status_code == 404
    assert not Preference.objects.exists()


def test_39_paper_fetches_nothing(c: SimpleNamespace) -> None:
    """osTicket CVE-2026-22200: what was written on a ticket made its PDF read files of the server."""
    ticket = opened(c, body='<img src="php://filter/x"> <link href=//example.org/x> @import url(http://example.org)')
    page = signed_in(c.ana).get(f"/chamados/{ticket.number}/?imprimir").content.decode()
    assert dangers(page) == []
    fetched = [url for found in re.findall(r'\bsrc="([^"]+)"|<link[^>]*\bhref="([^"]+)"', page) for url in found if url]
    assert fetched
    assert [url for url in fetched if not url.startswith(("/static/", f"/chamados/{ticket.number}/"))] == []


def test_42_a_subject_that_a_spreadsheet_runs(c: SimpleNamespace) -> None:
    """osTicket CVE-2019-14749, RT CVE-2025-61873: a formula in a subject, run by who opened the export."""
    formula = '=HYPERLINK("http://example.org";"veja")'
    ticket = opened(c, subject=formula)
    rows = read(b"".join(signed_in(c.gil).get("/chamados/planilha/?aba=orgao")))  # type: ignore[arg-type]
    assert rows[-1][:2] == [str(ticket.number), f"'{formula}"]
    assert Ticket.objects.get().subject == formula
