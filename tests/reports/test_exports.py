"""Taking tables out: what is in them, for whom, at once or by the worker, and for how long."""

from __future__ import annotations

import csv
import io
import time
from datetime import timedelta
from resource import RUSAGE_SELF, getrusage
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.http import FileResponse
from django.test import Client

import worktime
from accounts.models import RoleGrant, User
from files.models import StoredFile
from notifications.models import Notice
from reports import counted, exporting, exports, gathering
from reports.access import scope_of
from reports.models import CycleFact, Export
from reports.sheets import FORMATS
from tests import cast
from tests.cast import fresh, opened
from tickets.models import Ticket
from tickets.states import Status

pytestmark = pytest.mark.django_db
NOVEMBER = {"periodo": "2026-11"}
PEOPLE = ("Assunto", "Solicitante", "E-mail do solicitante")
TEAM = ("Fila", "Atendente", "Causa")
READERS = ("duda", "gil", "bia", "caio", "lia")
FORMULA = '=HYPERLINK("http://evil.example";"x")'


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for status in (Status.QUEUED, Status.CLOSED, Status.IN_PROGRESS):
            cast.at_status(c, status)
        cast.at_status(c, Status.CLOSED, "N3")
        c.evas = opened(c, by=c.eva, subject=FORMULA)
        gathering.gather()
    return c


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def take(user: User, what: str = "chamados-abertos", kind: str = "csv", people: bool = False, **asked: str) -> FileResponse:
    data = {"tabela": what, "formato": kind, "filtros": urlencode(NOVEMBER | asked), **({"pessoas": "on"} if people else {})}
    response = client_of(user).post("/relatorios/exportar/", data)
    assert isinstance(response, FileResponse), (response.status_code, response.get("Location"))
    return response


def read(response: FileResponse) -> tuple[dict[str, str], list[dict[str, str]]]:
    """What a CSV is about, and its rows."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[arg-type]  # served without a loop
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    empty = lines.index([])
    return dict(line[:2] for line in lines[:empty]), [
        dict(zip(lines[empty + 1], line, strict=True)) for line in lines[empty + 2 :]
    ]


@pytest.mark.parametrize("name", READERS)
def test_each_reader_takes_his_own_tickets_and_no_other(c: SimpleNamespace, name: str) -> None:
    user = fresh(getattr(c, name))
    with worktime.shifted(cast.MONDAY - worktime.now()):
        about, rows = read(take(user))
        mine = counted.behind(scope_of(user).facts(), exporting.form_of(NOVEMBER, user).period, counted.BY_SLUG["abertos"])
        assert [row["Chamado"] for row in rows] == [str(fact.ticket.number) for fact in mine.select_related("ticket")]
        assert rows
    assert about["Tabela"] == "Chamados: Abertos"
    assert about["Período"] == "novembro de 2026"
    assert about["Filtros"] == "nenhum"
    assert about["Definição"] == counted.BY_SLUG["abertos"].meaning
    assert about["Tirada em"].endswith("(horário de Brasília)")
    assert not set(PEOPLE) & rows[0].keys()
    assert (set(TEAM) <= rows[0].keys()) is (name != "gil")
    assert "@" not in str(rows)


def test_people_are_named_only_where_the_ticket_may_be_read(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for name in READERS:
            user = fresh(getattr(c, name))
            _, rows = read(take(user, people=True))
            readable = {str(number) for number in Ticket.objects.visible_to(user).values_list("number", flat=True)}
            for row in rows:
                assert bool(row["Assunto"]) is bool(row["Solicitante"]) is ("@" in row["E-mail do solicitante"])
                assert bool(row["Assunto"]) is (row["Chamado"] in readable)
        _, rows = read(take(c.duda, people=True))
        assert {row["Assunto"] for row in rows if row["Chamado"] == str(c.evas.number)} == {f"'{FORMULA}"}
    taken = Export.objects.filter(with_people=True)
    assert set(taken.values_list("asked_by__name", "state")) == {(getattr(c, name).name, "sent") for name in READERS}


def test_filters_narrow_it_and_stand_on_it(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        about, rows = read(take(c.duda, nivel="N3"))
    assert about["Nível"] == "N3"
    assert {row["Nível"] for row in rows} == {"N3"}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_table_comes_and_in_every_format(c: SimpleNamespace, kind: str) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        every = [what for what, _ in exports.offered(exporting.form_of(NOVEMBER, fresh(c.duda)))]
        for what in every if kind == "csv" else ("numeros", "chamados-abertos"):
            response = take(c.duda, what, kind)
            assert response["Content-Type"] == FORMATS[kind].content_type
            assert response["X-Content-Type-Options"] == "nosniff"
            assert f'filename="{what}-' in response["Content-Disposition"]
            assert len(b"".join(response.streaming_content)) > 100  # type: ignore[arg-type]


def test_the_numbers_are_those_of_the_panel(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        _, rows = read(take(c.duda, "numeros"))
        page = client_of(c.duda).get("/relatorios/?periodo=2026-11").context["panel"]
    assert [(row["Número"], row["novembro de 2026"]) for row in rows] == [(line.label, line.now) for line in page.lines]


@pytest.mark.parametrize(
    ("what", "kind", "asked"),
    [
        ("chamados-nada", "csv", {}),
        ("chamados-abertos", "exe", {}),
        ("chamados-abertos", "csv", {"esfera": "marte"}),
        ("chamados-abertos", "csv", {"periodo": "livre"}),
        ("", "", {}),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    c: SimpleNamespace, what: str, kind: str, asked: dict[str, str]
) -> None:
    data = {"tabela": what, "formato": kind, "filtros": urlencode(NOVEMBER | asked)}
    response = client_of(c.duda).post("/relatorios/exportar/", data, follow=True)
    assert exporting.SENSELESS in response.content.decode()
    assert not Export.objects.exists()


def test_causes_are_not_offered_to_bodies(c: SimpleNamespace) -> None:
    response = client_of(c.gil).post(
        "/relatorios/exportar/", {"tabela": "causas", "formato": "csv", "filtros": "periodo=2026-11"}
    )
    assert response.status_code == 302
    assert not Export.objects.exists()


@pytest.fixture
def long(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Three rows are many."""
    monkeypatch.setattr(exporting, "AT_ONCE", 2)
    monkeypatch.setattr(exporting, "STEP", 2)
    with worktime.shifted(cast.MONDAY - worktime.now()):
        asked = urlencode(NOVEMBER)
        response = client_of(c.duda).post(
            "/relatorios/exportar/", {"tabela": "chamados-abertos", "formato": "csv", "filtros": asked, "pessoas": "on"}
        )
        assert response["Location"] == "/relatorios/arquivos/"
    c.export = Export.objects.get()
    return c


