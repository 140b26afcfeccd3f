"""What is missing of a request, and the question that asks for it."""

import pytest

from catalog.models import FormField
from tickets.completeness import Item, State, checklist, question


def asked(name: str, kind: str = "texto", *, required: bool = False) -> FormField:
    return FormField(name=name, label=name.capitalize(), kind=kind, required=required)


@pytest.mark.parametrize(
    ("value", "required", "state"),
    [
        ("4.1", True, State.PRESENT),
        ("4.1", False, State.PRESENT),
        (" ", True, State.REQUIRED),
        (None, True, State.REQUIRED),
        (None, False, State.SUGGESTED),
    ],
)
def test_a_question_is_answered_or_missing(value: str | None, required: bool, state: State) -> None:
    answers = {} if value is None else {"versao": value}
    assert checklist([asked("versao", required=required)], "nao", answers=answers, has_files=False) == [Item("Versao", state)]


def test_what_a_ticket_always_has_and_free_marks_are_left_out() -> None:
    questions = [asked("titulo", required=True), asked("descricao"), asked("orgao", "referencia_orgao", required=True)]
    questions += [asked("ciencia_privacidade", "booleano", required=True), asked("chamado_relacionado")]
    questions += [asked("consultei_base", "booleano")]
    assert checklist(questions, "obrigatorio", answers={}, has_files=False) == []


@pytest.mark.parametrize(("value", "state"), [("sim", State.PRESENT), ("nao", State.REQUIRED)])
def test_a_mark_that_must_be_set_is_set_or_missing(value: str, state: State) -> None:
    found = checklist([asked("termo", "booleano", required=True)], "nao", answers={"termo": value}, has_files=False)
    assert found == [Item("Termo", state)]


@pytest.mark.parametrize(
    ("need", "required", "has_files", "evidence", "found"),
    [
        ("nao", False, False, [], []),
        ("nao", False, True, [], [Item("Evidencias", State.PRESENT)]),
        ("sugerido", False, False, [], [Item("Evidencias", State.SUGGESTED)]),
        ("obrigatorio", False, False, [], [Item("Evidencias", State.REQUIRED)]),
        ("nao", True, False, [], [Item("Evidencias", State.REQUIRED)]),
        ("nao", False, False, ["Anexe o log."], [Item("Evidencias", State.REQUIRED, "Anexe o log.")]),
        ("sugerido", False, True, ["Anexe o log."], [Item("Evidencias", State.PRESENT)]),
    ],
)
def test_files_are_missing_where_they_are_needed(
    need: str, required: bool, has_files: bool, evidence: list[str], found: list[Item]
) -> None:
    files = [asked("evidencias", "arquivo", required=required)]
    assert checklist(files, need, answers={}, has_files=has_files, evidence=evidence) == found


def test_evidence_is_asked_for_even_where_the_form_takes_no_file() -> None:
    found = checklist([], "nao", answers={}, has_files=False, evidence=["Anexe o log."])
    assert found == [Item("Evidências", State.REQUIRED, "Anexe o log.")]


def test_the_question_lists_what_is_missing_and_nothing_else() -> None:
    items = [
        Item("Ambiente", State.PRESENT),
        Item("Passos", State.REQUIRED),
        Item("Evidências", State.REQUIRED, "Anexe o log."),
        Item("Versão", State.SUGGESTED),
    ]
    assert question(items) == (
        "Para analisar o seu pedido, precisamos de mais informações.\n\n"
        "Por favor, envie:\n- Passos\n- Evidências: Anexe o log.\n\n"
        "Se souber, informe também:\n- Versão\n\n"
        "Responda por aqui. Os arquivos vão anexados à resposta. Não escreva senhas."
    )


def test_only_suggestions_are_asked_gently() -> None:
    asks = question([Item("Versão", State.SUGGESTED)])
    assert "Se souber, informe:\n- Versão" in asks
    assert "Por favor" not in asks


def test_nothing_missing_nothing_asked() -> None:
    assert question([Item("Ambiente", State.PRESENT)]) == ""
