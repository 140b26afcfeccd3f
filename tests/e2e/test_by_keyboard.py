"""A requester's whole way by the keyboard alone, wide, narrow and without JavaScript: no mouse, and the focus never lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.scenes import WAYS
from tests.e2e.typist import Typist

pytestmark = pytest.mark.e2e

EVA = "eva@example.org"
FORM = "**/abrir/pen-propen/executivo-municipal/sei/reportar-erro/"


@dataclass
class Way:
    """Eva's, from signing in to signing out."""

    page: Page
    scripts: bool
    waiting: int
    closed: int

    def __post_init__(self) -> None:
        self.typist = Typist(self.page)
        self.main = self.page.get_by_role("main")

    def walk(self, subject: str, log: Path) -> None:
        self.sign_in()
        self.find_the_form()
        self.open(subject, log)
        self.answer()
        self.rate()
        self.reopen()
        self.sign_out()

    def sign_in(self) -> None:
        """With e-mail and password, or where there is no script by the demonstration's button."""
        self.page.goto("/conta/entrar/")
        if self.scripts:
            self.typist.to(self.page.get_by_label("E-mail")).type(EVA)
            self.typist.to(self.page.get_by_label("Senha (")).type("demo").follow("/")
        else:
            self.typist.to(self.page.get_by_role("button", name="Entrar como Eva")).follow("/")

    def find_the_form(self) -> None:
        """What is found comes in below while one types; the next stops are its links."""
        self.typist.to(self.page.get_by_role("searchbox", name="Sobre o que você precisa de ajuda?"))
        self.typist.type("erro sei")
        if not self.scripts:
            self.typist.follow("**/abrir/buscar/?q=erro+sei")
        link = self.page.get_by_role("link", name="Reportar um erro: SEI, Executivo Municipal", exact=True)
        expect(link).to_be_visible()
        self.typist.to(link).follow(FORM)

    def open(self, subject: str, log: Path) -> None:
        page, typist = self.page, self.typist
        send = page.get_by_role("button", name="Abrir chamado")
        typist.to(page.get_by_label("Título do chamado")).type(subject)
        typist.follow(FORM)  # by Enter in the field

        # What is wrong is told first, each line of it leads to its field, and what was typed is there.
        summary = page.locator(".error-summary")
        expect(summary).to_be_focused()
        typist.look()
        typist.to(summary.get_by_role("link", name="Relato do erro")).press("Enter")
        report = page.get_by_label("Relato do erro")
        expect(report).to_be_focused()
        expect(page.get_by_label("Título do chamado")).to_have_value(subject)
        typist.type("Ao assinar, a tela fica em branco.")
        typist.to(page.get_by_label("Passos para reproduzir")).type("Abrir o processo e assinar.")
        typist.to(page.get_by_label("Órgão ou entidade")).pick("Meu órgão não").pick("PM Vila Exemplo")
        typist.to(page.get_by_label("Ambiente")).pick("Produção")
        typist.to(page.get_by_label("Evidências (")).attach(log)
        if self.scripts:
            expect(page.get_by_role("list", name="Arquivos deste formulário")).to_contain_text("Recebido.")
            typist.look()
        privacy = page.get_by_role("checkbox", name="Li o aviso de privacidade")
        typist.to(privacy).press("Space")
        expect(privacy).to_be_checked()
        typist.to(send)
        page.keyboard.press("Enter")
        anyway = page.get_by_role("button", name="Enviar mesmo assim")
        expect(anyway.or_(page.locator(".big-number"))).to_be_visible()
        if anyway.count():  # there are others like it
            typist.to(anyway).follow("**/recebido/**")
        typist.to(page.get_by_role("link", name="Acompanhar o chamado")).follow("**/chamados/*/")
        expect(page.get_by_role("heading", level=1)).to_have_text(subject)
        expect(self.main.get_by_role("link", name=log.name).first).to_be_visible()

    def answer(self) -> None:
        self.typist.go_to_ticket(self.waiting)
        expect(self.main).to_contain_text("A equipe precisa da sua resposta")
        self.typist.to(self.page.get_by_label("Sua mensagem")).type("A versão é a 4.1.5.")
        self.typist.to(self.page.get_by_role("button", name="Enviar mensagem")).follow("**/#novidades")
        expect(self.main).to_contain_text("A versão é a 4.1.5.")
        expect(self.main).to_contain_text("Em atendimento")

    def rate(self) -> None:
        """From the ticket's page, which has the stars where there is a script and a link to them where not."""
        page, typist = self.page, self.typist
        typist.go_to_ticket(self.closed, back=True)
        if self.scripts:
            typist.to(page.get_by_role("group", name="Como você avalia este atendimento?").get_by_role("radio")).press(
                "ArrowDown", "Space"
            )
            typist.to(page.get_by_role("button", name="Avaliar", exact=True)).follow("**/avaliar/*/?stars=*")
        else:
            typist.to(page.get_by_role("link", name="Avaliar o atendimento")).follow("**/avaliar/**")
            typist.to(page.get_by_role("radio")).press("ArrowDown", "ArrowUp", "ArrowUp")
            expect(page.get_by_role("radio", name="Excelente")).to_be_checked()
        typist.to(page.get_by_role("button", name="Enviar avaliação")).follow("**/avaliar/*/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Obrigado pela avaliação")

    def reopen(self) -> None:
        self.typist.go_to_ticket(self.closed)
        self.typist.to(self.main.locator("summary", has_text="Reabrir")).press("Enter")
        self.typist.to(self.page.get_by_role("textbox", name="O que ainda falta resolver?")).type("A falha continua.")
        self.typist.to(self.page.get_by_role("button", name="Reabrir")).follow("**/#novidades")
        expect(self.main).to_contain_text("A falha continua.")
        expect(self.main).to_contain_text("Em atendimento")

    def sign_out(self) -> None:
        self.typist.to(self.page.get_by_role("button", name="Sair"), back=True).follow("/")
        expect(self.page.get_by_role("link", name="Entrar").first).to_be_visible()


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_way_by_keyboard(visits: Visits, made: dict[str, int], tmp_path: Path, way: str) -> None:
    log = tmp_path / "erro-sei.log"
    log.write_text("2026-11-23 09:12:02 ERROR [main] Falha ao assinar\n")
    width, scripts = WAYS[way]
    page = visits.visitor(scripts=scripts, width=width)
    walk = Way(page, scripts, made[f"espera-{way}"], made[f"encerrado-{way}"])
    walk.walk(f"Falha ao assinar pelo teclado, {way}", log)
