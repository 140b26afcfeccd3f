"""The public page and the open data: for everybody, the same as the panel's, light, and in electoral periods too."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from types import SimpleNamespace

import jsonschema
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from catalog.models import ElectoralPeriod
from reports import open_data, tasks
from reports.models import Publication
from tests import cast
from tests.cast import fresh, opened
from tests.reports.freezing import gathered
from tests.reports.test_months import IN_DECEMBER, MONDAY, final
from tests.reports.test_publishing import NOVEMBER, closed, november, published
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db
PAGE, MONTHS, PARTS = "/transparencia/", "/transparencia/dados/meses", "/transparencia/dados/recortes"


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with time_machine.travel(MONDAY, tick=False):
        c.barramento = cast.another_product(c).product
        opened(c)
    return c


@pytest.fixture
def told(c: SimpleNamespace) -> SimpleNamespace:
    closed(c, november(c))
    published()
    return c


def text(url: str = PAGE, client: Client | None = None) -> str:
    response = (client or Client()).get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def main(url: str = PAGE) -> str:
    """The page without its frame."""
    return text(url).partition("<main")[2].partition("</main>")[0]


def table(url: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(Client().get(url).content.decode())))


def test_without_a_month_it_says_so(db: None) -> None:
    assert "Ainda não há números" in text()
    assert table(f"{MONTHS}.csv") == []
    assert json.loads(text(f"{MONTHS}.json"))["dados"] == []


def test_the_page_shows_months_and_one_in_detail(told: SimpleNamespace) -> None:
    shown = text()
    assert '<td class="number">110</td><td class="number">85,7%</td>' in shown
    assert "Novembro de 2026 em detalhe" in shown
    assert '<th scope="row">Barramento</th><td class="number">15</td><td class="number">10</td>' in shown
    assert main(f"{PAGE}?mes=2026-11") == main(f"{PAGE}?mes=<script>") == main()
    assert 'href="/transparencia/"' in text("/ajuda/")


def test_months_are_drawn_the_oldest_first_and_what_is_not_told_is_no_zero(told: SimpleNamespace) -> None:
    assert 'data-chart="lines"' not in main()
    Publication.objects.create(
        core_system=told.core, month=NOVEMBER.replace(month=10), number=1, told={"received": None}, published_at=IN_DECEMBER
    )
    shown = main()
    assert shown.count('data-chart="lines"') == 3
    rows = '<tr><th scope="row">10/2026</th><td class="number">–</td></tr><tr><th scope="row">11/2026</th><td class="number">'
    assert f"{rows}110</td></tr>" in shown
    assert f"{rows}85,7%</td></tr>" in shown
    assert 'aria-label="Gráfico de barras: Por produto, chamados recebidos. O maior é “SEI”, com 95.' in shown
    assert "Começa com 110 em 11/2026 e termina com 110 em 11/2026" in shown


def test_a_provisional_month_is_marked(c: SimpleNamespace) -> None:
    published()
    shown = text(f"{PAGE}?mes=2026-11")
    assert "Provisório" in shown
    assert "os detalhes saem quando ele fechar" in shown
    (row,) = table(f"{MONTHS}.csv")
    assert (row["situacao"], row["recebidos"], row["versao"]) == ("provisorio", "", "")


def test_both_files_say_the_same_as_the_page(told: SimpleNamespace) -> None:
    (month,) = table(f"{MONTHS}.csv")
    names = ("mes", "situacao", "recebidos", "avaliados", "no_prazo", "fora_do_prazo", "fora_da_conta")
    assert [month[name] for name in names] == ["2026-11", "final", "110", "105", "90", "15", "5"]
    for name, kept in (("meses", open_data.MONTHS), ("recortes", open_data.PARTS)):
        rows = table(f"/transparencia/dados/{name}.csv")
        data = json.loads(text(f"/transparencia/dados/{name}.json"))
        jsonschema.validate(data, json.loads(text(f"/transparencia/dados/{name}.schema.json")))
        assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in data["dados"]] == rows
        assert [column.name for column in kept.columns] == list(rows[0])
    assert [(row["recorte"], row["grupo"], row["recebidos"]) for row in table(f"{PARTS}.csv")][:2] == [
        ("produto", "barramento", "15"),
        ("produto", "sei", "95"),
    ]


def test_the_dictionary_has_every_column(told: SimpleNamespace) -> None:
    rows = {(row["tabela"], row["coluna"]) for row in table("/transparencia/dados/dicionario.csv")}
    assert rows == {(kept.slug, column.name) for kept in open_data.TABLES.values() for column in kept.columns}
    assert "CC BY 4.0" in text()


def test_the_public_share_is_that_of_the_managers_panel(c: SimpleNamespace) -> None:
    """Of tickets lived, gathered, frozen and published: eleven in time, five cancelled."""
    with time_machine.travel(MONDAY, tick=False):
        for _ in range(11):
            cast.at_status(c, Status.CLOSED)
        for _ in range(4):
            opened(c)
        for ticket in Ticket.objects.filter(status=Status.QUEUED):
            lifecycle.cancel(ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=cast.form())
    final(c)
    with time_machine.travel(IN_DECEMBER, tick=False):
        gathered()
        tasks.close_months()
        manager = Client()
        manager.force_login(c.duda)
        panel = text("/relatorios/?periodo=2026-11", manager)
    (month,) = table(f"{MONTHS}.csv")
    assert (month["recebidos"], month["no_prazo"], month["fora_da_conta"]) == ("16", "11", "5")
    assert "100,0%" in panel
    assert '<td class="number">16</td><td class="number">100,0%</td>' in text()
    assert 'aria-label="16: ver os chamados"' in panel


def test_files_may_be_kept_and_are_asked_for_again_cheaply(told: SimpleNamespace) -> None:
    client = Client()
    first = client.get(f"{MONTHS}.csv")
    assert first["Cache-Control"] == "public, max-age=3600"
    assert first["Access-Control-Allow-Origin"] == "*"
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies
    again = client.get(f"{MONTHS}.csv", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{MONTHS}.csv", headers={"If-Modified-Since": first["Last-Modified"]}).status_code == 304
    kept = Publication.objects.get()
    later = kept.published_at + timedelta(days=1)
    Publication.objects.create(
        core_system=told.core, month=NOVEMBER, number=2, closed=kept.closed, told=kept.told, published_at=later
    )
    assert client.get(f"{MONTHS}.csv", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert "Access-Control-Allow-Origin" not in client.get(PAGE)


def test_a_file_is_the_same_for_who_is_signed_in(told: SimpleNamespace) -> None:
    client = Client()
    client.force_login(told.ana)
    response = client.get(f"{PARTS}.json")
    assert response.content == Client().get(f"{PARTS}.json").content
    assert response["Cache-Control"] == "public, max-age=3600"


def test_too_many_requests_are_refused(told: SimpleNamespace) -> None:
    limits = {**settings.ACCOUNT_RATE_LIMITS, "public_figures": "2/m/ip"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "ACCOUNT_RATE_LIMITS", limits)
        client = Client(REMOTE_ADDR="192.0.2.77")
        assert [client.get(url).status_code for url in (PAGE, f"{MONTHS}.csv", PAGE)] == [200, 200, 429]


def test_electoral_periods_change_nothing(told: SimpleNamespace) -> None:
    """Figures are owed in them too; there is no picture and no praise to take away."""
    before = main()
    ElectoralPeriod.objects.create(starts=IN_DECEMBER - timedelta(days=3000), ends=IN_DECEMBER + timedelta(days=3000))
    assert main() == before


def test_the_page_costs_the_same_with_more_months(
    told: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    for months in (0, 12):
        for n in range(months):
            day = NOVEMBER.replace(year=2025, month=n + 1)
            Publication.objects.create(
                core_system=told.core, month=day, number=1, told={"received": 9}, published_at=IN_DECEMBER
            )
        with django_assert_max_num_queries(14):  # half of them count tries
            client.get(PAGE)
