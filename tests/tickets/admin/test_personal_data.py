"""The dpo's page: words and files of any ticket, each look recorded, hiding and nothing else."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import RoleGrant
from catalog.offers import attachment_policy
from files import intake
from tests.cast import at_status, form, fresh, opened
from tests.tickets.admin.desk import bench_url, offered, sent, signed_in, state_of
from tickets import lifecycle, rules
from tickets.admin.personal_data import address
from tickets.forms.redacting import key
from tickets.models import REDACTED, Attachment, Ticket, TicketReading
from tickets.states import Status, Via

SEARCH = "/admin/tickets/personaldataticket/"


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    """Bia's, with a note that has a secret and a file."""
    ticket, form_id = at_status(c, Status.IN_PROGRESS), form()
    upload = SimpleUploadedFile("senha.txt", b"segredo1")
    file = intake.accept(upload, policy=attachment_policy(ticket.offering), by=c.bia, form_id=form_id)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form_id, body="A senha é segredo1.", files=[file])
    return ticket


def test_a_number_leads_there_from_her_page_and_from_the_header(c: SimpleNamespace, ticket: Ticket) -> None:
    dora = signed_in(c.dora)
    assert "Dados pessoais nos chamados" in dora.get("/admin/").content.decode()
    assert dora.get(f"{SEARCH}?q={ticket.number}")["Location"] == address(ticket)
    assert dora.get(f"/chamados/ir/?numero={ticket.number}")["Location"] == address(ticket)
    for typed, sentence in (("99999999", "Não há chamado com este número."), ("<b>", "Digite os 8 algarismos")):
        answer = dora.get(SEARCH, {"q": typed})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert "<b>" not in answer.content.decode().partition("numero-do-chamado")[2].partition("</form>")[0]
    assert not TicketReading.objects.exists()


def test_she_reads_words_notes_and_files_and_it_is_recorded(c: SimpleNamespace, ticket: Ticket) -> None:
    page = signed_in(c.dora).get(address(ticket)).content.decode()
    assert "Ao assinar, a tela fica em branco." in page
    assert "A senha é segredo1." in page
    assert "senha.txt" in page
    assert "Produção" in page
    assert TicketReading.objects.get().user == c.dora
    file = signed_in(c.dora).get(reverse("attachment", args=[Attachment.objects.get().file_id]))
    assert b"".join(file) == b"segredo1"


def test_it_shows_no_more_than_that(c: SimpleNamespace, ticket: Ticket) -> None:
    c.ana.phone = "61987654321"
    c.ana.save()
    page = signed_in(c.dora).get(address(ticket)).content.decode()
    assert c.ana.email not in page
    assert "98765" not in page
    assert offered(page) == set()
    assert rules.legal_actions(c.dora, ticket) == {"redact"}
    for url in (bench_url(ticket), ticket.get_absolute_url(), reverse("admin:tickets_n2ticket_changelist")):
        assert signed_in(c.dora).get(url).status_code == 404
    before = state_of(ticket)
    assert sent(c.dora, ticket, "note", words="Lida.").status_code == 404
    assert state_of(ticket) == before


def test_she_hides_and_takes_no_part_by_it(c: SimpleNamespace, ticket: Ticket) -> None:
    note = ticket.messages.latest("pk")
    url, dora = address(ticket, "redact"), signed_in(c.dora)
    refused = dora.post(url, {"form_id": str(form()), "what": key(note), "passage": "não há"})
    assert refused.status_code == 422
    assert "Este trecho não está no texto." in refused.content.decode()
    answer = dora.post(url, {"form_id": str(form()), "what": key(note), "passage": "segredo1"})
    assert answer["Location"] == f"{address(ticket)}#conversa"
    assert dora.post(url, {"form_id": str(form()), "what": key(Attachment.objects.get())}).status_code == 302
    note.refresh_from_db()
    assert note.body == f"A senha é {REDACTED}."
    assert Attachment.objects.get().redacted_at is not None
    assert not ticket.participants.filter(user=c.dora).exists()
    assert ticket.events.filter(action="redact", actor=c.dora).count() == 2


def test_her_own_request_and_a_grant_that_ended_open_nothing(c: SimpleNamespace, ticket: Ticket) -> None:
    own = opened(c, by=c.dora)
    assert signed_in(c.dora).get(address(own)).status_code == 404
    RoleGrant.objects.filter(user=c.dora).update(role="ombudsman")
    dora = fresh(c.dora)
    before = state_of(ticket)
    assert signed_in(dora).get(address(ticket)).status_code == 404
    data = {"form_id": str(form()), "what": key(ticket), "whole": "1"}
    assert signed_in(dora).post(address(ticket, "redact"), data).status_code == 404
    assert state_of(ticket) == before
    assert not TicketReading.objects.exists()