def test_a_long_one_is_written_by_the_worker_and_fetched_by_who_asked(long: SimpleNamespace) -> None:
    page = client_of(long.duda).get("/relatorios/arquivos/").content.decode()
    assert "Em preparo" in page
    assert "0 de 5" in page
    assert exporting.write_due() == 1
    assert exporting.write_due() == 0
    long.export.refresh_from_db()
    assert (long.export.state, long.export.rows) == ("ready", 5)
    notice = Notice.objects.get(kind="export_ended")
    assert (notice.recipient, notice.data) == (long.duda, {"export": long.export.pk})
    address = f"/relatorios/arquivos/{long.export.pk}/"
    page = client_of(long.duda).get("/relatorios/arquivos/").content.decode()
    assert f'<a href="{address}">Baixar: Chamados: Abertos, novembro de 2026 (CSV)</a>' in page
    response = client_of(long.duda).get(address)
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert len(read(response)[1]) == 5  # type: ignore[arg-type]
    for other in (long.lia, long.gil, long.bia):
        assert client_of(other).get(address).status_code == 404
        assert "chamados" not in str(Export.objects.filter(asked_by=other))


def test_the_page_says_of_which_period_a_file_tells(long: SimpleNamespace) -> None:
    for asked, said in (
        ({}, "outubro de 2026"),  # of November: what the panel tells of where nothing is asked
        ({"periodo": "2026-t3", "uf": "SP"}, "3º trimestre de 2026, com filtros"),
        ({"periodo": "livre", "de": "2026-10-03", "ate": "2026-10-09"}, "3/10/2026 a 9/10/2026"),
    ):
        Export.objects.update(asked=asked, asked_at=cast.MONDAY, state="failed")
        page = client_of(long.duda).get("/relatorios/arquivos/").content.decode()
        assert f'<th scope="row">Chamados: Abertos, {said} <' in page
        assert "Peça de novo." in page


def test_who_reads_less_by_then_gets_nothing(long: SimpleNamespace) -> None:
    exporting.write_due()
    RoleGrant.objects.filter(user=long.duda, role="manager").update(ended_at=worktime.now())
    RoleGrant.objects.create(user=long.duda, role="analyst", queue=long.n2)
    assert client_of(long.duda).get(f"/relatorios/arquivos/{long.export.pk}/").status_code == 404
    assert "não tem mais acesso" in client_of(long.duda).get("/relatorios/arquivos/").content.decode()


def test_who_reads_less_before_it_is_written_gets_no_file(long: SimpleNamespace) -> None:
    RoleGrant.objects.filter(user=long.duda, role="manager").update(ended_at=worktime.now())
    before = StoredFile.objects.count()
    assert exporting.write_due() == 0
    long.export.refresh_from_db()
    assert (long.export.state, long.export.file_id) == ("failed", None)
    assert StoredFile.objects.count() == before


