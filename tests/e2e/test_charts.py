"""The reports in a real browser: charts drawn under the content policy and sound for axe, sheets of paper, and long files."""

from __future__ import annotations

import io
from collections.abc import Iterator

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal, wait_for
from tests.e2e.test_pages import Walk

pytestmark = pytest.mark.e2e

EXPORTS = """
    INSERT INTO reports_export (asked_by_id, what, asked, format, with_people, scope, asked_at, state, leased_until, rows,
        expected, tries, file_id)
    SELECT u.id, 'chamados-abertos', '{"periodo": "2026-10", "uf": "SP"}', 'xlsx', true,
        jsonb_build_object('systems', told.systems::jsonb, 'bodies', '[]'::jsonb, 'queue_ids', '[]'::jsonb),
        now(), told.state, now() + interval '1 hour', 120000, 1000000, 0, told.file
    FROM accounts_user u, (VALUES ('waiting', '[]', NULL), ('sent', '[]', NULL), ('failed', '[]', NULL), ('ready', '[]', NULL),
        ('ready', '[]', (SELECT id FROM files_storedfile ORDER BY id LIMIT 1)),
        ('ready', '[0]', (SELECT id FROM files_storedfile ORDER BY id OFFSET 1 LIMIT 1))) AS told (state, systems, file)
    WHERE u.email = 'duda@example.org'
"""
"""One file in each state: also one that is gone, and one that its person may not have any more.

Another worker has the waiting one in hand, so that the portal's own does not write it meanwhile.
"""
CUT = """() => [...document.querySelectorAll("main :is(.br-table, .chart, p)")]
    .filter(box => box.getBoundingClientRect().right > innerWidth || box.scrollWidth > box.clientWidth)
    .map(box => box.textContent.trim().slice(0, 40))"""
"""What does not fit on its sheet: nothing scrolls there."""
PAPER = 703
"""px: a sheet of A4 between margins of 12 mm."""

LONG = """
    INSERT INTO reports_cyclefact ({names}, ticket_id, ordinal, is_last, closure, ended_on, priority)
    SELECT {names}, ticket_id, ordinal + n, false, closure, current_date, 1 FROM generate_series(1, 5001) n, (
        SELECT * FROM reports_cyclefact WHERE closure = 'resolved' AND is_last ORDER BY ended_on LIMIT 1
    ) one
"""
"""One ticket that ended some more times, and urgent: a table that nobody waits for before his page."""
SHORT = "DELETE FROM reports_cyclefact WHERE ordinal > 50"


@pytest.fixture
def long(portal: Portal) -> Iterator[None]:
    portal.write("DELETE FROM reports_export WHERE state = 'waiting'")
    wait_for(lambda: portal.rows("SELECT FROM reports_cyclefact WHERE closure = 'resolved' LIMIT 1"), "what is counted", 60)
    columns = portal.rows("SELECT column_name FROM information_schema.columns WHERE table_name = 'reports_cyclefact'")
    names = {name for (name,) in columns} - {"id", "ticket_id", "ordinal", "is_last", "closure", "ended_on", "priority"}
    portal.write(LONG.format(names=", ".join(sorted(names))))
    yield
    portal.write(SHORT)


def test_charts_are_drawn_and_sound(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    portal.write(EXPORTS)
    walk = Walk(visits, "duda@example.org").visit("/relatorios/arquivos/")
    expect(walk.page.get_by_role("link", name="Baixar: ")).to_have_count(1)
    expect(walk.page.get_by_role("cell", name="Não disponível")).to_have_count(1)
    walk.visit("/relatorios/previsao/", "/relatorios/causas/")
    walk.visit("/relatorios/?periodo=livre&de=x", status=422)
    walk.page.goto("/relatorios/chamados/abertos/?periodo=2026")
    walk.page.get_by_text("Baixar como planilha").click()
    walk.examine()
    walk.visit("/relatorios/", "/relatorios/satisfacao/", "/relatorios/evolucao/")
    charts = walk.page.locator("[data-chart]")
    expect(charts.first).to_be_visible()
    assert walk.page.locator("[data-chart] > svg").count() == charts.count() == 5
    assert walk.page.locator(".series-2 .line").count() == 3
    walk.finish()


def test_nothing_is_cut_on_paper(visits: Visits) -> None:
    page = visits.visitor("duda@example.org", width=PAPER)
    page.emulate_media(media="print")
    for path in ("", "chamados/abertos/", "causas/", "satisfacao/", "tratamento/"):
        page.goto(f"/relatorios/{path}")
        cut = page.evaluate(CUT)
        assert cut == [], path


def test_a_long_table_is_asked_for_written_and_fetched(visits: Visits, long: None) -> None:
    page = visits.visitor("duda@example.org")
    page.goto("/relatorios/")
    page.get_by_label("Período", exact=True).select_option(index=0)  # this month
    page.get_by_text("Outros dias e filtros").click()
    page.get_by_label("Prioridade").select_option("Urgente")
    page.get_by_role("button", name="Aplicar filtros").click()
    page.get_by_text("Baixar como planilha").click()
    page.get_by_role("combobox", name="Tabela").select_option("Chamados: Encerrados")
    page.get_by_role("combobox", name="Formato").select_option("xlsx")
    page.get_by_role("button", name="Baixar").click()
    first = page.get_by_role("row", name="Chamados: Encerrados").first
    expect(first).to_contain_text("Em preparo")
    expect(first).to_contain_text(" de 5.0")
    told = page.get_by_role("button", name="Ver : Arquivo de relatório")
    wait_for(lambda: page.goto("/avisos/") and told.count(), "the notice of the worker", 30)
    told.first.click()
    with page.expect_download() as fetched:
        first.get_by_role("link", name="Baixar: ").click()
    assert fetched.value.suggested_filename.startswith("chamados-encerrados-")
    book = openpyxl.load_workbook(io.BytesIO(fetched.value.path().read_bytes()), read_only=True)
    assert ["Prioridade", "Urgente"] in [[cell.value for cell in row] for row in book["Sobre"].iter_rows()]
    headings, *rows = book["Dados"].iter_rows(values_only=True)
    assert headings[:6] == ("Chamado", "Vez", "Aberto em", "Esta vez desde", "Encerrado em", "Como terminou")
    assert len(rows) > 5000
    assert {row[headings.index("Prioridade")] for row in rows} == {"Urgente"}
