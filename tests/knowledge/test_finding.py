"""Articles found by words, and by what somebody is about to ask."""

from typing import Any

import pytest

from catalog.models import Product
from govbr import search
from knowledge import finding
from knowledge.facts import Facts
from knowledge.finding import Found, Part
from knowledge.models import Article

pytestmark = pytest.mark.usefixtures("faq")


def titles(words: str, **how: bool) -> list[str]:
    return [article.title for article in finding.found(finding.questions(), search.terms(words), **how)]


@pytest.mark.parametrize("words", ["credencial", "Credenciais", "CREDENCIAIS"])
def test_number_and_capitals_make_no_difference(words: str) -> None:
    assert titles(words)[0] == "Como o órgão obtém credenciais do Protocolo Integrado?"


@pytest.mark.parametrize("words", ["município", "municipio", "municípios"])
def test_accents_make_no_difference(words: str) -> None:
    assert titles(words) == titles("municipios") != []


def test_every_word_must_be_there_and_the_question_counts_most() -> None:
    assert titles("reabrir chamado")[0] == "Perdi o prazo para reabrir o chamado. O que faço?"
    assert titles("reabrir xilofone") == []
    assert titles("reabrir xilofone", every=False) == titles("reabrir")


def test_a_product_is_found_by_its_former_name() -> None:
    found = finding.found(finding.questions(), search.terms("barramento"))
    assert {"portal-tramita-govbr", "modulo-tramita-govbr"} <= {a.product.slug for a in found if a.product}


def test_what_is_not_published_is_not_found() -> None:
    Article.objects.filter(title__contains="reabrir").update(active=False)
    assert "Perdi o prazo para reabrir o chamado. O que faço?" not in titles("reabrir chamado")


def text(parts: list[Part]) -> str:
    return "".join(f"[{part.text}]" if part.marked else part.text for part in parts)


def first(words: str) -> Found:
    terms = search.terms(words)
    return finding.shown([finding.found(finding.questions(), terms)[0]], terms, Facts())[0]


def test_the_words_are_marked_where_they_stand() -> None:
    row = first("credencial testes")
    assert text(row.title) == "Como o órgão obtém [credenciais] do Protocolo Integrado?"
    assert text(row.excerpt).startswith(
        "A equipe gera as [credenciais] de pré-produção e as envia por e-mail. Depois dos [testes],"
    )


def test_an_excerpt_says_what_the_policy_says() -> None:
    assert "mais de 72 horas sem [responder]" in text(first("não responder atendente").excerpt)


def test_a_list_costs_one_query_however_long(django_assert_num_queries: Any) -> None:
    terms = search.terms("sei")
    for rows in (1, 20):
        articles = list(finding.found(finding.questions(), terms)[:rows])
        assert len(articles) == rows
        facts = Facts()
        assert facts.hours
        assert facts.policies
        with django_assert_num_queries(1):
            finding.shown(articles, terms, facts)


def nearest(title: str, body: str = "", product: str = "sei") -> list[str]:
    return [article.title for article in finding.nearest(title, body, product=Product.objects.get(slug=product))]


@pytest.mark.parametrize(
    ("title", "body", "product", "expected"),
    [
        ("Esqueci a senha", "não entro", "modulo-login-externo-govbr", "Esqueci a senha da conta gov.br. O PEN pode ajudar?"),
        ("Preciso reabrir meu chamado", "", "sei", "Meu chamado foi encerrado e o problema continua. Como reabro?"),
        ("Processo parado no status 2", "", "modulo-tramita-govbr", "Meu processo está parado no status 2. O que faço?"),
    ],
)
def test_the_nearest_article_answers(title: str, body: str, product: str, expected: str) -> None:
    assert nearest(title, body, product)[0] == expected


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Erro", "O sistema não funciona"),
        ("Impressora quebrada", "papel atolado na bandeja"),
        ("", ""),
        ("'; DROP TABLE x; --", "\\ & | ! <-> :*"),
        ("\0" * 50, "(" * 8_000),
    ],
)
def test_of_words_that_say_nothing_nothing_comes(title: str, body: str) -> None:
    assert nearest(title, body) == []


def test_at_most_three_come_in_two_queries(django_assert_num_queries: Any) -> None:
    product = Product.objects.get(slug="modulo-tramita-govbr")
    with django_assert_num_queries(2):
        found = finding.nearest("Credenciais e certificado do Tramita: erro no envio do processo", "x", product=product)
    assert len(found) == 3


def test_an_article_is_not_near_to_itself() -> None:
    article = Article.objects.get(slug="esqueci-a-senha-da-conta-gov-br-o-pen-pode-ajudar")
    assert article not in finding.nearest(article.title, "", product=None, exclude=article.pk)
