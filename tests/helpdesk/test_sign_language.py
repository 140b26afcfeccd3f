"""VLibras: not there unless turned on, and then only where nobody's words are."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from helpdesk import sign_language

pytestmark = pytest.mark.django_db
HEADER = "Content-Security-Policy"
SCRIPT = '<script src="https://vlibras.gov.br/app/vlibras-plugin.js" defer></script>'


def test_it_is_off() -> None:
    response = Client().get("/ajuda/")
    assert "vlibras" not in response.content.decode().lower()
    assert "vlibras" not in response.headers[HEADER]
    assert "unsafe" not in response.headers[HEADER]


@pytest.mark.parametrize("address", ["/", "/ajuda/", "/ajuda/perguntas/", "/abrir/"])
def test_turned_on_it_is_on_public_pages(settings: Any, address: str) -> None:
    settings.VLIBRAS = True
    response = Client().get(address)
    html, policy = response.content.decode(), response.headers[HEADER]
    assert SCRIPT in html
    assert "vlibras.js" in html
    assert "script-src 'self' https://vlibras.gov.br 'unsafe-eval' blob:" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("address", ["/conta/entrar/", "/manifestacoes/", "/healthz", "/nada/", "/conta/criar/"])
def test_pages_with_forms_and_accounts_stay_strict(settings: Any, address: str) -> None:
    settings.VLIBRAS = True
    response = Client().get(address)
    assert "vlibras" not in response.content.decode()
    assert "unsafe" not in response.headers[HEADER]
    assert "vlibras" not in response.headers[HEADER]


def test_who_has_signed_in_keeps_the_strict_policy(settings: Any) -> None:
    settings.VLIBRAS = True
    client = Client()
    client.force_login(User.objects.create_user("ana@example.org", name="Ana"))
    for address in ("/", "/ajuda/", "/chamados/"):
        response = client.get(address)
        assert "vlibras" not in response.content.decode()
        assert "unsafe" not in response.headers[HEADER]


def test_it_adds_to_no_directive_that_it_does_not_need() -> None:
    assert not {"default-src", "form-action", "frame-ancestors", "base-uri"} & sign_language.POLICY.keys()
