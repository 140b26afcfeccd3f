"""Opening in a real browser: found by an old name, asked what matters, kept on every device, warned of a password."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.test_pages import AXE, problems

pytestmark = pytest.mark.e2e

ANA = "ana@example.org"
FORM = "/abrir/pen-propen/executivo-federal/modulo-protocolo-integrado/solicitar-acesso/"
WSSEI = "/abrir/pen-propen/executivo-federal/modulo-wssei/solicitar-acesso/"
SAVED = re.compile(r"Rascunho salvo hoje, \d+h(\d\d)? \(horário de Brasília\)\.")
MOST_TABS = 60


def visitor(visits: Visits, email: str = ANA, *, width: int = 1280) -> Page:
    page = visits.visitor(email, width=width)
    page.context.add_init_script(path=str(AXE))
    return page


def tab_to(page: Page, wanted: Locator) -> None:
    """By keyboard alone, as often as it takes; the focus is where one sees it."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"not reached by {MOST_TABS} presses of Tab: {wanted}")


def found(page: Page) -> list[str]:
    return [f"{problem}: {where}" for problem, where in problems(page)]


def test_an_old_name_finds_its_product_by_keyboard(visits: Visits) -> None:
    page = visitor(visits, "")
    page.goto("/")
    search = page.get_by_role("searchbox", name="Sobre o que você precisa de ajuda?")
    tab_to(page, search)
    page.keyboard.type("barramnto")
    status = page.locator("#achados-resumo")
    expect(status).to_have_text(re.compile(r"Nada com “barramnto”\. Mostramos “barramento”\."))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("erro barramento")
    expect(status).to_have_text("3 produtos encontrados.")
    assert status.get_attribute("role") == "status"
    assert found(page) == []
    search.focus()
    form = page.get_by_role("link", name="Reportar um erro: Portal do Tramita Gov.BR, Executivo Estadual", exact=True)
    tab_to(page, form)
    page.keyboard.press("Enter")
    page.wait_for_url("**/conta/entrar/?next=/abrir/pen-propen/executivo-estadual/portal-tramita-govbr/reportar-erro/")


def test_without_script_the_search_is_a_page(visits: Visits) -> None:
    page = visits.visitor(scripts=False)
    page.goto("/nao-existe/")
    page.get_by_role("searchbox").fill("protocolo digital")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("link", name="Protocolo Gov.BR, Executivo Federal", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("De que tipo de suporte você precisa?")


def test_conditions_and_masks_help_and_do_not_fight(visits: Visits) -> None:
    page = visitor(visits, "gil@example.org", width=320)
    page.goto(FORM)
    protocols = page.get_by_label("Dez protocolos para validação")
    expect(protocols).to_be_hidden()
    page.locator("[name=ambiente]").select_option("Produção")
    expect(protocols).to_be_visible()
    page.locator("[name=ambiente]").select_option("Homologação")
    expect(protocols).to_be_hidden()

    for name, typed, shown in (
        ("responsavel_cpf", "52998224725", "529.982.247-25"),
        ("responsavel_telefone", "61998765432", "(61) 99876-5432"),
        ("responsavel_telefone", "6134110000", "(61) 3411-0000"),
        ("orgao_cnpj", "00394460000141", "00.394.460/0001-41"),
        ("orgao_cnpj", "12abc34501de35", "12.ABC.345/01DE-35"),
    ):
        field = page.locator(f"[name={name}]")
        field.fill("")
        field.press_sequentially(typed)
        expect(field).to_have_value(shown)
    cpf = page.locator("[name=responsavel_cpf]")
    cpf.focus()
    page.keyboard.press("Home")
    page.keyboard.press("Delete")
    page.keyboard.type("5")
    assert cpf.evaluate("field => field.selectionStart") == 1  # the cursor stays where one writes
    expect(cpf).to_have_value("529.982.247-25")
    page.keyboard.press("End")
    for _ in range(3):
        page.keyboard.press("Backspace")
    expect(cpf).to_have_value("529.982.247")

    page.locator("[name=orgao]").select_option("fora-da-lista")
    page.locator("[name=orgao_nome]").press_sequentially("tribunal de contas")
    expect(page.locator("#known-agencies-said")).to_contain_text("com nome parecido, logo abaixo")
    assert found(page) == []
    tab_to(page, page.locator("#known-agencies button").first)
    chosen = page.locator("#known-agencies button").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("#known-agencies-said")).to_contain_text("Preenchemos com o órgão escolhido")
    expect(page.locator("[name=orgao_nome]")).to_be_focused()
    assert page.locator("[name=orgao_nome]").input_value() in chosen
    page.locator("[name=titulo]").press_sequentially("Acesso")
    expect(page.locator("[name=titulo] ~ .char-count")).to_have_text("Restam 114 caracteres.")


