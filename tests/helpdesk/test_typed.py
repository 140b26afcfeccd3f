"""What was typed when the session was over comes back to its writer, and to nobody else."""

import uuid
from types import SimpleNamespace

import pytest
from django.test import Client

from tests.cast import full_cast, opened
from tests.tickets.asking import ERROR_FORM, short_form, written
from tickets.models import Message, Ticket

WORDS = "A tela fica <b>branca</b>\nao assinar."
SHOWN = "A tela fica &lt;b&gt;branca&lt;/b&gt;\nao assinar."


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    return full_cast()


def test_an_answer_sent_after_the_session_is_shown_back(c: SimpleNamespace, client: Client) -> None:
    ticket = opened(c)
    said = Message.objects.count()
    url = f"/chamados/{ticket.number}/responder/"
    answer = client.post(url, {"form_id": str(uuid.uuid4()), "body": WORDS})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "private, no-store"  # the cookie of the session is gone
    assert SHOWN in page
    assert f'href="/conta/entrar/?next={url}"' in page
    assert page.count("<textarea") == 1  # not the form's id
    assert Message.objects.count() == said


@pytest.mark.parametrize("url", ["/admin/tickets/n2ticket/{pk}/acao/note/", ERROR_FORM])
def test_so_are_words_of_the_desk_and_of_the_opening_form(c: SimpleNamespace, client: Client, url: str) -> None:
    short_form(c)
    pk = opened(c).pk
    page = client.post(url.format(pk=pk), written(c, descricao=WORDS, words=WORDS)).content.decode()
    assert SHOWN in page
    assert Ticket.objects.count() == 1


def test_a_form_without_words_leads_to_the_sign_in(c: SimpleNamespace, client: Client) -> None:
    ticket = opened(c)
    answer = client.post(f"/chamados/{ticket.number}/cancelar/", {"form_id": str(uuid.uuid4()), "body": "Já foi."})
    assert (answer.status_code, answer["Location"]) == (302, f"/conta/entrar/?next=/chamados/{ticket.number}/cancelar/")


def test_a_page_that_is_too_old_shows_the_words_and_never_a_password(c: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(c.ana)
    url = f"/chamados/{opened(c).number}/responder/"
    answer = client.post(url, {"body": WORDS, "password": "uma frase bem secreta"})
    assert answer.status_code == 403
    assert SHOWN in answer.content.decode()
    assert "secreta" not in answer.content.decode()
    page = client.post("/conta/entrar/", {"login": "ana.com.nome.longo@example.org", "password": "uma frase bem secreta"})
    assert "<textarea" not in page.content.decode()
