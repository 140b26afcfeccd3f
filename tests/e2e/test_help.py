"""The help in a browser: found with the keyboard, read in high contrast, of the right weight."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.test_pages import AXE, Walk

pytestmark = pytest.mark.e2e

PAGES = (
    "/ajuda/",
    "/ajuda/perguntas/?q=credencial",
    "/ajuda/perguntas/?q=xilofone",
    "/ajuda/perguntas/quem-e-obrigado-a-usar-o-nup/",
    "/ajuda/guia/atendimento/",
    "/ajuda/produtos/",
    "/ajuda/acessibilidade/",
    "/ajuda/siglas/",
)
ENHANCED = """() => axe.run(document, {resultTypes: ['violations'], preload: false,
    runOnly: ['color-contrast', 'color-contrast-enhanced']}).then(r => r.violations.map(v =>
    v.id + ' ' + v.nodes.map(n => n.html.slice(0, 120)).slice(0, 3)))"""
NEXT_PAGE_BYTES = 25_000


def test_pages_of_the_help(visits: Visits) -> None:
    Walk(visits).visit(*PAGES).finish()


def test_high_contrast_is_seven_to_one_without_script(visits: Visits) -> None:
    plain = visits.visitor(scripts=False)
    plain.goto("/ajuda/perguntas/")
    plain.get_by_role("button", name="Alto contraste").click()
    expect(plain.get_by_role("button", name="Contraste normal")).to_be_visible()
    assert plain.url.endswith("/ajuda/perguntas/")
    page = visits.visitor()
    page.context.add_init_script(path=str(AXE))
    page.goto("/ajuda/")
    page.get_by_role("button", name="Alto contraste").click()
    for address in (*PAGES, "/", "/conta/entrar/", "/abrir/"):
        page.goto(address)
        assert page.evaluate(ENHANCED) == [], address


def test_a_question_is_found_with_the_keyboard_and_leads_to_its_form(visits: Visits) -> None:
    page = visits.visitor(width=320)
    page.goto("/ajuda/perguntas/")
    page.get_by_label("Sobre o que é a sua dúvida?").focus()
    page.keyboard.type("quem usa nup municipio")
    page.keyboard.press("Enter")
    link = page.get_by_role("link", name="Quem é obrigado a usar o NUP?")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quem é obrigado a usar o NUP?")
    page.get_by_role("button", name="Sim").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Que bom! Obrigado por contar.")
    page.get_by_role("link", name="Abrir chamado sobre NUP").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/abrir/pen-propen/executivo-federal/nup/")


def test_a_link_of_the_matrix_opens_its_form(visits: Visits) -> None:
    wide, narrow = "Abrir Reportar um erro, SEI, Executivo Municipal", "Executivo Municipal Reportar um erro, SEI"
    for width, name in ((1280, wide), (360, narrow)):
        page = visits.visitor(width=width)
        page.goto("/ajuda/produtos/")
        expect(page.get_by_role("table").get_by_role("rowheader").first).to_be_visible()
        page.get_by_role("link", name=name).click()
        page.wait_for_url("**/conta/entrar/?next=/abrir/pen-propen/executivo-municipal/sei/reportar-erro/")


def weight(page: Page, address: str) -> int:
    """Bytes over the wire of everything that the page asks for, headers included; what is kept costs nothing."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(sizes)


def test_following_pages_are_light(visits: Visits) -> None:
    page = visits.visitor()
    page.goto("/", wait_until="networkidle")
    heavy = {address: size for address in PAGES if (size := weight(page, address)) > NEXT_PAGE_BYTES}
    assert heavy == {}
