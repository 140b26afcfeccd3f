"""High contrast: a cookie that every page reads."""

import pytest
from django.test import Client

URL = "/ajuda/contraste/"


@pytest.mark.django_db
def test_it_is_turned_on_and_off_and_leads_back() -> None:
    client = Client(enforce_csrf_checks=True)  # it needs no token
    assert "contrast.css" not in client.get("/ajuda/").content.decode()
    response = client.post(URL, {"contraste": "alto", "voltar": "/ajuda/perguntas/?q=sei"})
    assert (response.status_code, response.headers["Location"]) == (302, "/ajuda/perguntas/?q=sei")
    cookie = response.cookies["contraste"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    html = client.get("/ajuda/").content.decode()
    assert '<html lang="pt-BR" class="high-contrast">' in html
    assert "contrast.css" in html
    assert "Contraste normal" in html
    client.post(URL, {"contraste": "normal"})
    assert 'class="high-contrast"' not in client.get("/ajuda/").content.decode()


@pytest.mark.parametrize(
    "back", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "/\\example.org", "home", "nada", "a.b"]
)
def test_it_leads_nowhere_else(back: str) -> None:
    assert Client().post(URL, {"contraste": "alto", "voltar": back}).headers["Location"] == "/"


@pytest.mark.django_db
def test_a_cookie_that_says_something_else_says_nothing() -> None:
    client = Client()
    client.cookies["contraste"] = '"><script>'
    html = client.get("/ajuda/").content.decode()
    assert 'class="high-contrast"' not in html
    assert "<script>" not in html


@pytest.mark.django_db
def test_a_page_leads_back_to_itself() -> None:
    html = Client().get("/ajuda/perguntas/?q=a&produto=sei").content.decode()
    assert '<input type="hidden" name="voltar" value="/ajuda/perguntas/?q=a&amp;produto=sei">' in html
