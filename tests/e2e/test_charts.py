"""The charts of the reports in a real browser: drawn under the content policy, sound for axe, and absent without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visits
from tests.e2e.test_pages import Walk

pytestmark = pytest.mark.e2e


def test_charts_are_drawn_and_sound(visits: Visits) -> None:
    walk = Walk(visits, "duda@example.org")
    walk.visit("/relatorios/", "/relatorios/satisfacao/", "/relatorios/evolucao/")
    charts = walk.page.locator("[data-chart]")
    expect(charts.first).to_be_visible()
    assert walk.page.locator("[data-chart] > svg").count() == charts.count() == 5
    assert walk.page.locator(".series-2 .line").count() == 3
    walk.finish()
