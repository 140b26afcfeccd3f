"""The frame of every page, and the pages of errors."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import RoleGrant, User
from helpdesk import views


def page(template: str = "404.html", user: Any = None, **context: Any) -> str:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return render_to_string(template, context, request)


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana@example.org", "segredo-longo-42", name="Ana Moura")


def test_page_speaks_brazilian_portuguese_and_names_itself() -> None:
    html = page()
    assert '<html lang="pt-BR">' in html
    assert "<title>Página não encontrada · Portal de Serviços</title>" in html


def test_visitor_is_offered_to_sign_in() -> None:
    html = page()
    assert f'href="{reverse("account_login")}"' in html
    assert "Sair" not in html
    assert "Mesa de trabalho" not in html


def test_person_sees_own_name_and_signs_out_by_post(ana: User) -> None:
    html = page(user=ana)
    assert ana.get_short_name() in html
    assert f'<form method="post" action="{reverse("account_logout")}" data-signs-out>' in html
    assert "Mesa de trabalho" not in html


def test_staff_has_the_desk_in_the_menu(ana: User) -> None:
    RoleGrant.objects.create(user=ana, role=RoleGrant.Role.ADMIN)
    assert f'href="{reverse("admin:index")}"' in page(user=ana)


def test_demo_says_that_it_is_one(settings: Any) -> None:
    settings.DEMO = True
    assert "Demonstração." in page()
    settings.DEMO = False
    assert "Demonstração." not in page()


def test_page_asks_no_other_host() -> None:
    """Links may lead there; nothing is loaded from there or sent there."""
    assert re.findall(r'<(?!a\b)[^>]*(?:src|href|action)="(?:https?:)?//[^"]+"', page()) == []


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"])
def test_error_page_has_one_heading_and_a_way_out(template: str) -> None:
    html = page(template)
    assert html.count("<h1>") == 1
    assert 'href="/"' in html
    assert '<main id="conteudo"' in html
    assert "A equipe responde no horário de atendimento." in html  # no ``db`` fixture here: figures would be a query


def test_unknown_address_answers_404_in_the_design(client: Client, db: None) -> None:
    response = client.get("/nao-existe/")
    assert response.status_code == 404
    assert "Não encontramos esta página" in response.content.decode()
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_failure_page_needs_neither_database_nor_context() -> None:
    """No ``db`` fixture here: a query would fail the test."""
    request: HttpRequest = RequestFactory().get("/")
    response = views.server_error(request)
    assert response.status_code == 500
    assert "O portal teve um problema" in response.content.decode()


def test_form_from_an_old_page_says_that_nothing_was_saved(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "ana@example.org"})
    assert response.status_code == 403
    assert "Nada foi gravado." in response.content.decode()


def test_skip_links_lead_to_places_that_exist() -> None:
    html = page()
    links = re.findall(r'<a href="#(\w+)" accesskey="(\d)"', html)
    assert links == [("conteudo", "1"), ("menu", "2"), ("busca", "3"), ("rodape", "4")]
    for target, _ in links:
        assert html.count(f'id="{target}"') == 1


@pytest.mark.parametrize(("count", "words"), [(0, "nenhum novo"), (1, "1 não lido<"), (3, "3 não lidos<")])
def test_unread_notices_are_said_in_words(ana: User, count: int, words: str) -> None:
    html = render_to_string(
        "govbr/header.html", {"user": ana, "unread_notices": count, "request": RequestFactory().get("/"), "demo": False}
    )
    assert words in html
    assert ('class="count"' in html) == (count > 0)


def test_ticket_number_field_is_on_every_page() -> None:
    assert re.search(r'<label for="busca">Nº do chamado</label>\s*<input id="busca" name="numero" inputmode="numeric"', page())
