"""Over a bad mobile line: how much each page weighs, how soon its form can be used, and a ticket opened all the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e

LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""400 kbit/s each way, 400 ms until the first byte."""
PAGE_BYTES = 25_000
"""Of a page after the first, with what it alone needs, headers included."""
USABLE_MS = 3_000
WAY = ("Processo Eletrônico Nacional", "Executivo Federal", "SEI", "Reportar um erro")
USABLE = "() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
"""When the page is read and its deferred scripts have run, in ms from the press."""


@dataclass
class Scales:
    """What comes over the wire into a page."""

    page: Page
    session: CDPSession = field(init=False)
    bytes: int = 0

    def __post_init__(self) -> None:
        self.session = self.page.context.new_cdp_session(self.page)
        self.session.send("Network.enable")
        self.session.on("Network.loadingFinished", self._weigh)

    def _weigh(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

    def slow_down(self) -> None:
        self.session.send("Network.emulateNetworkConditions", LINE)

    def take(self) -> int:
        """The weight since the last time, once the line is quiet."""
        self.page.wait_for_load_state("networkidle")
        weight, self.bytes = self.bytes, 0
        return weight


def test_a_ticket_is_opened_over_a_bad_line(visits: Visits) -> None:
    page = visits.visitor("ana@example.org", width=360)
    scales = Scales(page)
    page.goto("/")
    scales.take()
    scales.slow_down()
    weights = {}
    page.goto("/abrir/")
    weights["/abrir/"] = scales.take()
    for card in WAY:
        page.get_by_role("main").get_by_role("link", name=card, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        weights[card] = scales.take()
    usable = float(page.evaluate(USABLE))
    page.locator("[name=titulo]").fill("Aberto por uma linha ruim")
    page.locator("[name=descricao]").fill("A tela fica em branco ao assinar um despacho.")
    page.locator("[name=ambiente]").select_option("Produção")
    page.locator("[name=passos_reproducao]").fill("1. Abrir o processo.")
    page.locator("label[for=id_ciencia_privacidade]").click()
    scales.take()
    page.get_by_role("button", name="Abrir chamado").click()
    if page.get_by_role("heading", name="Antes de enviar, veja").count():
        page.get_by_role("button", name="Enviar mesmo assim").click()
    page.wait_for_url("**/recebido/")
    weights["receipt"] = scales.take()
    page.goto("/chamados/?aba=andamento")
    weights["/chamados/"] = scales.take()
    page.get_by_role("main").get_by_role("link", name="Aberto por uma linha ruim").first.click()
    page.wait_for_url("**/chamados/1*/")
    weights["ticket"] = scales.take()
    assert {name: weight for name, weight in weights.items() if weight > PAGE_BYTES} == {}
    assert usable < USABLE_MS
