"""What a screen reader says by itself while one works: each thing in its turn, and once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits

pytestmark = pytest.mark.e2e

WSSEI = "/abrir/pen-propen/executivo-federal/modulo-wssei/reportar-erro/"
TOO_BIG = 26 * 1024 * 1024

# The text of a live region each time that it changes, from now on. What is not drawn is not said; sr-only is drawn.
LISTEN = """() => {
  const live = "[role=status], [role=alert], [aria-live]";
  window.heard = [];
  new MutationObserver((changes) => {
    const spoken = new Set();
    for (const { target, addedNodes } of changes) {
      const region = (target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement)?.closest(live);
      if (region) spoken.add(region);
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        for (const inner of [node, ...node.querySelectorAll("*")]) if (inner.matches(live)) spoken.add(inner);
      }
    }
    for (const region of spoken) {
      const words = region.textContent.replace(/\\s+/g, " ").trim();
      if (words && region.isConnected && region.checkVisibility()) window.heard.push(words);
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });
}"""
CHOOSE = """([name, size]) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new ArrayBuffer(size)], name));
  const input = document.querySelector("[name=evidencias]");
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}"""


def heard(page: Page) -> list[str]:
    """Everything said since the last time."""
    said: list[str] = page.evaluate("() => window.heard.splice(0)")
    return said


def says(page: Page, words: str) -> None:
    """Wait until it is said."""
    page.wait_for_function("words => window.heard.some(said => said.includes(words))", arg=words)


def test_a_search_says_how_much_it_found(visits: Visits) -> None:
    page = visits.visitor()
    page.goto("/")
    page.evaluate(LISTEN)
    page.get_by_role("searchbox", name="Sobre o que você precisa de ajuda?").press_sequentially("barramnto")
    says(page, "encontrado")
    search = page.get_by_role("searchbox", name="Sobre o que você precisa de ajuda?")
    search.fill("xilofone")
    says(page, "Nada encontrado")
    first, second = heard(page)
    assert re.fullmatch(r"Nada com “barramnto”\. Mostramos “barramento”\. \d+ produtos encontrados\.", first)
    assert second == "Nada encontrado com “xilofone”. Tente outra palavra ou escolha o sistema na lista."


def test_a_form_says_what_comes_of_what_one_does(visits: Visits) -> None:
    page = visits.visitor("gil@example.org", width=320)
    page.goto(WSSEI)
    page.evaluate(LISTEN)
    page.evaluate(CHOOSE, ["gravacao.mp4", TOO_BIG])
    remove = page.get_by_role("button", name="Remover gravacao.mp4")
    says(page, "gravacao.mp4: ")
    remove.press("Enter")
    says(page, "removido")
    refused = heard(page)
    assert refused[0] == "Enviando gravacao.mp4."
    assert re.fullmatch(r"gravacao\.mp4: .*25.*MB.*", refused[1])
    assert refused[2:] == ["gravacao.mp4 removido."]
    expect(page.locator("[name=evidencias]")).to_be_focused()

    # Tickets and articles alike are told in a sentence each, not read out; the draft once, though it is saved again and again.
    page.locator("[name=titulo]").fill("Senha do usuário expirada ao entrar no SEI")
    says(page, "Rascunho salvo.")
    says(page, "logo depois do texto")
    page.wait_for_load_state("networkidle")
    said = heard(page)
    assert "Rascunho salvo." in said
    assert len(said) == len(set(said)), said
    alike = [words for words in said if "logo depois do texto" in words]
    assert all(re.fullmatch(r"\d (chamados?|respostas?) [a-z ]+, logo depois do texto\.", words) for words in alike), alike

    # Another word of no weight finds the same: nothing is said of it, and what was saved is not told again.
    shown = page.locator("#artigos").inner_text()
    with page.expect_response("**/rascunho/"), page.expect_response("**/semelhantes/"):
        page.locator("[name=titulo]").press_sequentially(" e")
    page.wait_for_load_state("networkidle")
    assert page.locator("#artigos").inner_text() == shown
    assert [words for words in heard(page) if not words.startswith("Restam")] == []


def test_focus_stays_with_who_says_that_an_article_solved_it(visits: Visits) -> None:
    page = visits.visitor("gil@example.org")
    page.goto(WSSEI)
    page.locator("[name=titulo]").fill("Senha do usuário expirada ao entrar no SEI")
    near = page.locator("#artigos details").first
    near.locator("summary").press("Enter")
    near.get_by_role("button", name="Isto resolveu").press("Enter")
    solved = page.locator("#artigos-parecidos")
    expect(solved).to_contain_text("Que bom que resolveu")
    expect(solved).to_be_focused()
