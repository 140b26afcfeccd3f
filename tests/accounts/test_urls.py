"""Every address below /conta/: who reaches it, and that the page is ours."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from pytest_django.fixtures import Settings

from accounts.models import User

Make = Callable[..., User]

PUBLIC = {
    "/conta/entrar/",
    "/conta/criar/",
    "/conta/inativa/",
    "/conta/confirmar-email/",
    "/conta/confirmar-email/x/",
    "/conta/email/chegou/x/",
    "/conta/senha/recuperar/",
    "/conta/senha/recuperar/enviado/",
    "/conta/senha/nova/x-x/",
    "/conta/senha/nova/feito/",
}


def addresses() -> list[str]:
    patterns = next(p for p in get_resolver().url_patterns if str(p.pattern) == "conta/").url_patterns
    examples = {"pk": 1, "key": "x", "uidb36": "x"}
    return [
        reverse(p.name, kwargs={name: examples[name] for name in p.pattern.converters or p.pattern.regex.groupindex})
        for p in patterns
    ]


@pytest.mark.parametrize("address", addresses())
def test_every_address_to_a_visitor(db: None, client: Client, address: str) -> None:
    """The public ones answer with our page; the rest lead to sign-in, whatever the method (ABUSE 27)."""
    answer = client.get(address)
    if address in PUBLIC:
        assert answer.status_code == 200
        text = answer.content.decode()
        assert 'lang="pt-BR"' in text
        assert not re.search(r"<script(?![^>]*src=)|style=|onclick=", text)
    else:
        where = "/" if address == "/conta/sair/" else f"/conta/entrar/?next={address}"
        assert (answer.status_code, answer["Location"]) == (302, where)
        assert client.post(address)["Location"] == where


OWN = ("/conta/", "/conta/email/", "/conta/senha/", "/conta/sair/", "/conta/confirmar-identidade/")


@pytest.mark.parametrize("address", OWN)
def test_own_pages_are_ours_and_show_no_whole_cpf(person: Make, client: Client, address: str) -> None:
    person("ana@example.org", cpf="52998224725")
    client.post("/conta/entrar/", {"login": "ana@example.org", "password": "segredo-longo-42"})
    text = client.get(address).content.decode()
    assert 'lang="pt-BR"' in text
    assert "52998224725" not in text
    assert "529.982.247-25" not in text
    assert not re.search(r"<script(?![^>]*src=)|style=|onclick=", text)


def test_the_demo_offers_its_people_and_nobody_else_does(db: None, client: Client, settings: Settings) -> None:
    text = client.get("/conta/entrar/?next=/conta/").content.decode()
    assert text.count("Entrar como ") == 11
    assert text.count('name="next" value="/conta/"') == 12  # the form's own and one for each person
    settings.DEMO = False
    text = client.get("/conta/entrar/").content.decode()
    assert "Entrar como" not in text
    assert "example.org" not in text
