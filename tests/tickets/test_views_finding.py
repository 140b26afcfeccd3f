"""The search for what to open a ticket about, with and without JavaScript."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from tests.cast import another_product, opened

SEARCH = "/abrir/buscar/"


def links(page: str) -> list[str]:
    return re.findall(r'<a href="(/abrir/[^"]+)">', page.partition('id="achados"')[2] or page)


@pytest.fixture
def two_products(c: SimpleNamespace) -> SimpleNamespace:
    another_product(c)
    c.kind.synonyms = ["erro"]
    c.kind.save()
    return c


def test_a_page_answers_without_javascript(two_products: SimpleNamespace, client: Client) -> None:
    page = client.get(SEARCH, {"q": "barramentos"}).content.decode()
    assert "<h1>" in page
    assert 'value="barramentos"' in page
    assert "1 produto encontrado." in page
    assert links(page)[0] == "/abrir/pen/executivo-federal/barramento/"


def test_htmx_is_given_the_list_and_a_summary_to_read_out(two_products: SimpleNamespace, client: Client) -> None:
    part = client.get(SEARCH, {"q": "erro barramento"}, headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" not in part
    assert '<div hx-swap-oob="innerHTML:#achados-resumo">1 produto encontrado.' in part
    assert links(part) == ["/abrir/pen/executivo-federal/barramento/reportar-erro/"]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_who_finds_nothing_is_told_and_led_on(c: SimpleNamespace, client: Client, headers: dict[str, str]) -> None:
    page = client.get(SEARCH, {"q": "<b>xyz</b>"}, headers=headers).content.decode()
    assert "Nada encontrado com “&lt;b&gt;xyz&lt;/b&gt;”" in page
    assert "<b>xyz" not in page


def test_nothing_typed_is_no_complaint(c: SimpleNamespace, client: Client) -> None:
    page = client.get(SEARCH).content.decode()
    assert "Nada encontrado" not in page
    assert "encontrado" not in page.partition("<main")[2].partition("</main")[0].replace("Escreva", "")


def test_the_sphere_that_one_asks_in_comes_first(two_products: SimpleNamespace, client: Client) -> None:
    c = two_products
    state = c.offering.__class__.objects.create(
        sphere=c.other_sphere, product=c.product, support_type=c.kind, n2_queue=c.n2, n3_queue=c.n3
    )
    assert links(client.get(SEARCH, {"q": "sei"}).content.decode())[:2] == [
        "/abrir/pen/executivo-federal/sei/",
        "/abrir/pen/executivo-estadual/sei/",
    ]
    opened(c, offering=state)
    client.force_login(c.ana)
    assert links(client.get(SEARCH, {"q": "sei"}).content.decode())[0] == "/abrir/pen/executivo-estadual/sei/"
    first_step = client.get("/abrir/pen/").content.decode()
    assert '<a href="/abrir/pen/executivo-estadual/">Continuar em Executivo Estadual</a>, como da última vez.' in first_step


@pytest.mark.parametrize("address", ["/", "/abrir/"])
def test_search_and_usual_requests_stand_where_one_begins(c: SimpleNamespace, client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert f'action="{SEARCH}"' in page
    assert "Mais pedidos" not in page
    opened(c)
    client.force_login(c.ana)
    page = client.get(address).content.decode()
    assert f'action="{SEARCH}"' in page
    assert "você já pediu" in page
    named = 'Reportar um erro: SEI<span class="sr-only">, Executivo Federal</span></a>'
    assert f'<a href="/abrir/pen/executivo-federal/sei/reportar-erro/">{named}' in page


@pytest.mark.django_db
def test_a_page_that_is_not_there_offers_the_search(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        missing = client.get("/nao-existe/")
    assert missing.status_code == 404
    assert f'action="{SEARCH}"' in missing.content.decode()


@pytest.mark.parametrize(("headers", "whole"), [({}, True), ({"HX-Request": "true"}, False)])
def test_a_flood_of_searches_is_answered_in_plain_words(
    c: SimpleNamespace, client: Client, settings: Settings, headers: dict[str, str], whole: bool
) -> None:
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"catalog_search": "1/5m/ip"}
    answers = [client.get(SEARCH, {"q": "sei"}, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    said = answers[-1].content.decode()
    assert ("<html" in said, "tente de novo" in said) == (whole, True)
    assert client.get(SEARCH).status_code == 200


@pytest.mark.parametrize("products", [1, 2])
def test_the_search_costs_a_fixed_number_of_queries(
    c: SimpleNamespace, client: Client, products: int, django_assert_num_queries: Any, settings: Settings
) -> None:
    # Where the limit is counted, outside the demo, is no table.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    if products == 2:
        another_product(c)
    with django_assert_num_queries(4):
        client.get(SEARCH, {"q": "sei barramento"}, headers={"HX-Request": "true"})
