"""The desk's keys: what they do, when they hold still, and that windows give the focus back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal

pytestmark = pytest.mark.e2e

QUEUE = "/admin/tickets/n2ticket/"


def focused(page: Page) -> str:
    return str(page.evaluate("(document.activeElement.textContent || document.activeElement.id).trim().slice(0, 60)"))


def test_a_list_is_walked_marked_and_searched_by_keys(visits: Visits) -> None:
    page = visits.visitor("bia@example.org", width=1920)
    page.goto(QUEUE)
    rows = page.locator("#result_list tbody tr")
    first, second = ((rows.nth(number).locator("th").text_content() or "").strip() for number in (0, 1))
    expect(page.locator("#lote")).to_be_hidden()
    page.keyboard.press("j")
    assert focused(page) == first
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert focused(page) == second
    expect(page.locator("#lote")).to_be_visible()
    expect(page.locator(".chosen-count")).to_have_text("1 chamado marcado.")
    page.locator(".select-all input").check()
    expect(page.locator(".chosen-count")).to_have_text(f"{rows.count()} chamados marcados.")
    page.locator(".select-all input").uncheck()
    expect(page.locator("#lote")).to_be_hidden()
    page.keyboard.press("b")
    page.keyboard.type("jka?")
    expect(page.locator("#searchbar")).to_have_value("jka?")
    expect(page.locator("#teclas")).to_be_hidden()


def test_windows_keep_the_focus_and_give_it_back(visits: Visits) -> None:
    page = visits.visitor("bia@example.org", width=1920)
    page.goto(QUEUE)
    page.keyboard.press("j")
    before = focused(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Teclas de atalho")).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('#teclas')")
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert focused(page) == before
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Ir para")).to_be_visible()
    page.keyboard.type("esperando por")
    expect(page.locator("#ir-para .jump-places a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?vez=comigo")


def test_a_letter_switched_off_stays_off_and_the_buttons_remain(visits: Visits) -> None:
    page = visits.visitor("bia@example.org", width=1920)
    page.goto(QUEUE)
    page.get_by_role("button", name="Teclas de atalho").click()
    page.get_by_label("Usar as teclas de uma letra neste navegador").uncheck()
    page.keyboard.press("Escape")
    for _ in range(2):
        page.keyboard.press("j")
        assert page.evaluate("!document.activeElement.closest('#result_list')")
        page.reload()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Ir para")).to_be_visible()


def test_from_a_row_to_the_note_and_back(visits: Visits) -> None:
    page = visits.visitor("bia@example.org", width=1920)
    page.goto(QUEUE)
    page.keyboard.press("j")
    page.keyboard.press("n")
    page.wait_for_url("**/change/?acao=note*")
    expect(page.locator("#escrever textarea[name=words]")).to_be_focused()
    page.evaluate("document.activeElement.blur()")
    first = page.url.split("/change/")[0]
    page.keyboard.press("j")
    page.wait_for_url(lambda url: "/change/" in url and not url.startswith(f"{first}/"))
    page.keyboard.press("k")
    page.wait_for_url(f"{first}/change/*")
    page.keyboard.press("u")
    page.wait_for_url(f"**{QUEUE}")


def test_a_form_on_its_way_takes_no_focus_and_keeps_what_is_typed(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    """On a slow line: one is told, may go on to the link, is led from there to the field, and the draft is kept as ever."""
    ((pk,),) = portal.rows("SELECT id FROM tickets_ticket WHERE number = %s", made["juntas"])
    page = visits.visitor("bia@example.org", width=1920)
    page.goto(f"/admin/tickets/n2ticket/{pk}/change/")
    on_its_way: list[Route] = []
    page.route("**/acao/transfer/*", lambda route: on_its_way.append(route))  # noqa: PLW0108 - of no builtin it takes hold
    fold = page.locator("#acao-transfer")
    fold.locator("summary").press("Enter")
    expect(fold.get_by_role("status")).to_have_text("Carregando…")
    expect(fold.locator("summary")).to_be_focused()
    page.keyboard.press("Tab")
    expect(fold.get_by_role("link", name="Abrir o formulário")).to_be_focused()
    on_its_way[0].continue_()
    expect(fold.get_by_label("Para onde")).to_be_focused()
    fold.get_by_label("Motivo").fill("É de outro produto.")
    expect(fold.get_by_text("Rascunho salvo").first).to_be_visible()
    page.reload()
    expect(fold.get_by_label("Motivo")).to_have_value("É de outro produto.")
    fold.get_by_text("Descartar o rascunho").click()
    fold.get_by_role("button", name="Descartar de vez").click()
    expect(fold.get_by_label("Motivo")).to_have_value("")
