"""The lists behind figures as files: who gets which rows and columns."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

import worktime
from accounts.models import User
from reports import exports, gathering
from tests import cast
from tests.cast import opened
from tickets.models import Ticket
from tickets.states import Status

pytestmark = pytest.mark.django_db
PATH = "/relatorios/chamados/abertos/chamados.{}?periodo=2026-11"


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for status in (Status.QUEUED, Status.CLOSED):
            cast.at_status(c, status)
        cast.at_status(c, Status.CLOSED, "N3")
        c.evas = opened(c, by=c.eva, subject="=1+1 só de Eva")
        gathering.gather()
    return c


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def table(user: User, query: str = "", kind: str = "csv") -> list[dict[str, Any]]:
    """The rows by their headings."""
    response = client_of(user).get(PATH.format(kind) + query)
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    if kind == "csv":
        rows: list[list[Any]] = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
        rows = rows[rows.index([]) + 1 :]
    else:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Dados").to_python()
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_each_reader_gets_his_own_rows_and_columns(c: SimpleNamespace) -> None:
    evas = str(c.evas.number)
    counts = dict.fromkeys(("duda",), 4) | {"gil": 3, "bia": 3, "caio": 1, "lia": 3}
    for name, count in counts.items():
        rows = table(getattr(c, name))
        assert len(rows) == count, name
        assert ("Fila" in rows[0]) == (name != "gil"), name
        assert not {"Solicitante", "E-mail", "CPF"} & set(rows[0])
    assert evas not in {row["Número"] for row in table(c.gil)}
    assert [row["Assunto"] for row in table(c.duda) if row["Número"] == evas] == ["'=1+1 só de Eva"]


@pytest.mark.parametrize("name", ["duda", "gil", "bia", "caio", "lia"])
def test_nobody_named_in_it_asked_for_something(c: SimpleNamespace, name: str) -> None:
    response = client_of(getattr(c, name)).get(PATH.format("csv"))
    data = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    for person in (c.ana, c.eva):
        assert person.email not in data
        assert person.name not in data.replace("só de Eva", "")


@pytest.mark.parametrize("name", ["ana", "eva", "dora"])
def test_who_reads_no_reports_gets_no_file(c: SimpleNamespace, name: str) -> None:
    assert client_of(getattr(c, name)).get(PATH.format("csv")).status_code == 403


def test_every_format_tells_the_same(c: SimpleNamespace) -> None:
    told = [{str(row["Número"]).removesuffix(".0") for row in table(c.duda, kind=kind)} for kind in ("csv", "xlsx", "ods")]
    assert told[0] == told[1] == told[2] == {str(number) for number in Ticket.objects.values_list("number", flat=True)}


def test_the_file_says_what_it_is(c: SimpleNamespace) -> None:
    response = client_of(c.duda).get(PATH.format("csv") + "&nivel=N3")
    data = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    for line in ("Lista;Abertos", "Período;novembro de 2026", "Nível;N3", "Definição;Chamados abertos no período."):
        assert line in data
    assert "horário de Brasília" in data
    assert len(table(c.duda, "&nivel=N3")) == 1


def test_words_only_of_tickets_that_one_may_read(c: SimpleNamespace) -> None:
    closed = Ticket.objects.get(level="N3")
    Ticket.objects.filter(pk=closed.pk).update(queue=c.n2, level="N2")
    closed.participants.all().delete()
    assert [row["Assunto"] for row in table(c.caio)] == [""]


def test_a_filter_that_makes_no_sense_makes_no_file(c: SimpleNamespace) -> None:
    response = client_of(c.duda).get(PATH.format("csv") + "&nivel=N9")
    assert response.status_code == 302
    assert response["Location"] == "/relatorios/chamados/abertos/?periodo=2026-11&nivel=N9"


def test_a_list_too_long_is_refused_whole(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 3)
    response = client_of(c.duda).get(PATH.format("csv"), follow=True)
    assert response.redirect_chain[0][1] == 302
    assert "Escolha um período menor" in response.content.decode()
    monkeypatch.setattr(exports, "MOST", 4)
    assert len(table(c.duda)) == 4
