"""The desk in states that one comes to by pressing something, through axe, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.scenes import MORNING
from tests.e2e.test_pages import Walk
from tests.e2e.typist import Typist

pytestmark = pytest.mark.e2e

BIA = "bia@example.org"
QUEUE = "/admin/tickets/n2ticket/"

COLUMNS = """() => [...document.querySelector(".bench").children].map(part => {
  const { left, top } = part.getBoundingClientRect();
  return [Math.round(left), Math.round(top)];
})"""
"""Where the parts of the workbench stand, in the order of the focus."""


def bench(portal: Portal, number: int) -> str:
    ((pk,),) = portal.rows("SELECT id FROM tickets_ticket WHERE number = %s", number)
    return f"{QUEUE}{pk}/"


def button(walk: Walk, name: str) -> Locator:
    return walk.page.get_by_role("main").get_by_role("button", name=name, exact=True).locator("visible=true")


@pytest.mark.usefixtures("made")
def test_a_queue_that_is_narrowed_marked_and_kept(visits: Visits) -> None:
    walk = Walk(visits, BIA)
    page = walk.page
    page.goto(f"{QUEUE}?q={MORNING}")
    for box in page.locator("input[name=chosen]").all()[:2]:
        box.check()
    walk.examine()
    typist = Typist(page)
    filters = page.locator("summary", has_text="Filtrar")
    typist.to(filters, back=True).press("Enter")
    typist.to(page.locator("input[name=chosen]").first)  # which the filters do not cover any more
    typist.to(filters, back=True).press("Enter")
    walk.examine()
    typist.press("?")
    walk.examine()
    typist.press("Escape", "g").type("fila")
    expect(page.get_by_role("dialog", name="Ir para").get_by_role("link").first).to_be_visible()
    walk.examine()
    walk.visit(f"{QUEUE}ir/", f"{QUEUE}ir/?para=fila")

    page.goto(f"{QUEUE}?prazo=vencido&atendente=meus")
    page.get_by_role("link", name="Guardar esta visão").click()
    button(walk, "Guardar a visão").click()
    walk.examine()  # without a name
    page.get_by_role("textbox", name="Nome").fill("Meus que venceram")
    button(walk, "Guardar a visão").click()
    walk.examine()  # the queue with a view of one's own
    page.get_by_role("link", name="Mudar ou apagar a visão Meus que venceram").click()
    walk.examine()
    button(walk, "Apagar esta visão").click()
    walk.finish()


def test_a_workbench_on_which_something_is_open_or_refused(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    walk = Walk(visits, BIA)
    page = walk.page
    address = f"{bench(portal, made['mesa'])}change/"
    page.goto(address)
    for width in (320, 1100, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        columns = page.evaluate(COLUMNS)
        assert columns == sorted(columns), f"at {width} the focus goes another way than the eye"
    box = page.locator("#escrever")
    at_rest = box.bounding_box()
    page.get_by_role("textbox", name="Texto").focus()
    writing = box.bounding_box()
    assert at_rest is not None
    assert writing is not None
    assert at_rest["height"] * 1.5 < writing["height"]  # small until somebody writes
    for summary in page.locator(".bench summary").all():
        if summary.is_visible():
            summary.click()
    expect(page.get_by_role("link", name="Usar").first).to_be_visible()
    expect(page.locator("details[open] > .later > a")).to_have_count(0)  # what the folds fetch is there
    page.get_by_role("textbox", name="Texto").fill("Veja **isto**:\n\n1. abra\n2. confira")
    button(walk, "Ver como fica").click()
    expect(page.locator("#previa ol")).to_be_visible()
    walk.examine()  # everything that opens, and an answer to the requester
    page.get_by_role("radio", name="Nota interna").check(force=True)
    button(walk, "Avisar colegas").click()
    expect(page.get_by_role("checkbox", name="Lia")).to_be_visible()
    walk.examine()
    page.get_by_role("textbox", name="Texto").fill("")
    button(walk, "Registrar nota interna").click()
    walk.examine()  # without words
    page.goto(f"{address}?acao=wait_external")
    page.locator("#acao-wait_external button[type=submit]").first.click()
    expect(page.get_by_role("alert").first).to_contain_text("Nada foi feito")
    walk.examine()
    walk.visit(address.replace("change", "roteiros"))
    propose = walk.links(".script-list .actions")[1]
    walk.visit(propose, "/admin/tickets/macro/", "/admin/tickets/macro/add/")
    page.goto(address)
    page.get_by_role("link", name="Separar em outro chamado").first.click()
    walk.examine()
    button(walk, "Separar em outro chamado").click()
    walk.examine()
    walk.finish()


def test_nobody_is_found_for_whom_to_open_a_ticket(visits: Visits) -> None:
    walk = Walk(visits, BIA)
    walk.page.goto(f"{QUEUE}novo/")
    for who in ("", "quem-nao-existe@example.org"):
        walk.page.locator("[name=quem]").fill(who)
        button(walk, "Procurar").click()
        walk.examine()  # a refusal; the form of a new person
    walk.finish()
