"""The list as a spreadsheet: what stands in it, and how much it costs."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from tests.cast import at_status, form, opened
from tests.govbr.test_sheets import read
from tickets import lifecycle, lists, sheet
from tickets.states import Status, Via


def table(client: Client, query: str = "") -> list[list[str]]:
    response = client.get(f"/chamados/planilha/{query}")
    assert response.status_code == 200
    return read(b"".join(response))  # type: ignore[arg-type]


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    client.force_login(c.ana)
    return client


def test_the_sheet_says_what_it_is_and_when(c: SimpleNamespace, ana: Client) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    opened(c, subject="Outro")
    rows = table(ana, "?aba=esperando&q=assinar&produto=sei&de=2020-01-31&pagina=7")
    facts = {row[0]: row[1] for row in rows if len(row) == 2}
    assert facts["Gerado por"] == "Ana"
    assert "(horário de Brasília" in facts["Gerado em"]
    assert facts["Lista"] == "Esperando você"
    assert facts["Busca"] == "assinar"
    assert facts["Produto"] == "SEI"
    assert facts["Abertos desde"] == "31/01/2020"
    heading = rows.index(list(sheet.HEADINGS))
    (row,) = rows[heading + 1 :]
    told = dict(zip(sheet.HEADINGS, row, strict=True))
    assert told["Número"] == str(ticket.number)
    assert told["Situação"] == "Aguardando solicitante"
    assert told["Órgão"] == "A – Órgão A"
    assert told["Responder até"]
    assert told["Endereço"].endswith(f"/chamados/{ticket.number}/")


def test_a_subject_is_no_formula(c: SimpleNamespace, ana: Client) -> None:
    opened(c, subject='=HYPERLINK("http://example.org")')
    assert table(ana)[-1][1] == '\'=HYPERLINK("http://example.org")'


def test_only_what_the_reader_may_read(c: SimpleNamespace, client: Client) -> None:
    ticket = opened(c)
    client.force_login(c.eva)
    for query in ("", "?aba=orgao", "?aba=nada", f"?q={ticket.number}"):
        assert table(client, query)[-1] == list(sheet.HEADINGS)
    client.force_login(c.gil)
    assert table(client, "?aba=orgao")[-1][0] == str(ticket.number)


def test_the_limit_is_told(c: SimpleNamespace, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        opened(c)
    for module in (lists, sheet):
        monkeypatch.setattr(module, "MOST_IN_SHEET", 2)
    rows = table(ana)
    assert rows[-1] == ["A planilha tem no máximo 2 chamados. Use os filtros para ver os outros."]
    assert len(rows) - rows.index(list(sheet.HEADINGS)) == 4


@pytest.mark.parametrize("tickets", [1, 7])
def test_a_row_costs_no_query(c: SimpleNamespace, ana: Client, tickets: int) -> None:
    for _ in range(tickets):
        opened(c)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        table(ana)
    assert len(asked) == 6  # session, person, followed, the filters' two lists, one batch


def test_it_does_not_tell_when_the_team_wrote_a_note(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    before = table(ana)[-1]
    with worktime.shifted(timedelta(minutes=3)):
        lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Suspeito do certificado.")
        assert table(ana)[-1] == before
