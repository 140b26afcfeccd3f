"""Two analysts at one ticket at once: each reads what the other has sent before her own words go out, and loses none."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_pages import Walk

pytestmark = pytest.mark.e2e

BIA, LIA = "bia@example.org", "lia@example.org"
FIRST, SECOND, THIRD = "Confira a unidade do bloco.", "Veja também o perfil da pessoa.", "Um rascunho que fica."

ANSWERED = "Conferi, e agora funciona."

OFTEN = """document.addEventListener("readystatechange", () => {
  document.getElementById("turnos")?.setAttribute("data-soonest", "500");
});"""
"""Set when the page is there and before its scripts read it."""


def box(page: Page) -> Locator:
    """Where one writes."""
    return page.get_by_role("region", name="Escrever").get_by_role("textbox", name="Texto")


def sends(page: Page) -> Locator:
    return page.get_by_role("button", name="Enviar mensagem")


def test_two_answer_the_same_ticket_at_once(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    ((pk,),) = portal.rows("SELECT id FROM tickets_ticket WHERE number = %s", made["juntas"])
    bench = f"/admin/tickets/n2ticket/{pk}/change/"
    bia, walk = visits.visitor(BIA), Walk(visits, LIA)
    lia = walk.page
    for page, words in ((bia, FIRST), (lia, SECOND)):
        page.goto(bench)
        box(page).fill(words)
    for page in (bia, lia):  # who writes is known by the draft
        expect(page.get_by_role("region", name="Escrever").locator(".draft-state").first).to_contain_text("Rascunho salvo")

    # Each is told of the other within the time in which the pages ask.
    looked_at(lia)
    expect(lia.locator("#aqui")).to_contain_text("Também aqui: Bia Nogueira")
    looked_at(bia)
    expect(bia.locator("#aqui")).to_contain_text("Lia Fontes (escrevendo)")
    looked_at(lia)
    expect(lia.locator("#aqui")).to_contain_text("Bia Nogueira (escrevendo)")

    # Pressed twice in a hurry it goes out once; so it does from the page that the browser keeps behind.
    sends(bia).dblclick()
    expect(bia.get_by_role("main")).to_contain_text("Mensagem enviada")
    assert said(portal, pk) == [(FIRST, 1)]
    bia.go_back()
    expect(box(bia)).to_have_value("")

    sends(lia).click()
    expect(lia.get_by_role("alert").first).to_contain_text("Bia Nogueira respondeu enquanto você escrevia.")
    expect(lia.get_by_role("region", name="Conversa").get_by_text(FIRST)).to_be_visible()
    expect(box(lia)).to_have_value(SECOND)
    expect(lia).to_have_url(re.compile(r"/change/$"))  # not where it was sent to: Back would ask to send it again
    walk.examine()
    assert said(portal, pk) == [(FIRST, 1)]
    sends(lia).click()
    expect(lia.get_by_role("main")).to_contain_text("Mensagem enviada")
    expect(box(lia)).to_have_value("")
    assert said(portal, pk) == [(FIRST, 1), (SECOND, 1)]

    # What was not sent waits for her, and is gone with the sending.
    box(lia).fill(THIRD)
    lia.get_by_text("Rascunho salvo").first.wait_for()
    lia.close()
    lia = lia.context.new_page()
    lia.goto(bench)
    expect(box(lia)).to_have_value(THIRD)
    sends(lia).click()
    expect(lia.get_by_role("main")).to_contain_text("Mensagem enviada")
    lia.goto(bench)
    expect(box(lia)).to_have_value("")
    assert said(portal, pk) == [(FIRST, 1), (SECOND, 1), (THIRD, 1)]
    walk.finish()

    # What the requester says meanwhile comes up by itself and is told aloud; what is being typed stays.
    box(bia).fill(FIRST)
    answer(visits, made["juntas"], ANSWERED)
    looked_at(bia)
    expect(bia.get_by_role("region", name="Conversa").get_by_text(ANSWERED)).to_be_visible()
    expect(bia.locator("#dito[role=status]")).to_contain_text("Mensagem de Eva Lacerda. Chegou enquanto você escrevia")
    expect(box(bia)).to_have_value(FIRST)


def test_who_writes_is_seen_on_a_page_that_is_only_open(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    """Neither page is touched but by her who writes: each asks by itself, here more often than usual."""
    ((pk,),) = portal.rows("SELECT id FROM tickets_ticket WHERE number = %s", made["equipe-externa"])
    bia, lia = visits.visitor(BIA), visits.visitor(LIA)
    for page in (lia, bia):
        page.add_init_script(OFTEN)
        page.goto(f"/admin/tickets/n2ticket/{pk}/change/")
    expect(lia.locator("#aqui")).to_contain_text("Também aqui: Bia Nogueira")
    assert "(escrevendo)" not in lia.locator("#aqui").inner_text()
    box(bia).press_sequentially("Olá")
    expect(lia.locator("#aqui")).to_contain_text("Bia Nogueira (escrevendo)")
    expect(lia.locator("#dito[role=status]")).to_contain_text("Bia Nogueira (escrevendo)")
    expect(bia.locator("#aqui")).to_contain_text("Também aqui: Lia Fontes")
    expect(box(bia)).to_be_focused()
    expect(box(bia)).to_have_value("Olá")
    box(bia).fill("")


def looked_at(page: Page) -> None:
    """As if she had just come back to the page: it asks at once instead of in some seconds."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def answer(visits: Visits, number: int, words: str) -> None:
    """By Eva, in a browser of her own."""
    eva = visits.visitor("eva@example.org")
    eva.goto(f"/chamados/{number}/")
    eva.get_by_label("Sua mensagem").fill(words)
    eva.get_by_role("button", name="Enviar mensagem").click()
    expect(eva.get_by_role("main")).to_contain_text("Mensagem enviada")


def said(portal: Portal, pk: int) -> list[tuple[str, int]]:
    """What the team wrote on the ticket, and how often it is there."""
    sql = "SELECT body, count(*) FROM tickets_message WHERE ticket_id = %s AND from_team GROUP BY body ORDER BY min(id)"
    return [(body, count) for body, count in portal.rows(sql, pk)]
