"""The articles that may answer what somebody writes, and that one of them did."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from knowledge.models import Article, ArticleOpinion

pytestmark = pytest.mark.usefixtures("faq")
LIKE = "/ajuda/perguntas/parecidas/"
SOLVED = "/ajuda/perguntas/isto-resolveu/"
HTMX = {"HX-Request": "true"}
WRITTEN = {"titulo": "Processo parado no status 2", "descricao": "Enviamos e não chegou.", "produto": "modulo-tramita-govbr"}
STATUS_2 = "meu-processo-esta-parado-no-status-2-o-que-faco"


@pytest.fixture
def client() -> Client:
    cache.clear()
    return Client()


def test_the_nearest_come_with_their_answers_and_a_button(client: Client) -> None:
    response = client.post(LIKE, WRITTEN, headers=HTMX)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<html" not in html
    assert 1 <= html.count("<details>") <= 3
    article = Article.objects.get(slug=STATUS_2)
    assert f"<summary>{article.title}</summary>" in html
    assert article.body.split(".")[0] in html
    assert re.search(rf'hx-post="{SOLVED}" hx-vals=\'{{"artigo": "{STATUS_2}", "csrfmiddlewaretoken": "\w+"}}\'', html)


@pytest.mark.parametrize("data", [{}, {"titulo": "Erro", "produto": "sei"}, {"titulo": "\0", "descricao": "x" * 50_000}])
def test_where_nothing_is_near_the_fragment_is_empty(client: Client, data: dict[str, str]) -> None:
    response = client.post(LIKE, data, headers=HTMX)
    assert (response.status_code, response.content.decode().strip()) == (200, "")


def test_an_unknown_product_makes_no_difference(client: Client) -> None:
    assert "<details>" in client.post(LIKE, {**WRITTEN, "produto": "word"}, headers=HTMX).content.decode()


def test_without_script_it_is_a_page_with_forms(client: Client) -> None:
    html = client.post(LIKE, WRITTEN).content.decode()
    assert "<html" in html
    assert f'<form class="actions" method="post" action="{SOLVED}">' in html
    assert "Nenhuma resposta pronta" in client.post(LIKE, {"titulo": "Erro"}).content.decode()


def test_nothing_of_what_is_written_is_kept_or_shown_back(client: Client) -> None:
    html = client.post(LIKE, {**WRITTEN, "descricao": "<script>segredo</script>"}).content.decode()
    assert "segredo" not in html
    assert not ArticleOpinion.objects.exists()


def test_it_is_asked_by_post_alone(client: Client) -> None:
    assert client.get(LIKE).status_code == client.get(SOLVED).status_code == 405


def test_that_it_solved_is_counted_once(client: Client) -> None:
    for _ in range(2):
        response = client.post(SOLVED, {"artigo": STATUS_2}, headers=HTMX)
        assert response.headers["HX-Trigger"] == "article-solved"
        assert "Que bom que resolveu" in response.content.decode()
    opinion = ArticleOpinion.objects.get()
    assert (opinion.article.slug, opinion.helped, opinion.while_opening) == (STATUS_2, True, True)
    assert re.fullmatch("[0-9a-f]{64}", opinion.visitor)


def test_that_it_solved_has_a_page_without_script(client: Client) -> None:
    assert "<html" in client.post(SOLVED, {"artigo": STATUS_2}).content.decode()


@pytest.mark.parametrize("slug", ["", "nada", "x" * 500])
def test_an_article_that_is_not_there_counts_nothing(client: Client, slug: str) -> None:
    assert client.post(SOLVED, {"artigo": slug}).status_code == 404
    assert not ArticleOpinion.objects.exists()


def test_without_its_token_nothing_is_counted() -> None:
    assert Client(enforce_csrf_checks=True).post(SOLVED, {"artigo": STATUS_2}).status_code == 403
    assert not ArticleOpinion.objects.exists()


def test_asking_is_limited(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"articles_like": "2/5m/ip"}
    answers = [client.post(LIKE, {"titulo": "Erro"}, headers=HTMX) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    part = answers[-1].content.decode()
    assert "Espere alguns minutos" in part
    assert "<html" not in part