def test_a_worker_that_dies_is_followed_by_another_which_begins_anew(long: SimpleNamespace) -> None:
    first = exporting._claimed()
    assert first is not None
    assert exporting._claimed() is None  # it is taken to be alive
    with worktime.shifted(exporting.LEASE + timedelta(seconds=1)):
        second = exporting._claimed()
        assert second is not None
        files = StoredFile.objects.count()
        assert exporting._written(first) is False  # it was only slow: what it wrote goes
        assert StoredFile.objects.count() == files
        assert exporting._written(second) is True
    long.export.refresh_from_db()
    assert (long.export.state, long.export.rows, long.export.tries) == ("ready", 5, 2)
    assert Notice.objects.filter(kind="export_ended").count() == 1


def test_after_three_tries_it_is_said_that_it_cannot_be_done(long: SimpleNamespace) -> None:
    Export.objects.update(tries=exporting.TRIES)
    assert exporting.write_due() == 0
    long.export.refresh_from_db()
    assert long.export.state == "failed"
    assert Notice.objects.filter(kind="export_ended").count() == 1


def test_three_long_ones_at_a_time_and_twenty_a_day(long: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for _ in range(exporting.WAITING - 1):
            exporting.ask("chamados-abertos", NOVEMBER, "csv", fresh(long.duda), with_people=False)
        with pytest.raises(exporting.Refused, match="3 arquivos em preparo"):
            exporting.ask("chamados-abertos", NOVEMBER, "csv", fresh(long.duda), with_people=False)
        Export.objects.bulk_create(
            Export(
                asked_by=long.duda, asked={}, scope={}, asked_at=worktime.now(), state="ready", expected=9, with_people=False
            )
            for _ in range(exporting.A_DAY)
        )
        Export.objects.filter(state="waiting").update(state="ready")
        with pytest.raises(exporting.Refused, match="20 arquivos longos"):
            exporting.ask("chamados-abertos", NOVEMBER, "csv", fresh(long.duda), with_people=False)


def test_files_go_after_seven_days_and_records_after_a_year(long: SimpleNamespace) -> None:
    exporting.write_due()
    long.export.refresh_from_db()
    path = long.export.file.content.name
    assert default_storage.exists(path)
    with worktime.shifted(exporting.KEPT - timedelta(minutes=1)):
        assert exporting.forget() == 0
    with worktime.shifted(exporting.KEPT + timedelta(minutes=1)):
        assert exporting.forget() == 1
        assert "Já apagado" in client_of(long.duda).get("/relatorios/arquivos/").content.decode()
        assert client_of(long.duda).get(f"/relatorios/arquivos/{long.export.pk}/").status_code == 404
    assert Export.objects.filter(pk=long.export.pk, file=None).exists()
    with worktime.shifted(exporting.RECORDED + timedelta(days=8)):
        assert exporting.forget() == 1
    assert not Export.objects.exists()


@pytest.mark.soak
@pytest.mark.parametrize("kind", FORMATS)
def test_a_million_rows_leave_in_little_memory(c: SimpleNamespace, kind: str) -> None:
    a_ticket = 32_000
    with worktime.shifted(cast.MONDAY - worktime.now()):
        tickets = [opened(c).pk for _ in range(32)]
        gathering.gather()
    columns = [
        field.column for field in CycleFact._meta.fields if field.column not in ("id", "ticket_id", "ordinal", "is_last")
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    copies = (
        f"INSERT INTO reports_cyclefact (ticket_id, ordinal, is_last, {names}) SELECT ticket_id, ordinal + n, true, {names}"  # noqa: S608 - our own columns
        " FROM reports_cyclefact, generate_series(1, %s) n WHERE ticket_id = ANY(%s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(copies, [a_ticket - 1, tickets])
    Export.objects.create(
        asked_by=c.duda, what="chamados-abertos", asked=NOVEMBER, format=kind, with_people=True, state="waiting",
        scope={"systems": [c.core.pk], "bodies": [], "queue_ids": []}, asked_at=worktime.now(), expected=1,
    )  # fmt: skip
    before, began = getrusage(RUSAGE_SELF).ru_maxrss, time.perf_counter()
    assert exporting.write_due() == 1
    grown, took = getrusage(RUSAGE_SELF).ru_maxrss - before, time.perf_counter() - began
    export = Export.objects.get()
    print(f"{kind}: {export.rows} rows, {took:.0f} s, {export.file.size >> 20} MiB, {grown / 1024:.1f} MiB more")  # noqa: T201 - for docs/soak.md
    assert export.rows == a_ticket * len(tickets) + 5
    assert grown < 64 * 1024
