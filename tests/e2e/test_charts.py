"""The charts of the reports in a real browser: drawn under the content policy, sound for axe, and absent without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
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
