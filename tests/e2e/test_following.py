"""Following a ticket in real browsers: what comes up by itself, the keyboard alone, narrow screens, paper."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_announcements import LISTEN, heard
from tests.e2e.test_pages import Walk

pytestmark = pytest.mark.e2e

SOON_MS = 12_000
"""The page asks after ten seconds, more or less a tenth."""
BEING_TYPED = "Ainda estou escrev"


@dataclass
class Open:
    """A ticket of Ana's that Bia has in hand."""

    number: int
    pk: int


@pytest.fixture
def ticket(portal: Portal) -> Open:
    sql = """
        SELECT t.number, t.id FROM tickets_ticket t
        JOIN accounts_user ana ON ana.id = t.requester_id JOIN accounts_user bia ON bia.id = t.assignee_id
        WHERE ana.email = 'ana@example.org' AND bia.email = 'bia@example.org' AND t.status = 'in_progress' AND t.level = 'N2'
        ORDER BY 1 LIMIT 1
    """
    ((number, pk),) = portal.rows(sql)
    return Open(number, pk)


def say_at_the_desk(page: Page, ticket: Open, action: str, words: str) -> None:
    page.goto(f"/admin/tickets/n2ticket/{ticket.pk}/change/")
    page.locator("#escrever textarea").fill(words)
    page.locator(f"button#acao-{action}").click()
    expect(page.locator("body")).to_contain_text(words)


def test_what_the_team_writes_comes_up_and_what_is_typed_stays(visits: Visits, ticket: Open) -> None:
    ana, bia = visits.visitor("ana@example.org"), visits.visitor("bia@example.org")
    ana.clock.install()
    ana.goto(f"/chamados/{ticket.number}/")
    field = ana.locator("#id_responder_body")
    field.click()
    field.press_sequentially(BEING_TYPED)
    place = field.bounding_box()
    ana.evaluate(LISTEN)
    say_at_the_desk(bia, ticket, "ask", "Qual é a versão do módulo?")
    ana.clock.fast_forward(SOON_MS)
    turn = ana.locator("#conversa > li", has_text="Qual é a versão do módulo?")
    expect(turn).to_be_visible()
    expect(ana.locator("#dito")).to_have_text(re.compile(r"Mensagem nova de .+ \(equipe\)\."))
    expect(ana.locator("#situacao")).to_contain_text("Aguardando solicitante")
    expect(ana.locator("#mudou")).to_be_visible()
    (told,) = [words for words in heard(ana) if "Mensagem nova" in words]
    assert told.endswith("A situação do chamado mudou. Atualize a página para ver o que você pode fazer agora.")
    # Nobody was disturbed: the same field, with what stood in it, at the same place of the window.
    expect(field).to_have_value(BEING_TYPED)
    expect(field).to_be_focused()
    now = field.bounding_box()
    assert place is not None
    assert now is not None
    assert abs(now["y"] - place["y"]) < 2
    field.press_sequentially("endo")
    ana.keyboard.press("Tab")
    ana.get_by_role("button", name="Enviar mensagem").click()
    ana.wait_for_url("**/#novidades")
    expect(ana.locator("#conversa")).to_contain_text(f"{BEING_TYPED}endo")
    expect(ana.locator("#situacao")).to_contain_text("Em atendimento")


def test_without_scripts_a_reload_shows_the_same(visits: Visits, ticket: Open) -> None:
    ana, bia = visits.visitor("ana@example.org", scripts=False), visits.visitor("bia@example.org", scripts=False)
    ana.goto(f"/chamados/{ticket.number}/")
    say_at_the_desk(bia, ticket, "comment", "Recebemos o log, obrigada.")
    ana.reload()
    expect(ana.locator("#conversa")).to_contain_text("Recebemos o log, obrigada.")
    ana.get_by_role("link", name="Imprimir ou salvar").click()
    expect(ana.get_by_role("heading", level=1)).to_contain_text(str(ticket.number))
    expect(ana.get_by_role("main")).to_contain_text("Recebemos o log, obrigada.")


def test_a_hidden_page_asks_nothing(visits: Visits, ticket: Open) -> None:
    ana = visits.visitor("ana@example.org")
    asked: list[str] = []
    ana.on("request", lambda request: asked.append(request.url) if "novidades" in request.url else None)
    ana.clock.install()
    ana.goto(f"/chamados/{ticket.number}/")
    ana.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    ana.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    ana.clock.run_for(600_000)
    assert asked == []
    ana.evaluate("Object.defineProperty(document, 'hidden', {value: false})")
    with ana.expect_response("**/novidades/") as answered:
        ana.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert answered.value.status == 304


def test_the_list_is_searched_and_taken_along_by_keyboard(visits: Visits, ticket: Open) -> None:
    ana = visits.visitor("ana@example.org")
    ana.goto("/chamados/")
    ana.locator("#id_q").focus()
    ana.keyboard.type(str(ticket.number))
    ana.keyboard.press("Enter")
    ana.wait_for_url("**q=*")
    link = ana.locator(".ticket-list a").first
    expect(link).to_have_attribute("href", f"/chamados/{ticket.number}/")
    with ana.expect_download() as download:
        ana.get_by_role("link", name="Baixar esta lista").focus()
        ana.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    assert str(ticket.number) in download.value.path().read_text(encoding="utf-8-sig")


def test_pages_of_following_for_everybody(visits: Visits, portal: Portal, ticket: Open, tmp_path: Path) -> None:
    walk = Walk(visits, "ana@example.org")
    ((notice,),) = portal.rows(
        "SELECT n.id FROM notifications_notice n JOIN accounts_user u ON u.id = n.recipient_id"
        " WHERE u.email = 'ana@example.org' AND n.kind = 'ticket_question' LIMIT 1"
    )
    walk.visit("/chamados/?aba=todos", "/chamados/?q=assinar", "/chamados/?q=nadadisto", f"/chamados/{ticket.number}/?imprimir")
    walk.visit("/chamados/?de=ontem&produto=nada", status=422)
    walk.visit("/avisos/?assunto=mensagens&ver=novos", f"/avisos/{notice}/", "/avisos/preferencias/")
    walk.page.goto(f"/chamados/{ticket.number}/?imprimir")
    walk.page.pdf(path=str(tmp_path / "chamado.pdf"))
    assert (tmp_path / "chamado.pdf").read_bytes().startswith(b"%PDF")
    walk.finish()
