"""A message that holds another subject becomes a ticket of its own; both tell of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from files.models import Scan, StoredFile
from notifications.models import Notice
from tests.cast import another_product, at_status, follow, form, fresh, opened, person, sent_file
from tests.tickets.admin.desk import state_of
from tickets import history, lifecycle, replay
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import Attachment, Message, Ticket, TicketLink
from tickets.states import Status, Via


@pytest.fixture
def two(c: SimpleNamespace) -> SimpleNamespace:
    """Ana's ticket with Bia, on which she also asks for something of another product, with a file."""
    c.other = another_product(c)
    c.ticket = at_status(c, Status.IN_PROGRESS)
    c.file = sent_file(c.ana)
    body = "E o Barramento não envia."
    lifecycle.speak(c.ticket.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form(), body=body, files=[c.file])
    c.said, c.attachment = Message.objects.latest("id"), Attachment.objects.latest("id")
    return c


def split(c: SimpleNamespace, **fields: Any) -> Ticket:
    facts: dict[str, Any] = {"by": fresh(c.bia), "via": Via.DESK, "request_id": form(), "message": c.said.pk}
    facts |= {"offering": c.other, "subject": "Não envia", "body": c.said.body, "files": [c.attachment.pk]}
    return lifecycle.split(c.ticket.pk, **{**facts, **fields})


def test_it_becomes_a_ticket_of_the_same_requester_and_body(two: SimpleNamespace) -> None:
    made = split(two)
    assert (made.requester, made.agency, made.offering, made.status) == (two.ana, two.a, two.other, Status.QUEUED)
    first = made.messages.get()
    assert first.author == two.ana
    assert first.body.startswith("E o Barramento não envia.\n\nSeparado do chamado ")
    assert str(two.ticket.number) in first.body
    assert Message.objects.get(pk=two.said.pk).body == two.said.body
    assert made in Ticket.objects.visible_to(fresh(two.ana))
    assert list(replay.differences(Ticket.objects.all())) == []


def test_both_are_tied_and_both_tell_of_it(two: SimpleNamespace) -> None:
    made, old = split(two), two.ticket
    link = TicketLink.objects.get()
    assert (link.kind, link.ticket, link.other) == ("related", old, made)
    told = [history.sentence(ticket.events.latest("id"), internal=False) for ticket in (old, made)]
    assert told == [
        f"Bia separou um assunto deste chamado: ele segue no chamado {made.number}.",
        f"Bia abriu o chamado com um assunto separado do chamado {old.number}.",
    ]
    for ticket, kind in ((old, "ticket_split"), (made, "ticket_opened")):
        assert Notice.objects.filter(recipient=two.ana, kind=kind, data__ticket=ticket.pk).count() == 1


def test_who_follows_hears_of_it_and_does_not_read_the_new_one(two: SimpleNamespace) -> None:
    fabi = person("Fabi")
    follow(two.ticket, fabi)
    made = split(two)
    assert Notice.objects.filter(recipient=fabi, kind="ticket_split").count() == 1
    assert made not in Ticket.objects.visible_to(fresh(fabi))


def test_each_ticket_has_a_content_of_its_own(two: SimpleNamespace) -> None:
    made = split(two)
    copied = Attachment.objects.get(ticket=made).file
    assert (copied.name, copied.sha256, copied.attached_at is None) == (two.file.name, two.file.sha256, False)
    assert copied.content.name != two.file.content.name
    lifecycle.redact(two.ticket.pk, by=fresh(two.bia), via=Via.DESK, request_id=form(), what=two.attachment)
    assert default_storage.exists(copied.content.name)


def test_the_same_form_again_opens_nothing_more(two: SimpleNamespace) -> None:
    request_id = form()
    made = split(two, request_id=request_id)
    before = (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count())
    assert split(two, request_id=request_id) == made
    assert (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count()) == before


def test_who_may_not_split_copies_nothing(two: SimpleNamespace) -> None:
    before = (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count())
    for name in ("beto", "caio", "duda", "ana", "dora"):
        with CaptureQueriesContext(connection) as asked, pytest.raises(IllegalMove):
            split(two, by=fresh(getattr(two, name)))
        assert not [query["sql"] for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count()) == before


@pytest.mark.parametrize(
    "why", ["no words", "no subject", "of the team", "internal", "of another ticket", "held", "gone", "left"]
)
def test_what_cannot_become_a_ticket_is_refused_and_changes_nothing(two: SimpleNamespace, why: str) -> None:
    fields: dict[str, Any] = {}
    match why:
        case "no words":
            fields["body"] = "  "
        case "no subject":
            fields["subject"] = " "
        case "of the team":
            lifecycle.comment(two.ticket.pk, by=fresh(two.bia), via=Via.DESK, request_id=form(), body="Vamos ver.")
            fields["message"] = Message.objects.latest("id").pk
        case "internal":
            lifecycle.note(two.ticket.pk, by=fresh(two.bia), via=Via.DESK, request_id=form(), body="Nota.")
            fields["message"] = Message.objects.latest("id").pk
        case "of another ticket":
            fields["message"] = opened(two).messages.get().pk
        case "held":
            StoredFile.objects.filter(pk=two.file.pk).update(scan=Scan.HELD)
        case "gone":
            two.file.delete_content()
        case "left":
            two.ana.memberships.update(ended_at=two.ticket.opened_at)
    before = (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count(), TicketLink.objects.count())
    with pytest.raises(Incomplete):
        split(two, **fields)
    after = (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count(), TicketLink.objects.count())
    assert after == before


@pytest.mark.parametrize("who", ["ana", "beto", "duda", "caio"])
def test_only_who_works_it_splits_it(two: SimpleNamespace, who: str) -> None:
    """Beto is of the queue, but Bia has it in progress."""
    before = (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count())
    with pytest.raises(IllegalMove):
        split(two, by=fresh(getattr(two, who)))
    assert (*state_of(two.ticket), Ticket.objects.count(), StoredFile.objects.count()) == before


def test_a_file_that_was_hidden_does_not_come_along(two: SimpleNamespace) -> None:
    lifecycle.redact(two.ticket.pk, by=fresh(two.bia), via=Via.DESK, request_id=form(), what=two.attachment)
    made = split(two, files=[two.attachment.pk, 99_999])
    assert not Attachment.objects.filter(ticket=made).exists()
