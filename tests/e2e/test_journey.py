"""The journey of a ticket through real browsers, from the catalog's cards to the job that makes it final."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits, running_portal
from tests.e2e.portal import Portal, wait_for

pytestmark = pytest.mark.e2e

SUBJECT = "Falha ao assinar no dia do fechamento"
LOG = "2026-11-23 09:12:02 ERROR [main] Falha ao assinar\n" * 20
COMPOSED = ("ask", "comment", "note", "resolve")
"""What is written in the one place to write; other actions have forms of their own."""
JOB_SECONDS = 150
"""Beat asks every minute; the rest is for a slow machine."""


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """One of its own: the journey travels in time."""
    with running_portal() as portal:
        yield portal


@dataclass
class Journey:
    """Ana asks, Bia works N2, Caio works N3; each in a browser of his own."""

    visits: Visits
    portal: Portal
    scripts: bool
    subject: str
    number: str = ""
    attachment: str = ""

    def __post_init__(self) -> None:
        people = ("ana@example.org", "bia@example.org", "caio@example.org")
        self.ana, self.bia, self.caio = (self.visits.visitor(email, scripts=self.scripts) for email in people)

    def open(self, log: Path) -> None:
        page = self.ana
        page.goto("/")
        page.get_by_role("main").get_by_role("link", name="Abrir chamado").first.click()
        page.wait_for_url("**/abrir/**")
        for card in ("Processo Eletrônico Nacional", "Executivo Federal", "SEI", "Reportar um erro"):
            page.get_by_role("main").get_by_role("link", name=card, exact=True).click()
        page.wait_for_url("**/abrir/pen-propen/executivo-federal/sei/reportar-erro/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Reportar um erro")
        page.locator("[name=titulo]").fill(self.subject)
        page.locator("[name=descricao]").fill("Ao assinar, a tela fica em branco.")
        expect(page.locator("[name=orgao] option:checked")).to_contain_text("Instituto Exemplo de Gestão")
        page.locator("[name=ambiente]").select_option("Produção")
        page.locator("[name=passos_reproducao]").fill("1. Abrir o processo.\n2. Assinar.")
        page.locator("[name=evidencias]").set_input_files(log)
        page.locator("label[for=id_ciencia_privacidade]").click()
        page.get_by_role("button", name="Abrir chamado").click()
        expect(page.get_by_role("heading", level=1)).not_to_contain_text("Reportar um erro")
        if page.get_by_role("heading", name="Antes de enviar, veja").count():  # the demonstration has a similar one
            page.get_by_role("button", name="Enviar mesmo assim").click()
        page.wait_for_url("**/recebido/")
        self.number = page.locator(".big-number").inner_text().split()[0]
        assert re.fullmatch("[0-9]{8}", self.number)
        self.see(page, "Na fila")
        self.attachment = page.get_by_role("link", name=log.name).first.get_attribute("href") or ""
        assert self.attachment.startswith("/anexos/")

    def see(self, page: Page, status: str) -> None:
        """The requester's page shows that status."""
        page.goto(f"/chamados/{self.number}/")
        expect(page.get_by_role("main")).to_contain_text(status)

    def at_the_desk(self, page: Page, queue: str) -> None:
        """Find the ticket in the queue and open its workbench."""
        page.goto(f"/admin/tickets/{queue}/?q={self.number}")
        page.get_by_role("link", name=self.number).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.subject)

    def do(self, page: Page, action: str, words: str = "") -> None:
        """Press an action of the workbench, with its words."""
        box = page.locator(f"#acao-{action}")
        if action in COMPOSED:
            page.locator("#escrever textarea").fill(words)
        if box.locator("summary").count():
            box.locator("summary").click()
        if not self.scripts and (form := box.get_by_role("link", name="Abrir o formulário")).count():
            form.click()
        if words and action not in COMPOSED:
            box.locator("textarea").fill(words)
        if action == "resolve":
            box.get_by_label("Causa").select_option(label="Configuração do sistema, das unidades ou das permissões")
        box.locator("button[type=submit]:not([name=rascunho])").or_(page.locator(f"button#acao-{action}")).click()
        expect(page.locator("body")).to_contain_text(self.number)

    def say(self, deed: str, words: str) -> None:
        """The requester sends one of the forms of the ticket's page."""
        self.ana.goto(f"/chamados/{self.number}/")
        form = self.ana.locator(f"form[action$='/{deed}/']")
        if not form.is_visible():
            self.ana.locator("details", has=form).locator("summary").click()
        form.get_by_role("textbox").fill(words)
        form.locator(".actions button[type=submit]:not([name])").click()
        expect(self.ana.get_by_role("main")).to_contain_text(words)

    def walk(self, log: Path) -> None:
        self.open(log)
        self.at_the_desk(self.bia, "n2ticket")
        self.do(self.bia, "take")
        self.see(self.ana, "Em atendimento")
        self.at_the_desk(self.bia, "n2ticket")
        self.do(self.bia, "ask", "Acontece com todas as pessoas?")
        self.see(self.ana, "Aguardando solicitante")
        expect(self.ana.get_by_role("main")).to_contain_text("Acontece com todas as pessoas?")
        self.say("responder", "Sim, com todas.")
        self.see(self.ana, "Em atendimento")
        self.at_the_desk(self.bia, "n2ticket")
        self.do(self.bia, "escalate", "Log conferido, falha no módulo.")
        self.at_the_desk(self.caio, "n3ticket")
        self.do(self.caio, "take")
        self.at_the_desk(self.caio, "n3ticket")
        self.do(self.caio, "resolve", "Atualize o módulo de assinatura.")
        self.see(self.ana, "Encerrado")
        expect(self.ana.get_by_role("main")).not_to_contain_text("Log conferido, falha no módulo.")
        self.say("reabrir", "Atualizamos e a falha continua.")
        self.see(self.ana, "Em atendimento")
        self.at_the_desk(self.caio, "n3ticket")
        self.do(self.caio, "resolve", "Corrigimos o cadastro do certificado.")
        self.see(self.ana, "Encerrado")
        expect(self.ana.get_by_role("main")).to_contain_text("Reabrir")

    def downloaded(self) -> str:
        """What the requester gets who presses the name of the file."""
        with self.ana.expect_download() as download:
            self.ana.locator(f"a[href='{self.attachment}']").first.click()
        return download.value.path().read_text()

    def addresses(self) -> list[str]:
        """Every address of the ticket that a browser can be sent to."""
        pk = self.portal.rows("SELECT id FROM tickets_ticket WHERE number = %s", self.number)[0][0]
        ticket = f"/chamados/{self.number}/"
        deeds = [f"{ticket}{deed}/" for deed in ("responder", "reabrir", "confirmar", "resolvido", "cancelar", "recebido")]
        desk = [f"/admin/tickets/{queue}/{pk}/{page}/" for queue in ("n2ticket", "n3ticket") for page in ("change", "history")]
        return [ticket, self.attachment, f"/chamados/ir/?numero={self.number}", *deeds, *desk]


