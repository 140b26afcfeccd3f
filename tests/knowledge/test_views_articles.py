"""Reading the questions, as anybody does, and saying whether they helped."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

import worktime
from accounts.models import Agency, Membership, User
from catalog.models import CoreSystem, Policy, Product, Sphere
from knowledge import opinions
from knowledge.models import Article, ArticleOpinion
from tests.knowledge.conftest import Content

pytestmark = pytest.mark.usefixtures("faq")
LIST = "/ajuda/perguntas/"
REOPEN = f"{LIST}meu-chamado-foi-encerrado-e-o-problema-continua-como-reabro/"
NUP = f"{LIST}quem-e-obrigado-a-usar-o-nup/"
SEI = f"{LIST}aparece-erro-ao-gerar-codigo-de-barras-quando-crio-um-processo-como/"

OUTSIDE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
"""Where limits are counted, outside the demo, is no table."""


@pytest.fixture
def client() -> Client:
    cache.clear()
    return Client()


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def slugs(html: str) -> list[str]:
    return re.findall(r'<h3><a href="/ajuda/perguntas/([\w-]+)/">', html)


def test_all_questions_a_page_at_a_time_each_once(client: Client, content: Content) -> None:
    seen: list[str] = []
    for page in range(1, 11):
        html = read(client, f"{LIST}?pagina={page}")
        seen += slugs(html)
        assert ('rel="next"' in html) == (page < 10)
        assert ('rel="prev"' in html) == (page > 1)
    assert seen == [row["slug"] for row in content["perguntas"]]


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 5_000, "²", "1e3"])
def test_a_page_that_makes_no_sense_is_the_first(client: Client, page: str) -> None:
    assert slugs(read(client, f"{LIST}?pagina={page}")) == slugs(read(client, LIST))


def test_the_questions_of_a_product_or_topic(client: Client) -> None:
    html = read(client, f"{LIST}?produto=nup")
    assert len(slugs(html)) == 10
    assert '<option value="nup" selected>' in html
    assert "<h2>Conta gov.br</h2>" in read(client, f"{LIST}?produto=gov-br")
    assert slugs(read(client, f"{LIST}?produto=nada")) == slugs(read(client, LIST))


def test_a_search_shows_where_it_matched(client: Client) -> None:
    html = read(client, f"{LIST}?q=certificado")
    assert "Respostas com “certificado”" in html
    assert "<mark>certificado</mark>" in html
    assert slugs(read(client, f"{LIST}?q=certificado&produto=nup")) == []


def test_where_no_question_has_all_the_words_those_with_some_come(client: Client) -> None:
    html = read(client, f"{LIST}?q=reabrir+xilofone")
    assert "Nenhuma resposta tem todas as palavras. Estas têm alguma" in html
    assert slugs(html)


def test_where_nothing_is_found_the_page_says_so_and_offers_a_ticket(client: Client) -> None:
    for words in ("xilofone", "???"):
        html = read(client, f"{LIST}?q={words}")
        assert "Não encontramos nada com estas palavras" in html
        assert 'href="/abrir/"' in html


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "\0", "' OR 1=1", "%" * 500, '"'])
def test_whatever_is_looked_for_is_harmless(client: Client, words: str) -> None:
    response = client.get(LIST, {"q": words})
    assert response.status_code == 200
    assert "<script>alert" not in response.content.decode()


@pytest.mark.parametrize(
    ("address", "queries"),
    [(LIST, 3), (f"{LIST}?produto=sei", 3), (f"{LIST}?q=sei", 5), (f"{LIST}?q=sei+processo&produto=sei", 5)],
)
def test_a_list_costs_the_same_for_few_and_many(
    client: Client, address: str, queries: int, django_assert_num_queries: Any, settings: Settings
) -> None:
    """Products, rows and the hours in the footer; with words, these in PostgreSQL's way and where they stand."""
    settings.CACHES = OUTSIDE
    for kept in (21, 2):
        sei = Article.objects.filter(product__slug="sei").order_by("pk").values_list("pk", flat=True)[:kept]
        Article.objects.exclude(pk__in=list(sei)).update(active=False)
        with django_assert_num_queries(queries):
            read(client, address)


def test_an_answer_says_what_the_policy_says(client: Client) -> None:
    assert "em até 48 horas" in read(client, REOPEN)
    Policy.objects.create(in_force_from=worktime.now(), wait_hours=60, reopen_hours=36)
    assert "em até 36 horas" in read(client, REOPEN)
    assert "{{" not in read(client, REOPEN)


def test_an_answer_shows_its_source_and_what_is_related(client: Client) -> None:
    html = read(client, REOPEN)
    assert "Ver a fonte" in html
    assert '<a href="/ajuda/perguntas/perdi-o-prazo-para-reabrir-o-chamado-o-que-faco/">' in html
    assert f'<li><a href="{REOPEN}">' not in html


