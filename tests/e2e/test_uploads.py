"""Files of a form in a real browser: dragged, pasted, cut off, gone on with, removed, and without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.e2e.conftest import Visits, sign_in
from tests.e2e.portal import Portal
from tests.e2e.test_pages import AXE, FORM, problems

pytestmark = pytest.mark.e2e

GIL = "gil@example.org"
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # the smallest picture
)
GIVE = """([how, files]) => {
    const transfer = new DataTransfer();
    for (const [name, text, type] of files) {
        const content = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([content], name, {type}));
    }
    const target = document.querySelector(how === "paste" ? "#id_descricao" : ".upload-zone");
    const event = how === "paste"
        ? new ClipboardEvent("paste", {clipboardData: transfer, bubbles: true, cancelable: true})
        : new DragEvent("drop", {dataTransfer: transfer, bubbles: true, cancelable: true});
    target.dispatchEvent(event);
}"""


def give(page: Page, how: str, *files: tuple[str, bytes, str]) -> None:
    """Drop or paste files, as a hand would."""
    page.evaluate(GIVE, [how, [[name, base64.b64encode(content).decode(), kind] for name, content, kind in files]])


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Arquivos deste formulário").get_by_role("listitem")


def written(page: Page, subject: str) -> None:
    page.locator("[name=titulo]").fill(subject)
    page.locator("[name=descricao]").fill("Ao assinar, a tela fica em branco.")
    page.locator("[name=ambiente]").select_option("Produção")
    page.locator("[name=passos_reproducao]").fill("1. Abrir o processo.\n2. Assinar.")
    page.locator("[name=ciencia_privacidade]").check(force=True)  # a draft may have it ticked already


def opened(page: Page) -> None:
    """The ticket's own page; the demonstration has similar ones, which the page may show first."""
    anyway = page.get_by_role("button", name="Enviar mesmo assim")
    expect(anyway.or_(page.locator(".big-number"))).to_be_visible()
    if anyway.count():
        anyway.click()
    page.get_by_role("link", name="Acompanhar o chamado").click()
    page.wait_for_url("**/chamados/*/")


def log_of(kilobytes: int) -> bytes:
    """A text of so many kilobytes, each its own."""
    return b"".join(b"%06x 2026-11-23 09:12:02 ERROR [main] Falha ao assinar o auto\n" % line for line in range(kilobytes * 16))


def test_files_go_up_while_the_form_is_filled_in(visits: Visits, tmp_path: Path) -> None:
    page = visits.visitor("ana@example.org")
    page.context.add_init_script(path=str(AXE))
    page.goto(FORM)
    chosen = tmp_path / "servidor.log"
    chosen.write_bytes(log_of(700))
    page.locator("[name=evidencias]").set_input_files(chosen)
    give(page, "drop", ("laudo.pdf", b"%PDF-1.7\n%%EOF\n", "application/pdf"), ("virus.exe", b"MZ", ""))
    give(page, "paste", ("image.png", base64.b64decode(PIXEL), "image/png"))
    expect(rows(page)).to_have_count(4)
    for number, name in ((0, "servidor.log"), (1, "laudo.pdf"), (3, "captura-")):
        expect(rows(page).nth(number)).to_contain_text(name)
        expect(rows(page).nth(number)).to_contain_text("Recebido.")
    expect(rows(page).nth(2)).to_contain_text("“virus.exe” é de um tipo que não aceitamos.")
    assert not list(problems(page))

    # What was refused is taken out first, by the keyboard; the focus stays in the list.
    written(page, "Envio de arquivos com teclado")
    page.get_by_role("button", name="Abrir chamado").click()
    expect(page.get_by_role("button", name="Remover virus.exe")).to_be_focused()
    expect(page.locator(".upload-note")).to_contain_text("Nada foi enviado ainda: virus.exe não foi recebido.")
    page.keyboard.press("Enter")
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_role("button", name="Remover captura-")).to_be_focused()

    # A mistake elsewhere, and a page loaded anew, keep what is here.
    page.locator("[name=titulo]").fill("")
    page.get_by_role("button", name="Abrir chamado").click()
    expect(page.locator(".error-summary")).to_be_visible()
    expect(rows(page)).to_have_count(3)
    page.get_by_role("button", name="Remover laudo.pdf").click()
    expect(rows(page)).to_have_count(2)
    page.goto(FORM)
    expect(rows(page)).to_have_count(2)
    written(page, "Envio de arquivos com teclado")
    page.get_by_role("button", name="Abrir chamado").click()
    opened(page)
    expect(page.get_by_role("link", name="servidor.log").first).to_be_visible()
    expect(page.get_by_role("link", name="captura-").first).to_be_visible()
    assert not page.get_by_role("link", name="laudo.pdf").count()
    page.goto(FORM)
    expect(page.locator(".upload-zone")).to_be_visible()
    expect(rows(page)).to_have_count(0)


