"""Finding what is offered by the words that people use for it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog import finding
from catalog.models import Offering, Product, SupportType

pytestmark = pytest.mark.usefixtures("catalog")


def slugs(words: str, most: int = 99) -> list[str]:
    return [found.product.slug for found in finding.find(words, most=most).found]


TRAMITA = {"portal-tramita-govbr", "modulo-tramita-govbr", "api-tramita-govbr"}


@pytest.mark.parametrize("words", ["barramento", "BARRAMENTO", "Barramentos", "barram", "tramita", "Trâmita"])
def test_old_and_new_name_find_tramita(words: str) -> None:
    assert set(slugs(words)[:3]) == TRAMITA


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("conectagov", "api-tramita-govbr"),
        ("protocolo digital", "protocolo-govbr"),
        ("módulo de arquivamento", "modulo-gestao-documental"),
        ("sei assina", "modulo-assinatura-eletronica"),
        ("mod-sei-pen", "modulo-tramita-govbr"),
        ("aplicativo do SEI", "modulo-wssei"),
        ("unidades protocolizadoras", "nup"),
        ("sei", "sei"),
        ("estatistica", "modulo-estatistico"),
        ("login único", "modulo-login-externo-govbr"),
        ("assinar documento", "modulo-assinatura-eletronica"),
    ],
)
def test_each_name_that_people_use_finds_its_product_first(words: str, first: str) -> None:
    assert slugs(words)[0] == first


@pytest.mark.parametrize(
    ("words", "product", "kind"),
    [
        ("erro no SEI", "sei", "reportar-erro"),
        ("sei fora do ar", "sei", "reportar-erro"),
        ("dúvidas sobre nup", "nup", "registrar-duvida"),
        ("sugestão para o módulo estatístico", "modulo-estatistico", "sugerir-melhoria"),
        ("acesso portal do tramita", "portal-tramita-govbr", "solicitar-acesso"),
        ("código fonte do sei", "sei", "solicitar-acesso-codigo"),
        ("reativar UP", "nup", "solicitar-reativacao-up"),
    ],
)
def test_words_for_a_kind_of_help_lead_to_its_form(words: str, product: str, kind: str) -> None:
    found = finding.find(words).found[0]
    assert (found.product.slug, found.support_type and found.support_type.slug) == (product, kind)


def test_a_kind_of_help_alone_is_offered_for_products_that_have_it() -> None:
    answer = finding.find("senha")
    assert {(f.product.slug, f.support_type and f.support_type.slug) for f in answer.found} == {
        ("modulo-estatistico", "solicitar-credenciais"),
        ("portal-protocolo-integrado", "solicitar-credenciais"),
    }
    assert not answer.more
    everywhere = finding.find("bug")
    assert len(everywhere.found) == finding.SHOWN
    assert everywhere.more


def test_only_spheres_that_offer_it_are_named() -> None:
    [nup] = [f for f in finding.find("NUP").found if f.product.slug == "nup"]
    assert [sphere.slug for sphere in nup.spheres] == ["executivo-federal"]
    sei = finding.find("sei").found[0]
    assert [s.slug for s in sei.spheres] == ["executivo-federal", "executivo-estadual", "executivo-municipal", "outros-poderes"]


@pytest.mark.parametrize("words", ["tramitta", "baramento", "baramneto"])
def test_a_slip_of_the_finger_is_forgiven_and_told(words: str) -> None:
    answer = finding.find(words)
    assert {found.product.slug for found in answer.found} >= TRAMITA
    assert answer.instead_of == words
    assert answer.looked_for in ("tramita", "barramento")


@pytest.mark.parametrize("words", ["", " ", "x", "de", "%", "'\"\\", "\0", "xyzzy plugh", "🙂", "a" * 5000, "(((" * 100])
def test_anything_may_be_typed(words: str) -> None:
    assert finding.find(words).found == []


def test_the_name_that_a_curator_adds_finds() -> None:
    assert slugs("Zé do Processo") != ["nup"]
    Product.objects.filter(slug="nup").update(synonyms=["Zé do Processo"])
    SupportType.objects.filter(slug="reportar-erro").update(synonyms=["pifou"])
    assert slugs("Zé do Processo") == ["nup"]
    pifou = finding.find("nup pifou").found[0]
    assert pifou.support_type is not None
    assert pifou.support_type.slug == "reportar-erro"


def test_what_is_not_on_offer_is_not_found() -> None:
    Product.objects.filter(slug="nup").update(active=False)
    Offering.objects.filter(product__slug="sei", support_type__slug="reportar-erro").update(active=False)
    assert "nup" not in slugs("nup")
    sei = finding.find("erro sei").found
    assert all((f.product.slug, f.support_type and f.support_type.slug) != ("sei", "reportar-erro") for f in sei)


@pytest.mark.parametrize("words", ["barramento", "erro no sei agora mesmo", "tramitta", "nada disso existe"])
def test_a_search_costs_four_queries(words: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):
        finding.find(words)
    with django_assert_num_queries(1):
        finding.find("")