def test_what_is_assumed_says_so(client: Client) -> None:
    assert "A equipe ainda vai confirmar esta resposta." in read(
        client, f"{LIST}posso-colocar-senha-ou-dados-pessoais-no-chamado/"
    )
    assert "A equipe ainda vai confirmar" not in read(client, REOPEN)


def test_what_is_not_published_is_not_there(client: Client) -> None:
    Article.objects.filter(slug=NUP.split("/")[-2]).update(active=False)
    assert client.get(NUP).status_code == 404


def ways(html: str) -> list[str]:
    return re.findall(r'href="(/abrir/[\w/-]+/)"', html.split('id="open"')[1])


def test_the_way_on_leads_to_the_products_place_in_the_catalog(client: Client) -> None:
    assert ways(read(client, NUP)) == ["/abrir/pen-propen/executivo-federal/nup/"]
    assert ways(read(client, REOPEN)) == ["/abrir/pen-propen/"]
    assert ways(read(client, SEI)) == [
        f"/abrir/pen-propen/{sphere}/sei/"
        for sphere in ("executivo-federal", "executivo-estadual", "executivo-municipal", "outros-poderes")
    ]


def test_a_member_of_a_body_is_led_to_its_sphere(client: Client) -> None:
    ana = User.objects.create_user("ana@example.org", name="Ana")
    sphere = Sphere.objects.get(slug="executivo-municipal")
    body = Agency.objects.create(slug="a", name="A", acronym="A", sphere=sphere, power="executivo", legal_nature="autarquia")
    Membership.objects.create(user=ana, agency=body)
    client.force_login(ana)
    assert ways(read(client, SEI)) == ["/abrir/pen-propen/executivo-municipal/sei/"]
    assert ways(read(client, NUP)) == ["/abrir/pen-propen/executivo-federal/nup/"]


def test_a_product_that_is_no_longer_offered_has_no_way(client: Client) -> None:
    Product.objects.filter(slug="nup").update(active=False)
    assert "Este produto não recebe chamados agora." in read(client, NUP)


def test_an_opinion_counts_once_a_session_and_the_last_one_holds(client: Client) -> None:
    for said in ("sim", "nao", "nao"):
        assert client.post(f"{NUP}ajudou/", {"resposta": said}).status_code == 302
    opinion = ArticleOpinion.objects.get()
    assert (opinion.helped, opinion.while_opening) == (False, False)
    Client().post(f"{NUP}ajudou/", {"resposta": "sim"})
    assert ArticleOpinion.objects.filter(helped=True).count() == 1


def test_an_opinion_of_a_person_counts_once_in_all_sessions(client: Client) -> None:
    ana = User.objects.create_user("ana@example.org", name="Ana")
    for browser in (client, Client()):
        browser.force_login(ana)
        browser.post(f"{NUP}ajudou/", {"resposta": "sim"})
    assert ArticleOpinion.objects.count() == 1


@pytest.mark.parametrize("data", [{}, {"resposta": "talvez"}])
def test_an_opinion_that_says_nothing_is_none(client: Client, data: dict[str, str]) -> None:
    assert client.post(f"{NUP}ajudou/", data).status_code == 302
    assert not ArticleOpinion.objects.exists()


def test_opinions_of_one_place_are_limited(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"article_opinion": "2/5m/ip"}
    assert [client.post(f"{NUP}ajudou/", {"resposta": "sim"}).status_code for _ in range(3)] == [302, 302, 429]


def test_searches_of_one_place_are_limited_and_reading_is_not(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"articles_search": "2/5m/ip"}
    answers = [client.get(LIST, {"q": "nup"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Muitas tentativas" in answers[-1].content.decode()
    assert client.get(LIST).status_code == client.get(NUP).status_code == 200


def test_what_the_articles_saved_counts_each_reader_once_a_day() -> None:
    articles = list(Article.objects.all()[:2])
    today = worktime.now().astimezone(worktime.BRASILIA).date()
    for article in articles:
        opinions.keep(article, visitor="a", helped=True, while_opening=True)
    opinions.keep(articles[0], visitor="b", helped=True, while_opening=True)
    opinions.keep(articles[0], visitor="c", helped=True)
    opinions.keep(articles[0], visitor="d", helped=False, while_opening=True)
    assert opinions.tickets_saved(today, today) == 2
    assert opinions.tickets_saved(today + timedelta(days=1), today + timedelta(days=2)) == 0
    assert opinions.tickets_saved(date(2020, 1, 1), today) == 2


def test_another_core_systems_articles_lead_to_it(client: Client) -> None:
    core = CoreSystem.objects.create(slug="scdp", name="SCDP", card_name="SCDP", acronym="SCDP", description="x")
    Article.objects.create(core_system=core, slug="diaria", topic="geral", title="E a diária?", body="Peça.")
    assert ways(read(client, f"{LIST}diaria/")) == ["/abrir/scdp/"]
