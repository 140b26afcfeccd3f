"""Scripts that suit a ticket: the likest first, with the reason in words."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from catalog.models import SupportScript
from tests.cast import another_product, opened
from tickets import suggesting
from tickets.models import Ticket

BODY = "Ao assinar o documento o certificado digital expirado trava a tela."


def script(c: SimpleNamespace, title: str, **fields: Any) -> SupportScript:
    values = {"product": c.product, "slug": title.lower().replace(" ", "-"), "situation": "…", "reply": "Olá.", "holds": True}
    return SupportScript.objects.create(core_system=c.core, title=title, **{**values, **fields})


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    return Ticket.objects.select_related("product", "offering__support_type").get(
        pk=opened(c, subject="Certificado não assina", body=BODY).pk
    )


def titles(found: list[suggesting.Suggestion]) -> list[str]:
    return [suggestion.script.title for suggestion in found]


def test_words_in_common_product_and_type_decide(
    c: SimpleNamespace, ticket: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    other = another_product(c).product
    script(c, "Certificado expirado", keywords=["assinar"])
    script(c, "Tela travada", support_types=["reportar-erro"])
    script(c, "Pedir dados", product=None, support_types=["reportar-erro"])
    script(c, "Trocar logotipo")
    script(c, "Certificado do barramento", product=other)
    script(c, "Certificado antigo", holds=False)
    script(c, "Certificado desligado", active=False)
    with django_assert_num_queries(2):
        found = suggesting.suggested(ticket, BODY)
    assert titles(found) == ["Certificado expirado", "Tela travada", "Pedir dados"]
    assert found[0].why == "Do mesmo produto; com palavras em comum: certificado, assina, expirado."
    assert found[2].why == "Serve para todo produto; do mesmo tipo de suporte."


def test_what_is_old_says_so(c: SimpleNamespace, ticket: Ticket) -> None:
    script(c, "Certificado expirado", holds=None, valid_until=date(2020, 1, 1))
    assert suggesting.suggested(ticket, BODY)[0].warnings == [
        "falta confirmar se vale",
        "validade terminou em 01/01/2020",
    ]


def test_a_search_finds_by_words_and_marks_what_does_not_hold(c: SimpleNamespace, ticket: Ticket) -> None:
    other = another_product(c).product
    script(c, "Trocar o logotipo", holds=False)
    script(c, "Logotipos do barramento", product=other)
    found = suggesting.searched(ticket, "LOGOTIPO", BODY)
    assert titles(found) == ["Trocar o logotipo", "Logotipos do barramento"]
    assert found[0].warnings == ["não vale mais"]
    assert found[1].why == "De barramento."


@pytest.mark.parametrize("typed", ["", "'", "&|!", "\0", "de", "x" * 5000])
def test_whatever_is_typed_raises_nothing(ticket: Ticket, typed: str) -> None:
    assert suggesting.searched(ticket, typed, BODY) == []


@pytest.mark.parametrize("pk", ["", "x", "9" * 40, "²", "-1"])
def test_no_script_of_what_is_no_id(ticket: Ticket, pk: str) -> None:
    assert suggesting.usable(ticket, pk) is None
