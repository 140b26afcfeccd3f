"""What a screen reader is told of every way to choose: role, name, value, description and state, before and after a mistake."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visits
from tests.e2e.portal import Portal
from tests.e2e.test_feedback import OPEN_SURVEY

pytestmark = pytest.mark.e2e

ERROR_FORM = "/abrir/pen-propen/executivo-municipal/sei/reportar-erro/"
WORDS = {"StaticText", "InlineTextBox", "LabelText", "Legend"}
STATES = ("required", "invalid", "checked", "selected", "expanded", "focused", "disabled")


@dataclass(frozen=True)
class Told:
    role: str
    value: str
    description: str
    states: frozenset[str]


def tree(page: Page) -> dict[str, Told]:
    """The page's accessibility tree by the names in it; of one name the last."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    found = {}
    for node in nodes:
        if node.get("ignored") or node["role"]["value"] in WORDS:
            continue
        name, role, value, description = (
            str(node.get(part, {}).get("value", "")) for part in ("name", "role", "value", "description")
        )
        held = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        states = frozenset(state for state in STATES if held.get(state) in (True, "true"))
        found[name] = Told(role, value, description, states)
    return found


def test_the_way_says_at_which_step_one_is(visits: Visits) -> None:
    page = visits.visitor()
    address = "/abrir/"
    for number, part in enumerate(("pen-propen", "executivo-federal", "sei"), start=1):
        address += f"{part}/"
        page.goto(address)
        steps = page.get_by_role("navigation", name=f"Passo {number} de 4").get_by_role("listitem")
        marks = [step.get_attribute("aria-current") for step in steps.all()]
        assert marks == ["step" if place == number else None for place in range(1, 5)]
        assert ["(feito)" in step.inner_text() for step in steps.all()] == [place < number for place in range(1, 5)]
    page.goto("/abrir/")
    search = tree(page)["Sobre o que você precisa de ajuda?"]
    assert search.role == "searchbox"
    assert search.description.startswith("Escreva o nome do produto, mesmo o antigo")
    page.get_by_role("searchbox", name="Sobre o que você precisa de ajuda?").fill("erro barramento")
    expect(page.locator("#achados-resumo")).to_have_text("3 produtos encontrados.")
    links = [told for name, told in tree(page).items() if name.startswith("Reportar um erro: ") and told.role == "link"]
    assert len(links) >= 3


def test_a_form_tells_what_each_field_wants_and_what_was_wrong(visits: Visits) -> None:
    page = visits.visitor("eva@example.org")
    page.goto(ERROR_FORM)
    told = tree(page)
    body, place, seen, files = (
        told[f"{name} (obrigatório)"]
        for name in ("Órgão ou entidade", "Ambiente", "Li o aviso de privacidade", "Título do chamado")
    )
    assert (body.role, body.value, body.states) == ("combobox", "PM Vila Exemplo – Prefeitura Municipal de Vila Exemplo", set())
    assert body.description == "Instituição que você representa. Vem preenchido com o do seu cadastro."
    assert (place.role, place.value, place.states) == ("combobox", "Escolha uma opção", set())
    assert (seen.role, seen.states) == ("checkbox", set())
    assert (files.role, files.states) == ("textbox", {"required"})
    evidence = told["Evidências (sugerido)"]
    assert evidence.role == "button"
    assert "Até 10 arquivos, de até 25 MB cada." in evidence.description
    assert "alert" not in {one.role for one in told.values()}

    page.locator("[name=orgao]").select_option("fora-da-lista")
    page.locator("[name=orgao_nome]").press_sequentially("prefeitura municipal")
    known = page.get_by_role("list", name="Órgãos conhecidos")
    expect(known.get_by_role("button").first).to_be_visible()
    told = tree(page)
    assert told["Órgão ou entidade (obrigatório)"].value == "Meu órgão não está na lista"
    assert told[known.get_by_role("button").first.inner_text().strip()].role == "button"
    name = told["Nome do órgão (obrigatório se o órgão não está na lista)"]
    assert (name.role, name.states) == ("textbox", {"focused"})
    assert "Escolher um não dá acesso a nada." in name.description

    page.locator("[name=orgao_nome]").fill("")
    page.get_by_role("button", name="Abrir chamado").click()
    expect(page.locator(".error-summary")).to_be_focused()
    told = tree(page)
    for label, sentence in (
        ("Título do chamado (obrigatório)", "Erro: Preencha este campo."),
        ("Nome do órgão (obrigatório se o órgão não está na lista)", "Erro: Escreva o nome do órgão."),
        ("UF do órgão (obrigatório se o órgão não está na lista)", "Erro: Escolha a UF do órgão."),
        ("Ambiente (obrigatório)", "Erro: Escolha uma opção."),
        ("Li o aviso de privacidade (obrigatório)", "Erro: Marque para continuar."),
    ):
        assert "invalid" in told[label].states, label
        assert told[label].description.endswith(sentence), told[label].description
    assert told["Órgão ou entidade (obrigatório)"].states == set()
    page.locator("[name=ciencia_privacidade]").press("Space")
    page.locator("[name=ambiente]").select_option("Produção")
    told = tree(page)
    assert "checked" in told["Li o aviso de privacidade (obrigatório)"].states
    assert told["Ambiente (obrigatório)"].value == "Produção"


def test_stars_and_preferences_are_groups_of_radios(visits: Visits, portal: Portal) -> None:
    ((token, _),) = portal.rows(OPEN_SURVEY)
    page = visits.visitor("ana@example.org")
    page.goto(f"/avaliar/{token}/")
    stars = ("Péssima", "Ruim", "Mais ou menos", "Boa", "Excelente")
    told = tree(page)
    assert told["Como você avalia este atendimento? (obrigatório)"].role == "group"
    assert [(told[star].role, told[star].states) for star in stars] == [("radio", set())] * 5
    page.get_by_role("button", name="Enviar avaliação").click()
    expect(page.locator(".error-summary")).to_be_focused()
    told = tree(page)
    assert told["Como você avalia este atendimento? (obrigatório)"].description == "Erro: Escolha uma nota."
    assert [told[star].states for star in stars] == [{"invalid"}] * 5
    page.get_by_role("radio", name="Ruim").press("Space")
    told = tree(page)
    assert [star for star in stars if "checked" in told[star].states] == ["Ruim"]
    reasons = told["O que não foi bem? (opcional)"]
    assert (reasons.role, reasons.description) == ("group", "Escolha até 3 motivos, se quiser.")
    boxes = page.get_by_role("group", name="O que não foi bem?").get_by_role("checkbox")
    boxes.first.press("Space")
    label = page.locator(f"label[for={boxes.first.get_attribute('id')}]").inner_text().strip()
    assert (tree(page)[label].role, tree(page)[label].states) == ("checkbox", {"checked", "focused"})

    page.goto("/avisos/preferencias/")
    group, said = page.get_by_role("group", name="Mensagens no chamado"), tree(page)["Mensagens no chamado"].description
    assert said == "O que a equipe, ou quem acompanha, escreve sem fazer uma pergunta."
    expect(group.get_by_role("radio", name="Por e-mail, na hora")).to_be_checked()
