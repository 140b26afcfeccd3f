"""The public figures and the pages of closed months in a real browser: through axe, without scripts, on the scales."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_pages import HOME_BYTES, Walk

pytestmark = pytest.mark.e2e

PAGE = "/transparencia/"
CLOSED = """
    WITH closed AS (
        INSERT INTO reports_closedmonth (core_system_id, month, version, definitions, closed_at, reason)
        SELECT id, '2025-03-01', 1, 1, now(), '' FROM catalog_coresystem ORDER BY id LIMIT 1 RETURNING id, core_system_id, month
    ), figures AS (
        INSERT INTO reports_closedfigures (closed_id, part, subject, told) SELECT id, 'all', 0, %s FROM closed
    )
    INSERT INTO reports_publication (core_system_id, month, number, closed_id, told, published_at)
    SELECT core_system_id, month, 1, id, %s, now() FROM closed
"""
PROVISIONAL = """
    INSERT INTO reports_publication (core_system_id, month, number, told, published_at)
    SELECT id, '2025-04-01', 1, '{"received": 90}', now() FROM catalog_coresystem ORDER BY id LIMIT 1
"""


def row(by: str, name: str, in_time: int, late: int, out: int) -> dict[str, Any]:
    counts = {"received": in_time + late + out, "counted": in_time + late, "in_time": in_time, "late": late, "out": out}
    return {"by": by, "slug": name.lower(), "name": name, **counts}


@pytest.fixture(scope="module")
def told(portal: Portal) -> None:
    """One month that is closed, with its details, and a provisional one."""
    ended = dict.fromkeys(("count", "solved", "in_time"), 100)
    figures = {"counts": {"abertos": 120}, "cohorts": {}, "ended": ended, "backlog": {"count": 0, "ages": [], "oldest": None}}
    public = {
        "received": 120,
        "rows": [row("total", "", 90, 10, 20), row("produto", "SEI", 60, 5, 15), row("produto", "Demais", 30, 5, 5)],
        "seconds": {"response_median": 3600, "resolution_median": 72000},
        "answers": 40,
        "stars": 4.25,
    }
    portal.write(CLOSED, json.dumps(figures), json.dumps(public))
    portal.write(PROVISIONAL)


def test_the_public_page_is_sound_and_leads_on(visits: Visits, told: None) -> None:
    walk = Walk(visits).visit(PAGE, f"{PAGE}?mes=2025-04")
    # Received in two months, in time and hours of one: what is not told of a month is no zero.
    points = [chart.locator(".point").count() for chart in walk.page.locator("[data-chart=lines]").all()]
    assert points == [2, 1, 1]
    walk.finish()


def test_managers_pages_of_closed_months_are_sound(visits: Visits, told: None) -> None:
    walk = Walk(visits, "duda@example.org").visit("/relatorios/meses/", "/relatorios/meses/pen-propen/2025-03/")
    walk.page.get_by_role("button", name="Guardar versão nova").click()
    expect(walk.page.locator(".has-error")).to_have_count(1)
    walk.examine()
    walk.finish()


def test_it_works_without_scripts(visits: Visits, told: None) -> None:
    page = visits.visitor(scripts=False)
    page.goto("/ajuda/")
    page.get_by_role("link", name="Transparência: números do atendimento").click()
    page.get_by_role("link", name="março de 2025").click()
    expect(page.get_by_role("row", name="SEI 80 60 5 15 92,3%")).to_be_visible()
    expect(page.get_by_role("row", name="abril de 2025 90")).to_contain_text("Provisório")


def test_the_first_visit_is_light(visits: Visits, told: None) -> None:
    page = visits.visitor()
    page.goto("about:blank")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(PAGE, wait_until="networkidle")
    assert len(sizes) >= 3
    assert sum(sizes) <= HOME_BYTES
