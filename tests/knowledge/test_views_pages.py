"""The guide, the portal's own pages and the matrix of offerings."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from catalog import offers
from catalog.json_file import BadFile
from catalog.models import Offering, Product
from knowledge import loading
from knowledge.models import Article
from tests.knowledge.conftest import ROOT

GUIDE = ROOT / "knowledge" / "data" / "guia"
PRODUCTS = "/ajuda/produtos/"


@pytest.fixture
def guide(catalog: None) -> None:
    loading.load_pages(GUIDE)


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.usefixtures("guide")
def test_the_folder_fills_the_table_once() -> None:
    assert Article.objects.filter(kind="guide").count() == 7
    assert Article.objects.filter(kind="page").count() == 2
    (count,) = loading.load_pages(GUIDE)
    assert (count.in_file, count.changed) == (9, 0)
    for article in Article.objects.all():
        article.full_clean()
        assert article.version == article.versions.count() == 1


@pytest.mark.usefixtures("guide", "faq")
def test_the_search_of_the_help_finds_pages_too(client: Client) -> None:
    """By words; the list of questions, and what is about one product, is of questions alone."""
    found = read(client, "/ajuda/perguntas/?q=canais")
    assert '<h3><a href="/ajuda/guia/canais/">' in found
    assert "Página do guia" in found
    assert '<h3><a href="/ajuda/acessibilidade/">' in read(client, "/ajuda/perguntas/?q=acessibilidade+contraste")
    for address in ("/ajuda/perguntas/", "/ajuda/perguntas/?q=canais&produto=geral"):
        assert '<h3><a href="/ajuda/guia/' not in read(client, address)
    Article.objects.filter(slug="canais").update(active=False)
    assert "/ajuda/guia/canais/" not in read(client, "/ajuda/perguntas/?q=canais").partition("<main")[2]


def test_questions_and_pages_leave_each_other_alone(guide: None, faq: None) -> None:
    loading.load_pages(GUIDE)
    assert Article.objects.filter(active=True).count() == 200


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("título: A\nrever: 2027-05-31\ntipo: guide\nassuntos: -\nsem linha", "falta a linha “---”"),
        ("rever: 2027-05-31\ntipo: guide\nassuntos: -\n---\nTexto.", "falta “título”."),
        ("título: A\nrever: 2027-05-31\ntipo: livro\nassuntos: -\n---\nTexto.", "“tipo” não aceita “livro”"),
        ("título: A\nrever: 2027-05-31\ntipo: guide\nassuntos: clima\n---\nTexto.", "“clima” não é um assunto conhecido."),
        ("título: A\nrever: 2027-05-31\ntipo: guide\nassuntos: -\n---\n{{ x }}", "Não há campo “{{ x }}”."),
    ],
)
def test_a_bad_page_is_named(text: str, problem: str, tmp_path: Any) -> None:
    (tmp_path / "10-a.md").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile) as refused:
        loading.read_pages(tmp_path)
    assert any("10-a.md" in said and problem in said for said in refused.value.problems), refused.value.problems


def test_an_empty_folder_is_refused(tmp_path: Any) -> None:
    with pytest.raises(BadFile, match="Não há arquivos"):
        loading.read_pages(tmp_path)


@pytest.mark.usefixtures("guide")
def test_every_page_is_read_with_the_figures_of_policy_and_hours(client: Client) -> None:
    index = read(client, "/ajuda/")
    for article in Article.objects.all():
        assert article.get_absolute_url() in index
        html = read(client, article.get_absolute_url())
        assert f"<h1>{article.title}</h1>" in html
        assert "{{" not in html
    said = read(client, "/ajuda/guia/atendimento/")
    assert "Depois de 72 horas sem resposta" in said
    assert "reabrir em até 48 horas" in said
    assert "das 8h às 18h" in said
    assert "encarregado@example.org" in read(client, "/ajuda/privacidade/")
    assert "São 15, e alguns" in read(client, "/ajuda/guia/como-abrir/")


@pytest.mark.usefixtures("guide")
def test_links_within_the_help_lead_somewhere(client: Client) -> None:
    written = " ".join(Article.objects.values_list("body", flat=True))
    later = {"/manifestacoes/"}  # another part of the portal
    for address in set(re.findall(r"\]\((/[^)]*)\)", written)) - later:
        assert client.get(address).status_code in (200, 302), address


@pytest.mark.usefixtures("guide")
def test_a_page_of_one_kind_is_not_found_as_another(client: Client) -> None:
    assert client.get("/ajuda/guia/privacidade/").status_code == 404
    assert client.get("/ajuda/canais/").status_code == 404
    Article.objects.filter(slug="privacidade").update(active=False)
    assert client.get("/ajuda/privacidade/").status_code == 404


@pytest.mark.usefixtures("catalog")
def test_the_matrix_has_each_offering_once_and_every_link_opens_its_form(client: Client) -> None:
    html = read(client, PRODUCTS)
    links = re.findall(r'href="/abrir/([\w-]+)/([\w-]+)/([\w-]+)/([\w-]+)/"', html)
    assert len(links) == len(set(links)) == 215
    for link in links:
        assert offers.offering_at(*link)
    assert html.count('scope="rowgroup"') == 15
    assert html.count("Não há<span") == 4 * 65 - 215


@pytest.mark.usefixtures("catalog")
def test_every_link_of_the_matrix_has_a_name_of_its_own(client: Client) -> None:
    cells = re.findall(r'<td role="cell"><a [^>]*>(.*?)</a>', read(client, PRODUCTS))
    names = [re.sub("<[^>]+>", " ", cell) for cell in cells]
    assert len(names) == len(set(names)) == 215


@pytest.mark.usefixtures("catalog")
def test_the_matrix_costs_one_query_and_changes_with_the_catalog(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):  # and the footer's
        read(client, PRODUCTS)
    Offering.objects.filter(product__slug="sei").update(active=False)
    with django_assert_num_queries(2):
        assert "produto-sei" not in read(client, PRODUCTS)
    Product.objects.update(active=False)
    assert "Nada é oferecido agora" in read(client, PRODUCTS)


@pytest.mark.usefixtures("catalog")
def test_who_has_the_matrix_is_told_that_it_is_the_same(client: Client) -> None:
    first = client.get(PRODUCTS)
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, no-cache"
    again = client.get(PRODUCTS, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    Product.objects.filter(slug="sei").update(purpose="Outra coisa")
    assert client.get(PRODUCTS, headers={"If-None-Match": etag}).status_code == 200
    client.cookies["contraste"] = "alto"
    assert client.get(PRODUCTS, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.usefixtures("catalog")
def test_the_matrix_of_who_has_a_session_is_kept_nowhere(client: Client) -> None:
    client.force_login(User.objects.create_user("ana@example.org", name="Ana"))
    assert client.get(PRODUCTS).headers["Cache-Control"] == "private, no-store"