def out_of_reach(page: Page, journey: Journey) -> list[str]:
    """The addresses that answer anything but 404, and pages that give the ticket away."""
    found = []
    for address in journey.addresses():
        response = page.goto(address)
        assert response is not None
        if response.status != 404 or journey.subject in page.content():
            found.append(f"{response.status} {address}")
    return found


def is_final(portal: Portal, journey: Journey) -> bool:
    return portal.rows("SELECT status FROM tickets_ticket WHERE number = %s", journey.number) == [("final",)]


def last_mail_says(portal: Portal, journey: Journey) -> bool:
    """Whether the requester was told by mail that the ticket is final, with the link to it."""
    subject = f"[Chamado {journey.number}] Encerrado definitivamente: {journey.subject}"
    texts = [mail.get_body(("plain",)) for mail in portal.mail() if mail["Subject"] == subject]
    return any(text and f"{portal.url}/chamados/{journey.number}/" in text.get_content() for text in texts)


def test_the_whole_journey_with_and_without_scripts(visits: Visits, portal: Portal, tmp_path: Path) -> None:
    log = tmp_path / "erro-sei.log"
    log.write_text(LOG)
    journeys = [Journey(visits, portal, scripts, f"{SUBJECT} {scripts}") for scripts in (True, False)]
    for journey in journeys:
        journey.walk(log)
        assert journey.downloaded() == LOG

    eva = visits.visitor("eva@example.org")
    for journey in journeys:
        assert out_of_reach(eva, journey) == []
        listed = eva.goto("/chamados/?aba=encerrados")
        assert listed is not None
        assert journey.number not in eva.content()

    portal.restart(timedelta(hours=48, minutes=1))
    for journey in journeys:
        wait_for(partial(is_final, portal, journey), "the job that makes the ticket final", JOB_SECONDS)
        journey.see(journey.ana, "Encerrado definitivamente")
        expect(journey.ana.locator("form[action$='/reabrir/']")).to_have_count(0)
        events = "SELECT e.action, e.via FROM tickets_ticketevent e JOIN tickets_ticket t ON t.id = e.ticket_id"
        assert portal.rows(f"{events} WHERE t.number = %s ORDER BY e.at, e.id", journey.number) == [
            ("open", "portal"),
            ("take", "desk"),
            ("ask", "desk"),
            ("answer", "portal"),
            ("escalate", "desk"),
            ("take", "desk"),
            ("resolve", "desk"),
            ("reopen", "portal"),
            ("resolve", "desk"),
            ("finalize", "system"),
        ]
        wait_for(partial(last_mail_says, portal, journey), "the last mail", JOB_SECONDS)
