"""What every answer carries beside what its view says."""

from types import SimpleNamespace

import pytest
from django.test import Client

from tests.cast import full_cast, opened


@pytest.mark.django_db
def test_a_persons_pages_are_kept_nowhere() -> None:
    """After sign-out, Back shows nobody the pages of the person before."""
    c: SimpleNamespace = full_cast()
    ticket = opened(c)
    client = Client()
    client.force_login(c.ana)
    for url in ("/", "/chamados/", f"/chamados/{ticket.number}/", "/conta/", "/avisos/", "/chamados/99999999/"):
        assert client.get(url)["Cache-Control"] == "private, no-store", url
    client.force_login(c.bia)
    assert "no-store" in client.get("/admin/")["Cache-Control"]


@pytest.mark.django_db
def test_pages_for_everybody_stay_as_they_are(client: Client) -> None:
    assert "Cache-Control" not in client.get("/abrir/")