def test_what_is_written_is_found_again_and_never_overwritten_unawares(visits: Visits) -> None:
    first = visitor(visits)
    first.goto(WSSEI)
    first.locator("[name=titulo]").fill("Acesso ao módulo para o instituto")
    with first.expect_response(lambda answer: "do+m%C3%B3dulo." in (answer.request.post_data or "")):  # the rest of it
        first.locator("[name=descricao]").press_sequentially("Precisamos do módulo.", delay=200)
        expect(first.locator(".draft-state")).to_have_text(SAVED, timeout=1)  # though the typing never paused

    second = visitor(visits, width=320)  # another device
    second.goto("/")
    second.get_by_role("link", name="Solicitar acesso: Módulo WSSEI").first.click()
    expect(second.locator("[name=titulo]")).to_have_value("Acesso ao módulo para o instituto")
    assert found(second) == []
    second.locator("[name=titulo]").fill("Mudado no telefone")
    expect(second.locator(".draft-state")).to_have_text(SAVED)

    first.locator("[name=justificativa]").fill("Para enviar metadados.")
    trouble = first.locator(".draft-trouble")
    expect(trouble).to_contain_text("Este texto foi alterado em outra aba ou outro aparelho.")
    assert found(first) == []
    trouble.get_by_role("button", name="Salvar este no lugar do outro").click()
    expect(trouble).to_be_empty()

    # Left at once, before anything was due, and found by Back.
    first.locator("[name=titulo]").fill("Acesso ao módulo, versão final")
    first.get_by_role("link", name="Início").first.click()
    first.wait_for_url("**/")
    first.go_back()
    expect(first.locator("[name=titulo]")).to_have_value("Acesso ao módulo, versão final")
    expect(first.locator("[name=justificativa]")).to_have_value("Para enviar metadados.")

    # Opened anew at once, though the last words may arrive after the new page was asked for.
    first.locator("[name=titulo]").fill("Acesso ao módulo, mesmo")
    first.goto("/")
    first.goto(WSSEI)
    expect(first.locator("[name=titulo]")).to_have_value("Acesso ao módulo, mesmo")

    # Left while another device had saved: both texts are there, and their writer chooses.
    second.goto(WSSEI)
    second.locator("[name=titulo]").fill("Outra vez do telefone")
    expect(second.locator(".draft-state")).to_have_text(SAVED)
    first.locator("[name=titulo]").fill("Acesso ao módulo, do computador")
    first.goto("/")
    first.goto(WSSEI)
    expect(first.locator("[name=titulo]")).to_have_value("Outra vez do telefone")
    expect(first.locator(".draft-others")).to_contain_text("“Acesso ao módulo, do computador”")
    assert found(first) == []
    first.get_by_role("button", name="Usar este texto").click()
    expect(first.locator("[name=titulo]")).to_have_value("Acesso ao módulo, do computador")
    expect(first.locator(".draft-others")).to_contain_text("“Outra vez do telefone”")

    open_it_at_last(first)
    second.goto("/")
    expect(second.get_by_role("heading", name="Continuar o que você escrevia")).to_have_count(0)


def open_it_at_last(first: Page) -> None:
    """A password is told before it is sent; the page after that keeps everything."""
    first.locator("[name=descricao]").fill("Entro com a senha: Abc@1234 e dá erro.")
    first.locator("[name=responsavel_nome]").fill("Ana Exemplo")
    first.locator("[name=responsavel_cpf]").fill("529.982.247-25")
    first.locator("[name=responsavel_email]").fill("ana@example.org")
    first.locator("[name=ambiente]").select_option("Homologação")
    first.locator("label[for=id_ciencia_privacidade]").click()
    first.get_by_role("button", name="Abrir chamado").click()
    expect(first.get_by_role("alert").filter(has_text="Parece que há uma senha no texto")).to_be_visible()
    expect(first.locator("mark")).to_have_text("senha: Abc@1234")
    assert found(first) == []
    first.get_by_role("button", name="Voltar e corrigir").click()
    first.locator("[name=descricao]").fill("Não consigo entrar no módulo.")
    first.get_by_role("button", name="Abrir chamado").click()
    expect(first.locator(".big-number")).to_be_visible()


def test_a_session_that_ended_goes_on_with_what_was_written(visits: Visits) -> None:
    page = visitor(visits, "eva@example.org")
    page.goto(WSSEI)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.locator("[name=titulo]").fill("Escrito depois do fim da sessão")
    trouble = page.locator(".draft-trouble")
    expect(trouble).to_contain_text("Sua sessão terminou")
    page.context.add_cookies(cookies)  # signed in again in another tab
    page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    expect(page.locator(".draft-state")).to_have_text(SAVED)
    expect(trouble).to_be_empty()

    page.locator("[name=titulo]").fill("Escrito logo antes de sair")
    page.get_by_role("button", name="Sair").click()
    page.get_by_role("link", name="Entrar").first.wait_for()
    page = visitor(visits, "eva@example.org")
    page.goto(WSSEI)
    expect(page.locator("[name=titulo]")).to_have_value("Escrito logo antes de sair")
