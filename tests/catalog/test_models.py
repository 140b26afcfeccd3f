"""What a row of the catalog refuses, whoever writes it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from catalog import validators
from catalog.models import CoreSystem, FormField, Offering, Queue


def refused(row: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    return error.value.message_dict


@pytest.mark.usefixtures("catalog")
def test_every_loaded_row_is_one_that_a_curator_could_save() -> None:
    offerings = Offering.objects.select_related("product", "support_type", "n2_queue__product", "n3_queue__product")
    fields = FormField.objects.select_related("product", "support_type")
    for row in (*offerings, *fields, *Queue.objects.all()):
        row.clean()


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("name", "changes", "field", "reason"),
    [
        ("setor", {"kind": "selecao"}, "options", "Uma lista precisa de opções."),
        ("setor", {"options": ["a"]}, "options", "Só um campo do tipo lista tem opções."),
        ("setor", {"multiple": True}, "multiple", "Só um campo de arquivo aceita vários."),
        ("setor", {"max_length": 501}, "max_length", "O máximo de caracteres vai de 1 a 500."),
        ("setor", {"max_length": 0}, "max_length", "O máximo de caracteres vai de 1 a 500."),
        ("telefone", {"max_length": 9}, "max_length", "Só um campo de texto tem máximo de caracteres."),
        ("telefone", {"suggestions": ["a"]}, "suggestions", "Só um campo de texto tem sugestões."),
        ("setor", {"show_if_field": "impacto"}, "show_if_field", "Escreva o campo e as respostas dele"),
        ("setor", {"show_if_values": ["Sim"]}, "show_if_field", "Escreva o campo e as respostas dele"),
        ("setor", {"show_if_field": "telefone", "show_if_values": ["x"]}, "show_if_field", "do tipo lista ou marcação"),
        ("ambiente", {"show_if_field": "ambiente", "show_if_values": ["Produção"]}, "show_if_field", "Escolha outro campo"),
        ("setor", {"show_if_field": "ambiente", "show_if_values": ["Lua"]}, "show_if_values", "não tem a resposta “Lua”"),
        ("titulo", {"show_if_field": "ambiente", "show_if_values": ["Produção"]}, "show_if_field", "aparece sempre"),
        ("evidencias", {"show_if_field": "ambiente", "show_if_values": ["Produção"]}, "show_if_field", "aparece sempre"),
        ("titulo", {"active": False}, "active", "O campo “titulo” fica ativo: sem ele não se abre chamado."),
        ("titulo", {"required": False}, "required", "O campo “titulo” é sempre obrigatório: sem ele não se abre chamado."),
        ("titulo", {"kind": "texto_longo"}, "kind", "O tipo do campo “titulo” é sempre “Texto”."),
    ],
)
def test_a_question_has_what_its_kind_needs(name: str, changes: dict[str, Any], field: str, reason: str) -> None:
    asked = FormField.objects.get(name=name, support_type__slug="reportar-erro", product=None)
    asked.full_clean()
    for key, value in changes.items():
        setattr(asked, key, value)
    assert any(reason in told for told in refused(asked)[field])


@pytest.mark.usefixtures("catalog")
def test_an_unknown_kind_is_a_mistake_and_no_crash() -> None:
    asked = FormField.objects.filter(name="setor").first()
    assert asked is not None
    asked.kind = "mapa"
    assert set(refused(asked)) == {"kind"}


def test_an_offering_stays_within_one_core_system(scdp: CoreSystem) -> None:
    offering = Offering.objects.filter(product__slug="sei").first()
    assert offering is not None
    offering.n2_queue = Queue.objects.get(slug="scdp-diarias-n2")
    assert refused(offering) == {"n2_queue": ["Escolha uma fila do mesmo estruturante."]}
    offering.support_type = scdp.support_types.get()
    assert refused(offering) == {"__all__": ["O produto e o tipo de suporte são de estruturantes diferentes."]}


def test_a_question_stays_within_one_core_system(scdp: CoreSystem) -> None:
    asked = FormField.objects.filter(product__slug="sei").first() or FormField.objects.filter(product__isnull=False)[0]
    asked.product = scdp.products.get()
    assert refused(asked) == {"__all__": ["O produto e o tipo de suporte são de estruturantes diferentes."]}


@pytest.mark.usefixtures("catalog")
def test_each_level_has_a_queue_of_its_own() -> None:
    offering = Offering.objects.filter(product__slug="sei").first()
    assert offering is not None
    offering.n2_queue, offering.n3_queue = offering.n3_queue, offering.n2_queue
    assert refused(offering) == {"n2_queue": ["Escolha uma fila N2."], "n3_queue": ["Escolha uma fila N3."]}


@pytest.mark.usefixtures("catalog")
def test_a_queue_retires_only_when_nothing_comes_to_it() -> None:
    queue = Queue.objects.get(slug="pen-propen-nup-n2")
    queue.active = False
    assert refused(queue) == {"active": ["Ofertas ativas que enviam chamados para esta fila: 7. Mude a fila delas antes."]}
    Offering.objects.filter(n2_queue=queue).update(n2_queue=Queue.objects.get(slug="pen-propen-sei-n2"))
    queue.full_clean()
    queue.save()
    offering = Offering.objects.filter(product__slug="nup").select_related("n2_queue")[0]
    offering.n2_queue = queue
    assert refused(offering) == {"n2_queue": ["Esta fila está desativada. Escolha outra ou desative a oferta."]}


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("pen-propen-sei-n2", "Uma fila não sucede a si mesma."),
        ("pen-propen-nup-n3", "Escolha uma fila N2."),
        ("pen-propen-modulo-wssei-n2", "Escolha uma fila ativa."),
    ],
)
def test_a_successor_is_another_living_queue_of_the_level(slug: str, reason: str) -> None:
    Queue.objects.filter(slug="pen-propen-modulo-wssei-n2").update(active=False)
    queue = Queue.objects.get(slug="pen-propen-sei-n2")
    queue.successor = Queue.objects.get(slug=slug)
    assert refused(queue) == {"successor": [reason]}


@pytest.mark.parametrize(
    ("check", "value", "reason"),
    [
        (validators.is_text_list, "a", "só aceita textos"),
        (validators.is_text_list, [1], "só aceita textos"),
        (validators.is_text_list, [" "], "só aceita textos"),
        (validators.is_text_list, [str(n) for n in range(61)], "tem 61 itens"),
        (validators.is_text_list, ["x" * 301], "tem 301 caracteres"),
        (validators.is_text_list, ["a", "b", "a"], "“a” aparece mais de uma vez"),
        (validators.is_extension_list, ["PDF"], "“PDF” não é uma extensão"),
        (validators.is_extension_list, ["tar.gz"], "não é uma extensão"),
        (validators.is_link_list, ["javascript:alert(1)"], "não é um endereço"),
        (validators.is_link_list, ["ftp://example.org"], "não é um endereço"),
        (validators.is_icon, "../x", "nome de um ícone"),
        (validators.is_icon, "key\n", "nome de um ícone"),
    ],
)
def test_values_are_held_to_their_kind(check: Any, value: object, reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        check(value)


def test_good_values_pass() -> None:
    validators.is_text_list(["Sim", "Não"])
    validators.is_extension_list(["pdf", "zip"])
    validators.is_link_list(["https://example.org/a?b=c"])
    validators.is_icon("right-to-bracket")
