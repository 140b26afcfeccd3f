"""Splitting at the workbench: the form of one message, and what becomes of it."""

from types import SimpleNamespace

import pytest

from tests.cast import another_product, at_status, form, fresh, opened, sent_file
from tests.tickets.admin.desk import INLINE, bench_url, page_of, signed_in, state_of
from tickets import lifecycle
from tickets.models import Attachment, Message, Ticket
from tickets.states import Status, Via


@pytest.fixture
def said(c: SimpleNamespace) -> SimpleNamespace:
    """A message of Ana's with a file, on a ticket that Bia has in progress."""
    c.other = another_product(c)
    c.ticket = at_status(c, Status.IN_PROGRESS)
    words = {"body": "E o <b>Barramento</b>?", "files": [sent_file(c.ana)]}
    lifecycle.speak(c.ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), **words)
    c.said, c.attachment = Message.objects.latest("id"), Attachment.objects.latest("id")
    c.url = bench_url(c.ticket).replace("change", f"separar/{c.said.pk}")
    return c


def test_the_workbench_leads_from_each_message_of_the_requesters_side(said: SimpleNamespace) -> None:
    lifecycle.comment(said.ticket.pk, by=fresh(said.bia), via=Via.DESK, request_id=form(), body="Vamos ver.")
    page = page_of(fresh(said.bia), said.ticket)
    assert page.count("/separar/") == said.ticket.messages.filter(from_team=False).count() == 2
    assert said.url in page
    assert "/separar/" not in page_of(fresh(said.beto), said.ticket)  # it is a colleague's


def test_the_form_begins_with_the_message_and_opens_the_ticket(said: SimpleNamespace) -> None:
    client = signed_in(said.bia)
    page = client.get(said.url).content.decode()
    assert "E o &lt;b&gt;Barramento&lt;/b&gt;?</textarea>" in page
    assert not INLINE.search(page)
    sent = {"form_id": str(form()), "subject": "Barramento", "offering": said.other.pk, "body": "Barramento?"}
    response = client.post(said.url, {**sent, "attachments": said.attachment.pk})
    assert response.status_code == 302
    made = Ticket.objects.latest("id")
    assert (made.subject, made.requester, made.attachments.count()) == ("Barramento", said.ana, 1)
    assert str(made.number) in page_of(fresh(said.bia), said.ticket)


@pytest.mark.parametrize(
    ("field", "value"), [("subject", ""), ("body", ""), ("offering", "999"), ("offering", "x"), ("attachments", "7")]
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(said: SimpleNamespace, field: str, value: str) -> None:
    before = (*state_of(said.ticket), Ticket.objects.count())
    sent = {"form_id": str(form()), "subject": "Outro", "offering": str(said.other.pk), "body": "O texto."}
    response = signed_in(said.bia).post(said.url, {**sent, field: value})
    assert response.status_code == 422
    page = response.content.decode()
    assert ('value="Outro"' in page) == (field != "subject")
    assert ("O texto.</textarea>" in page) == (field != "body")
    assert (*state_of(said.ticket), Ticket.objects.count()) == before


def test_who_may_not_split_is_told_and_nothing_changes(said: SimpleNamespace) -> None:
    before = (*state_of(said.ticket), Ticket.objects.count())
    client = signed_in(said.beto)
    assert client.get(said.url).status_code == 302
    sent = {"form_id": str(form()), "subject": "Outro", "offering": said.other.pk, "body": "O texto."}
    assert client.post(said.url, sent).status_code == 409
    assert (*state_of(said.ticket), Ticket.objects.count()) == before


@pytest.mark.parametrize("which", ["of the team", "of another ticket", "of a closed one"])
def test_other_messages_have_no_such_page(said: SimpleNamespace, which: str) -> None:
    lifecycle.comment(said.ticket.pk, by=fresh(said.bia), via=Via.DESK, request_id=form(), body="Vamos ver.")
    match which:
        case "of the team":
            message, status = Message.objects.latest("id"), 404
        case "of another ticket":
            message, status = opened(said).messages.get(), 404
        case _:
            message, status = said.said, 302
            lifecycle.solved(said.ticket.pk, by=fresh(said.ana), via=Via.PORTAL, request_id=form())
    url = bench_url(said.ticket).replace("change", f"separar/{message.pk}")
    assert signed_in(said.bia).get(url).status_code == status
