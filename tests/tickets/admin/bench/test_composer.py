"""The one place to write at the workbench: what it offers, what it keeps, and that nothing is overlooked."""

import re
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.cast import at_status, form, opened
from tests.tickets.admin.desk import action_url, page_of, sent, signed_in, state_of
from tickets import lifecycle
from tickets.models import Attachment, Message, Ticket
from tickets.states import Status, Via


def composer(page: str) -> str:
    return page.partition('id="escrever"')[2].partition("</section>")[0]


def buttons(page: str) -> list[str]:
    """The actions to which the composer of a page sends."""
    return re.findall(r'formaction="[^"]*/acao/(\w+)/"', composer(page))


def shown(page: str) -> int:
    """The newest event that a page says it shows."""
    (found,) = set(re.findall(r'name="seen" value="(\d+)"', page))
    return int(found)


def chosen(page: str) -> str:
    found = re.search(r'name="kind" value="(\w+)"[^>]* checked', composer(page))
    return found[1] if found else ""


def test_one_form_sends_to_what_is_legal(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    page = page_of(c.bia, ticket)
    assert buttons(page) == ["ask", "comment", "resolve", "note"]
    assert composer(page).count("<textarea") == 1
    assert chosen(page) == "publica"
    assert buttons(page_of(c.beto, ticket)) == ["note"]
    assert "Só a equipe lê este texto." in composer(page_of(c.beto, ticket))


@pytest.mark.parametrize(("action", "kind", "closing"), [("note", "interna", False), ("resolve", "publica", True)])
def test_the_address_says_what_is_written(c: SimpleNamespace, action: str, kind: str, closing: bool) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    page = signed_in(c.bia).get(action_url(ticket, action).partition("acao/")[0] + f"change/?acao={action}").content.decode()
    assert chosen(page) == kind
    assert ('id="acao-resolve" open>' in page) == closing


@pytest.mark.parametrize(("action", "kind"), [("comment", "interna"), ("ask", "interna"), ("note", "publica")])
def test_a_button_of_the_other_kind_sends_nothing(c: SimpleNamespace, action: str, kind: str) -> None:
    """A browser that does not hide it, or the Enter key, may press it: a note must not go out by a slip."""
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, action, words="A senha dele é fraca.", kind=kind)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "mas este botão" in composer(page)
    assert "A senha dele é fraca.</textarea>" in page
    assert chosen(page) == kind
    assert state_of(ticket) == before


def test_what_was_chosen_for_another_button_is_kept(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    page = sent(c.bia, ticket, "comment", words="", kind="publica", cause=c.cause.pk, article="/ajuda/").content.decode()
    assert f'<option value="{c.cause.pk}" selected>' in page
    assert 'value="/ajuda/"' in page
    assert 'id="acao-resolve" open>' in page


def answered_meanwhile(c: SimpleNamespace, ticket: Ticket) -> int:
    """Bia reads the page, Ana answers; what Bia's page shows."""
    seen = shown(page_of(c.bia, ticket))
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Já resolvi, obrigada!")
    return seen


def test_who_answers_reads_first_what_came_meanwhile(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    seen = answered_meanwhile(c, ticket)
    before = (ticket.messages.count(), ticket.events.count())
    said = {"words": "Qual a versão?", "form_id": form_id, "kind": "publica"}
    answer = sent(c.bia, ticket, "ask", **said, seen=seen, files=SimpleUploadedFile("tela.txt", b"tela\n"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ana respondeu enquanto você escrevia." in composer(page)
    assert "Qual a versão?</textarea>" in composer(page)
    assert "tela.txt" in composer(page)
    assert form_id in composer(page)
    new = re.findall(r'<li class="turn[^"]*turn-new".*?</li>', page, re.DOTALL)
    assert len(new) == 1
    assert "Já resolvi, obrigada!" in new[0]
    assert "Chegou agora" in new[0]
    assert (ticket.messages.count(), ticket.events.count()) == before

    assert shown(page) == ticket.events.latest("pk").pk
    assert sent(c.bia, ticket, "ask", **said, seen=shown(page)).status_code == 302
    assert ticket.messages.filter(body="Qual a versão?").count() == 1
    assert Attachment.objects.get().message.body == "Qual a versão?"


@pytest.mark.parametrize("action", ["refuse", "close_duplicate"])
def test_the_other_forms_that_speak_in_public_do_so_too(c: SimpleNamespace, action: str) -> None:
    ticket, root = opened(c), opened(c)
    seen = answered_meanwhile(c, ticket)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, action, words="Fora do escopo.", root=root.number, seen=seen)
    assert answer.status_code == 409
    assert "Ana respondeu enquanto você escrevia." in answer.content.decode()
    assert state_of(ticket) == before
    assert sent(c.bia, ticket, action, words="Fora.", root=root.number, seen=shown(answer.content.decode())).status_code == 302


def test_a_note_waits_for_nobody(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    seen = answered_meanwhile(c, ticket)
    assert sent(c.bia, ticket, "note", words="Ela resolveu.", kind="interna", seen=seen).status_code == 302
    assert Message.objects.filter(body="Ela resolveu.", internal=True).exists()


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 40, "²"])
def test_a_page_that_says_nothing_of_what_it_showed_sends(c: SimpleNamespace, seen: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    answered_meanwhile(c, ticket)
    assert sent(c.bia, ticket, "comment", words="Seguimos.", seen=seen).status_code == 302
