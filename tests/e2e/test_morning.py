"""An analyst's morning by the keyboard alone: ten tickets of different kinds, from the queue to what becomes of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.scenes import ASKED, MACRO, MORNING
from tests.e2e.typist import Typist

pytestmark = pytest.mark.e2e

BIA = "bia@example.org"
HUGO = "hugo@example.org"
QUEUE: Final = "**/admin/tickets/n2ticket/"
BENCH: Final = "**/admin/tickets/n2ticket/*/change/**"
WHEN: Final = ("12", "12", "2030", "10", "30", "AM")
"""Part after part of a date and time, the same in whatever order the browser's own language has day and month."""

HE_SAID: Final = "Aparece: bloco sem unidade."
ENDS: Final[dict[str, tuple[str, ...]]] = {
    "proximo": ("closed", "resolved", "N2", "take", "resolve"),
    "pergunta": ("closed", "resolved", "N2", "take", "ask", "answer", "resolve"),
    "n3": ("queued", "", "N3", "take", "escalate"),
    "externa": ("waiting_external", "", "N2", "take", "wait_external"),
    "fora": ("closed", "out_of_scope", "N2", "refuse"),
    "igual": ("closed", "duplicate", "N2", "close_duplicate"),
    "outro-produto": ("queued", "", "N2", "transfer"),
    "roteiro": ("closed", "resolved", "N2", "take", "resolve"),
    "macro": ("waiting_requester", "", "N2", "take", "ask"),
    "agenda": ("in_progress", "", "N2", "take", "set_priority", "note", "schedule"),
}
"""Status, closure and level of each ticket in the end, and what was done to it: each thing once."""
SHE_ADDED: Final = "Se não der certo, responda aqui."
SAID: Final = [
    ("A assinatura voltou. Entre de novo e tente.", False, False, 1),
    ("Que mensagem aparece?", False, False, 1),
    (HE_SAID, False, False, 1),
    ("Conferimos o cadastro e o log.", True, False, 1),
    ("É do aplicativo.", True, False, 1),
    ("Procure a equipe de rede do seu órgão.", False, False, 1),
    (SHE_ADDED, False, True, 1),
    (ASKED[3], False, False, 1),
    ("Só na semana que vem.", True, False, 1),
    ("Combinado por telefone, @Lia.", True, False, 1),
    ("Inclua a unidade no bloco.", False, True, 1),
]
"""What was written, by its last line: whether only the team reads it, whether it rests on a script, how often it is there."""


