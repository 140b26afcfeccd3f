from typing import Any

import pytest

from catalog.conditions import (
    AllOf,
    AnswerIn,
    AnyOf,
    BadCondition,
    FactIn,
    FactIs,
    Facts,
    Not,
    TextMentions,
    VersionBelow,
    folded,
    parse,
    unknown_words,
)

FACTS = Facts(
    product="sei",
    support_type="reportar-erro",
    agency_kind="trt",
    agency_slug="trt2",
    legal_nature="autarquia",
    answers={"ambiente": " Produção ", "versao_sei": "3.1"},
    text="Não abre: erro 500!",
    similar_open=True,
)


@pytest.mark.parametrize(
    ("raw", "condition", "holds"),
    [
        ({"produto": ["sei", "nup"]}, FactIn("product", frozenset({"sei", "nup"})), True),
        ({"tipo": ["registrar-duvida"]}, FactIn("support_type", frozenset({"registrar-duvida"})), False),
        ({"orgao": ["trt2"]}, FactIn("agency_slug", frozenset({"trt2"})), True),
        ({"tipo_de_orgao": ["mp"]}, FactIn("agency_kind", frozenset({"mp"})), False),
        ({"natureza_juridica": ["autarquia"]}, FactIn("legal_nature", frozenset({"autarquia"})), True),
        ({"representa_orgao": False}, FactIs("represents_agency", False), False),
        ({"chamado_semelhante_aberto": True}, FactIs("similar_open", True), True),
        (
            {"resposta": {"campo": "ambiente", "valores": ["Produção"]}},
            AnswerIn("ambiente", frozenset({"Produção"})),
            True,
        ),
        ({"resposta": {"campo": "outro", "valores": ["Sim"]}}, AnswerIn("outro", frozenset({"Sim"})), False),
        ({"versao_anterior_a": {"campo": "versao_sei", "versao": "4.0"}}, VersionBelow("versao_sei", "4.0"), True),
        ({"texto_menciona": ["NAO ABRE"]}, TextMentions(("nao abre",)), True),
        ({"texto_menciona": ["erro 50"]}, TextMentions(("erro 50",)), False),
    ],
)
def test_each_kind_of_condition(raw: object, condition: object, holds: bool) -> None:
    assert parse(raw) == condition
    assert parse(raw).holds(FACTS) is holds


def test_conditions_join() -> None:
    yes, no = FactIn("product", frozenset({"sei"})), FactIn("product", frozenset({"nup"}))
    said = [({"produto": ["sei"]}), ({"produto": ["nup"]})]
    assert parse({"todas": said}) == AllOf((yes, no))
    assert parse({"alguma": said}) == AnyOf((yes, no))
    assert parse({"nao": said[1]}) == Not(no)
    assert not parse({"todas": said}).holds(FACTS)
    assert parse({"alguma": said}).holds(FACTS)
    assert parse({"nao": said[1]}).holds(FACTS)


def nested(levels: int) -> dict[str, Any]:
    condition: dict[str, Any] = {"produto": ["sei"]}
    for _ in range(levels):
        condition = {"nao": condition}
    return condition


@pytest.mark.parametrize(
    ("raw", "where", "reason"),
    [
        (None, "condicoes", "uma só chave"),
        ([], "condicoes", "uma só chave"),
        ({}, "condicoes", "uma só chave"),
        ({"produto": ["sei"], "tipo": ["x"]}, "condicoes", "uma só chave"),
        ({"clima": ["sol"]}, "condicoes", "condição desconhecida “clima”"),
        ({"produto": "sei"}, "condicoes.produto", "lista de 1 a 60 textos"),
        ({"produto": []}, "condicoes.produto", "lista de 1 a 60 textos"),
        ({"produto": ["sei"] * 61}, "condicoes.produto", "lista de 1 a 60 textos"),
        ({"produto": [1]}, "condicoes.produto", "textos não vazios"),
        ({"produto": [" "]}, "condicoes.produto", "textos não vazios"),
        ({"tipo_de_orgao": ["banco"]}, "condicoes.tipo_de_orgao", "valor desconhecido “banco”"),
        ({"natureza_juridica": [""]}, "condicoes.natureza_juridica", "textos não vazios"),
        ({"todas": {}}, "condicoes.todas", "lista de 1 a 60 condições"),
        ({"alguma": []}, "condicoes.alguma", "lista de 1 a 60 condições"),
        ({"todas": [{"produto": ["sei"]}, {"x": 1}]}, "condicoes.todas[2]", "condição desconhecida “x”"),
        ({"nao": [{"produto": ["sei"]}]}, "condicoes.nao", "uma só chave"),
        ({"representa_orgao": "não"}, "condicoes.representa_orgao", "true ou false"),
        ({"chamado_semelhante_aberto": 1}, "condicoes.chamado_semelhante_aberto", "true ou false"),
        ({"resposta": {"campo": "ambiente"}}, "condicoes.resposta", "“campo” e “valores”"),
        ({"resposta": {"campo": "", "valores": ["a"]}}, "condicoes.resposta", "“campo” e “valores”"),
        ({"resposta": {"campo": "ambiente", "valores": "a"}}, "condicoes.resposta.valores", "lista de 1 a 60 textos"),
        ({"versao_anterior_a": {"campo": "v", "versao": "quatro"}}, "condicoes.versao_anterior_a.versao", "números e pontos"),
        ({"versao_anterior_a": {"campo": "v", "versao": 4.0}}, "condicoes.versao_anterior_a.versao", "números e pontos"),
        ({"texto_menciona": ["…"]}, "condicoes.texto_menciona", "não tem letra nem número"),
        (nested(7), "condicoes", "o máximo é 6 níveis"),
    ],
)
def test_what_is_no_condition_is_refused_with_its_place(raw: object, where: str, reason: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse(raw)
    assert str(refused.value).startswith(where)
    assert reason in str(refused.value)


def test_conditions_may_stand_six_deep() -> None:
    assert parse(nested(6)).holds(FACTS)


def test_words_that_the_catalog_does_not_have_are_named() -> None:
    condition = parse(
        {
            "todas": [
                {"produto": ["sei", "word"]},
                {"nao": {"tipo": ["elogiar"]}},
                {"alguma": [{"resposta": {"campo": "cor", "valores": ["azul"]}}]},
                {"resposta": {"campo": "ambiente", "valores": ["Produção", "Lua"]}},
                {"resposta": {"campo": "setor", "valores": ["qualquer"]}},
                {"versao_anterior_a": {"campo": "versao", "versao": "4"}},
            ]
        }
    )
    found = unknown_words(
        condition, products={"sei"}, support_types={"reportar-erro"}, options={"ambiente": {"Produção"}, "setor": set()}
    )
    assert list(found) == [
        "o produto “word” não existe no catálogo.",
        "o tipo de suporte “elogiar” não existe no catálogo.",
        "nenhum formulário tem o campo “cor”.",
        "o campo “ambiente” não tem a opção “Lua”.",
        "nenhum formulário tem o campo “versao”.",
    ]


def test_folding_keeps_letters_and_digits() -> None:
    assert folded("  Não é GOV.BR — “ação”\n500! ") == "nao e gov br acao 500"