def test_a_broken_line_costs_nothing(visits: Visits, portal: Portal, tmp_path: Path) -> None:
    page = visits.visitor(GIL)
    page.goto(FORM)
    begun_at: list[int] = []
    cut = True

    def line(route: Route, request: Request) -> None:
        begun_at.append(int(request.headers["upload-offset"]))
        if cut and len(begun_at) > 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/parte/", line)
    sent = tmp_path / "servidor.log"
    sent.write_bytes(log_of(900))
    page.locator("[name=evidencias]").set_input_files(sent)
    expect(rows(page).first).to_contain_text("A conexão falhou. Tentando de novo…")

    # The page is loaded anew while the line is down: the half stands there, and goes on with the same file.
    page.goto(FORM)
    expect(rows(page).first).to_contain_text("%. Escolha o mesmo arquivo de novo para continuar de onde parou.")
    cut, before = False, len(begun_at)
    written(page, "Envio por uma linha ruim")
    page.locator("[name=evidencias]").set_input_files(sent)
    page.get_by_role("button", name="Abrir chamado").click()  # waits for the file by itself
    opened(page)
    assert begun_at[0] == 0
    assert begun_at[before] > 0
    ((digest,),) = portal.rows("SELECT DISTINCT sha256 FROM files_storedfile WHERE size = %s", 900 * 1024)
    assert digest == hashlib.sha256(log_of(900)).hexdigest()
    assert portal.rows("SELECT 1 FROM files_upload JOIN accounts_user u ON u.id = uploaded_by_id WHERE u.email = %s", GIL) == []


def test_a_session_that_ends_costs_nothing(visits: Visits, tmp_path: Path) -> None:
    page = visits.visitor(GIL)
    page.goto(FORM)
    elsewhere = page.context.new_page()
    elsewhere.goto("/conta/sair/")
    elsewhere.get_by_role("main").locator("button[type=submit]").click()
    elsewhere.wait_for_load_state()
    sent = tmp_path / "servidor.log"
    sent.write_bytes(log_of(200))
    page.locator("[name=evidencias]").set_input_files(sent)
    expect(rows(page).first).to_contain_text("Sua sessão terminou. Entre de novo em outra aba e volte a esta.")
    sign_in(elsewhere, GIL)
    page.get_by_role("button", name="Tentar de novo o envio de servidor.log").click()
    expect(rows(page).first).to_contain_text("Recebido.")
    expect(page.get_by_role("button", name="Remover servidor.log")).to_be_focused()
    written(page, "Envio com a sessão encerrada")  # the form's own token is the new session's, too
    page.get_by_role("button", name="Abrir chamado").click()
    opened(page)
    expect(page.get_by_role("link", name="servidor.log").first).to_be_visible()


def test_without_scripts_the_input_sends_its_files(visits: Visits, tmp_path: Path) -> None:
    page = visits.visitor(GIL, scripts=False)
    page.goto(FORM)
    for name in ("um.log", "dois.log"):
        (tmp_path / name).write_text("2026-11-23 09:12:02 ERROR\n")
    page.locator("[name=evidencias]").set_input_files([tmp_path / "um.log", tmp_path / "dois.log"])
    page.get_by_role("button", name="Abrir chamado").click()
    kept = page.get_by_role("group", name="Arquivos já recebidos")
    expect(kept.get_by_role("listitem")).to_have_count(2)
    kept.get_by_role("checkbox", name="Remover dois.log").check(force=True)
    written(page, "Envio sem JavaScript")
    page.get_by_role("button", name="Abrir chamado").click()
    opened(page)
    expect(page.get_by_role("link", name="um.log").first).to_be_visible()
    assert not page.get_by_role("link", name="dois.log").count()