@dataclass
class Morning:
    """Bia's. She has no mouse: every step is a key, and after each the focus is to be seen."""

    page: Page
    made: dict[str, int]

    def __post_init__(self) -> None:
        self.typist = Typist(self.page)
        self.main = self.page.get_by_role("main")
        self.summary = self.main.locator("summary")
        self.writing = self.page.get_by_role("region", name="Escrever")
        self.words = self.writing.get_by_role("textbox", name="Texto")

    def number(self, key: str) -> int:
        return self.made[f"manha-{key}"]

    def sign_in(self) -> None:
        self.page.goto("/conta/entrar/")
        self.typist.to(self.page.get_by_label("E-mail")).type(BIA)
        self.typist.to(self.page.get_by_label("Senha (")).type("demo").follow("**/admin/")
        self.typist.to(self.main.get_by_role("link", name="Fila N2").first).follow(QUEUE)

    def learns_the_keys(self) -> None:
        """The help comes up over the list, says them, and leaves one where one was."""
        first = self.main.locator("#result_list th a").first
        self.typist.press("j", "?")
        expect(self.page.get_by_role("dialog", name="Teclas de atalho")).to_contain_text("Responder ao solicitante")
        self.typist.press("Escape")
        expect(first).to_be_focused()

    def search(self, words: str) -> None:
        self.typist.follow(f"{QUEUE}*", key="u").press("/").type(words).follow(f"{QUEUE}?q=*")

    def open(self, key: str) -> None:
        """The ticket's workbench, by its number, from wherever one is."""
        self.typist.press("g").type(str(self.number(key)))
        palette = self.page.get_by_role("dialog", name="Ir para")
        expect(palette.get_by_role("link", name=str(self.number(key)))).to_be_visible()
        self.typist.follow(BENCH)
        self.is_open(key)

    def is_open(self, key: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(str(self.number(key)))

    def mark(self, *keys: str) -> None:
        """In a list, going down its rows."""
        numbers = [str(self.number(key)) for key in keys]
        rows = self.main.locator("#result_list th a").all_inner_texts()
        for row in rows:
            self.typist.press("j", *(["x"] if row.split()[0] in numbers else []))

    def take(self) -> None:
        self.typist.follow(BENCH, key="a")

    def write(self, words: str) -> None:
        self.typist.press("r")
        expect(self.words).to_be_focused()
        self.typist.type(words)

    def note(self, words: str) -> None:
        self.typist.press("n")
        expect(self.words).to_be_focused()
        self.typist.type(words)
        for name in re.findall(r"@(\w+)", words):
            expect(self.writing.get_by_role("checkbox", name=name)).to_be_checked()
        self.press("Registrar nota interna")

    def resolve(self, words: str, *, script: bool = False) -> None:
        """By the key that goes to what closing asks for; the words are above."""
        self.typist.press("e").to(self.words, back=True).type(words)
        self.close(script=script)

    def close(self, *, script: bool = False) -> None:
        """With what is written as the definitive answer: the cause, and where she names it the script that it rests on."""
        self.choose("Causa", "Configuração")
        if script:
            self.typist.to(self.main.get_by_label("Roteiro usado")).press("ArrowDown")
        self.press("Responder e encerrar")
        self.done("encerrado como resolvido")

    def unfold(self, label: str) -> None:
        """What is in it may be on its way: she goes on when it is there."""
        self.typist.to(self.summary.filter(has_text=label)).press("Enter")
        expect(self.main.locator("details[open] > .later > a")).to_have_count(0)

    def field(self, label: str, words: str) -> None:
        self.typist.to(self.main.get_by_label(label).locator("visible=true")).type(words)

    def choose(self, label: str, option: str) -> None:
        self.typist.to(self.main.get_by_label(label).locator("visible=true")).pick(option)

    def at(self, label: str) -> None:
        """A day and an hour, part after part."""
        self.typist.to(self.main.get_by_label(label).locator("visible=true"))
        for part in WHEN:
            self.typist.type(part)
            if part == "2030":  # the browser cannot know that the year is whole
                self.typist.press("ArrowRight")

    def send(self, button: Locator, *, to: str = BENCH) -> None:
        self.typist.to(button.locator("visible=true")).follow(to)

    def press(self, name: str, *, to: str = BENCH) -> None:
        self.send(self.main.get_by_role("button", name=name, exact=True), to=to)

    def done(self, said: str) -> None:
        expect(self.main).to_contain_text(said)


def test_a_morning_of_ten_tickets(visits: Visits, portal: Portal, made: dict[str, int]) -> None:
    bia = Morning(visits.visitor(), made)
    bia.sign_in()
    bia.learns_the_keys()
    bia.typist.follow(BENCH, key="p")  # takes the next
    bia.is_open("proximo")
    bia.resolve("A assinatura voltou. Entre de novo e tente.")
    goes_from_one_to_the_next(bia)
    asks(bia)
    answer(visits, made["manha-pergunta"], HE_SAID)
    takes_two_at_once(bia)
    passes_on(bia)
    closes_otherwise(bia)
    uses_what_is_ready(bia)
    plans(bia)
    finds_the_answer(bia)
    assert became(portal, made) == ENDS
    assert said(portal, made) == SAID
    assert called(portal, made["manha-agenda"]) == ["lia@example.org"]


def asks(bia: Morning) -> None:
    bia.open("pergunta")
    bia.take()
    bia.write("Que mensagem aparece?")
    bia.press("Responder e aguardar solicitante")
    bia.done("aguarda o solicitante")


def goes_from_one_to_the_next(bia: Morning) -> None:
    bia.search(MORNING)
    bia.typist.press("j").follow(BENCH, key="o")
    head = bia.page.get_by_role("heading", level=1)
    first = head.inner_text()
    bia.typist.follow(BENCH, key="j")
    expect(head).not_to_have_text(first)
    bia.typist.follow(BENCH, key="k")
    expect(head).to_have_text(first)


def takes_two_at_once(bia: Morning) -> None:
    bia.search(MORNING)
    bia.mark("n3", "externa")
    bia.typist.to(bia.main.get_by_label("Com os marcados")).pick("Assumir")
    bia.press("Continuar", to="**/lote/")
    bia.press("Assumir", to="**/lote/")
    bia.done("Feito em 2 de 2 chamados.")


def passes_on(bia: Morning) -> None:
    """One of the two to N3, the other to people outside, a third to those of another product."""
    bia.typist.to(bia.main.get_by_role("link", name=str(bia.number("n3")))).follow(BENCH)
    bia.unfold("Encaminhar ao N3")
    bia.field("O que já foi verificado", "Conferimos o cadastro e o log.")
    bia.press("Encaminhar ao N3", to=f"{QUEUE}*")

    bia.open("externa")
    bia.unfold("Aguardar equipe externa")
    bia.field("Equipe externa", "Infraestrutura")
    bia.field("Número na equipe externa", "REQ-77")
    bia.at("Rever em")
    bia.press("Aguardar equipe externa")

    bia.open("outro-produto")
    bia.unfold("Transferir")
    bia.choose("Para onde", "Registrar uma dúvida")
    bia.field("Motivo", "É do aplicativo.")
    bia.press("Transferir", to=f"{QUEUE}*")


def closes_otherwise(bia: Morning) -> None:
    """What is nobody's here, and what is asked a second time."""
    bia.open("fora")
    bia.unfold("Encerrar por estar fora do escopo")
    bia.field("Orientação: quem pode resolver", "Procure a equipe de rede do seu órgão.")
    bia.press("Encerrar por estar fora do escopo")

    bia.open("igual")
    bia.unfold("Encerrar por ser igual a outro")
    bia.field("Número do chamado que continua", str(bia.number("n3")))
    bia.press("Encerrar por ser igual a outro")


def uses_what_is_ready(bia: Morning) -> None:
    """A script's words with her own below them, and a macro, which asks by one press."""
    bia.open("roteiro")
    bia.take()
    bia.unfold("Roteiros e macros")
    use = bia.writing.get_by_role("link", name=re.compile("^Usar"))
    expect(use.first).to_be_visible()
    bia.typist.to(use).press("Enter")
    expect(bia.words).to_be_focused()
    expect(bia.words).not_to_have_value("")
    bia.typist.press("Enter", "Enter")
    bia.typist.type(SHE_ADDED)
    bia.unfold("Responder e encerrar")
    bia.close()

    bia.open("macro")
    bia.take()
    bia.unfold("Roteiros e macros")
    macro = bia.writing.get_by_role("button", name=MACRO)
    expect(macro).to_be_visible()
    bia.send(macro)
    bia.done("aguarda o solicitante")


def plans(bia: Morning) -> None:
    bia.open("agenda")
    bia.take()
    bia.unfold("Mudar a prioridade")
    bia.choose("Prioridade", "Baixa")
    bia.field("Motivo", "Só na semana que vem.")
    bia.press("Mudar a prioridade")
    bia.note("Combinado por telefone, @Lia.")
    bia.unfold("Agendar")
    bia.at("Ver de novo em")
    bia.press("Agendar")


def finds_the_answer(bia: Morning) -> None:
    """What Hugo wrote meanwhile stands out in the queue."""
    bia.typist.follow(f"{QUEUE}*", key="u")
    bia.typist.to(bia.main.get_by_role("link", name="Esperando por mim")).follow(f"{QUEUE}?vez=comigo")
    bia.typist.to(bia.main.get_by_role("link", name=f"{bia.number('pergunta')} (não lido)")).follow(BENCH)
    bia.done(HE_SAID)
    bia.resolve("Inclua a unidade no bloco.", script=True)


def became(portal: Portal, made: dict[str, int]) -> dict[str, tuple[Any, ...]]:
    """What each ticket of the morning is now, and what Bia and Hugo did to it, in that order."""
    sql = """
        SELECT t.number, t.status, t.closure, t.level, array_agg(e.action::text ORDER BY e.id)
        FROM tickets_ticket t JOIN tickets_ticketevent e ON e.ticket_id = t.id JOIN accounts_user u ON u.id = e.actor_id
        WHERE t.subject LIKE %s AND u.email IN (%s, %s) AND e.action <> 'open' GROUP BY t.id
    """
    names = {number: name.removeprefix("manha-") for name, number in made.items()}
    found = portal.rows(sql, f"{MORNING}%", BIA, HUGO)
    return {names[number]: (status, closure, level, *actions) for number, status, closure, level, actions in found}


def said(portal: Portal, made: dict[str, int]) -> list[tuple[Any, ...]]:
    """What was written, who reads it, and how often it is there."""
    sql = r"""
        SELECT regexp_replace(m.body, '^.*\n', ''), m.internal, m.script_id IS NOT NULL, count(*)
        FROM tickets_message m JOIN tickets_ticket t ON t.id = m.ticket_id
        JOIN accounts_user u ON u.id = m.author_id JOIN tickets_ticketevent e ON e.id = m.event_id
        WHERE t.number = ANY(%s) AND u.email IN (%s, %s) AND e.action <> 'open' GROUP BY 1, 2, 3 ORDER BY min(m.id)
    """
    return portal.rows(sql, [made[f"manha-{key}"] for key in ENDS], BIA, HUGO)


def called(portal: Portal, number: int) -> list[str]:
    """Whom the note on this ticket called: once each, and nobody else."""
    sql = """
        SELECT u.email FROM notifications_notice n JOIN accounts_user u ON u.id = n.recipient_id
        WHERE n.kind = 'ticket_mentioned' AND n.data->>'ticket' = (SELECT id::text FROM tickets_ticket WHERE number = %s)
    """
    return [email for (email,) in portal.rows(sql, number)]


def answer(visits: Visits, number: int, words: str) -> None:
    """By Hugo, in a browser of his own."""
    page = visits.visitor()
    page.goto(f"/conta/entrar/?next=/chamados/{number}/")
    page.get_by_label("E-mail").fill(HUGO)
    page.get_by_label("Senha (").fill("demo")
    page.get_by_label("Senha (").press("Enter")
    page.get_by_label("Sua mensagem").fill(words)
    page.get_by_role("button", name="Enviar mensagem").click()
    expect(page.get_by_role("main")).to_contain_text(words)
