"""The desk's pages: in the portal's frame, and free of what the content security policy refuses."""

import re

import pytest
from django.contrib import admin
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import RoleGrant, User
from catalog.models import CoreSystem

REFUSED = re.compile(
    r"<style\b|\sstyle\s*=|<[^>]*\son[a-z]+\s*=|<script(?![^>]*\ssrc=)|(?:src|href)=\"(?:https?:)?//[^\"]+\.(?:js|css)"
)


@pytest.fixture
def boss(db: None) -> User:
    """Somebody who may open every page of the desk that any one role may open."""
    user = User.objects.create_user("adelina@example.org", "segredo-longo-42", name="Adelina Menezes")
    core = CoreSystem.objects.create(slug="pen", name="PEN", card_name="PEN", acronym="PEN", description="x")
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.ADMIN)
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.CURATOR, core_system=core)
    RoleGrant.objects.create(user=user, role=RoleGrant.Role.MANAGER, core_system=core)
    return user


@pytest.fixture
def desk(boss: User) -> Client:
    client = Client()
    client.force_login(boss)
    return client


def desk_request(user: User) -> HttpRequest:
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def lists_and_forms(user: User) -> list[str]:
    """The addresses of every list that this person may open, and of every form for a new row."""
    found = [reverse("admin:index")]
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if page.has_view_permission(desk_request(user)):
            found.append(reverse(f"{name}_changelist"))
        if page.has_add_permission(desk_request(user)):
            found.append(reverse(f"{name}_add"))
    return found


def test_every_page_passes_the_content_security_policy(desk: Client, boss: User) -> None:
    addresses = lists_and_forms(boss)
    assert len(addresses) > 5
    for address in addresses:
        response = desk.get(address)
        assert response.status_code == 200, address
        assert REFUSED.findall(response.content.decode()) == [], address
        assert "unsafe" not in response.headers["Content-Security-Policy"], address


def test_pages_have_the_portal_frame(desk: Client) -> None:
    html = desk.get(reverse("admin:index")).content.decode()
    assert '<html lang="pt-BR">' in html
    assert html.count('id="conteudo"') == 1
    assert html.count("<h1>") == 1
    assert f'action="{reverse("account_logout")}"' in html
    assert "A equipe responde no horário de atendimento." in html


def test_list_is_headed_by_what_it_lists(desk: Client) -> None:
    html = desk.get(reverse("admin:accounts_agency_changelist")).content.decode()
    assert "<h1>Órgãos</h1>" in html
    assert '<label for="searchbar">Buscar</label>' in html


def test_search_of_a_list_keeps_its_filters(desk: Client) -> None:
    html = desk.get(reverse("admin:accounts_agency_changelist"), {"active__exact": "1", "q": "<b>"}).content.decode()
    assert '<input type="hidden" name="active__exact" value="1">' in html
    assert 'name="q" value="&lt;b&gt;"' in html


def test_visitor_is_sent_to_the_portals_own_sign_in(client: Client, db: None) -> None:
    response = client.get(reverse("admin:index"), follow=True)
    assert response.redirect_chain[-1][0] == f"{reverse('account_login')}?next=%2Fadmin%2F"
