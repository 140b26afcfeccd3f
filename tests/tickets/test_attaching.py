"""A file sent with words belongs to the ticket from then on, and to one ticket only."""

import uuid
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from files import intake
from files.intake import Policy
from files.models import StoredFile
from tests.cast import at_status, form, opened
from tickets import lifecycle
from tickets.models import Attachment, Message
from tickets.states import Status, Via

POLICY = Policy(max_bytes=1000, max_files=3, extensions=frozenset({"txt"}))


def sent(c: SimpleNamespace, form_id: uuid.UUID) -> StoredFile:
    upload = SimpleUploadedFile("log.txt", b"linha do log\n")
    return intake.accept(upload, policy=POLICY, by=c.bia, form_id=form_id)


def test_a_file_goes_with_its_message_and_waits_no_more(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), form()
    file = sent(c, form_id)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form_id, body="Veja o log.", files=[file])
    attachment = Attachment.objects.get()
    assert (attachment.ticket, attachment.file, attachment.internal) == (ticket, file, True)
    assert not intake.waiting(form_id, c.bia).exists()
    assert StoredFile.objects.get().attached_at is not None


def test_a_file_of_one_ticket_does_not_go_to_another(c: SimpleNamespace) -> None:
    first, other, form_id = at_status(c, Status.IN_PROGRESS), opened(c), form()
    file = sent(c, form_id)
    lifecycle.note(first.pk, by=c.bia, via=Via.DESK, request_id=form_id, body="Veja o log.", files=[file])
    before = other.events.count(), Message.objects.count()
    with pytest.raises(lifecycle.Incomplete):
        lifecycle.note(other.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Veja o log.", files=[file])
    assert (other.events.count(), Message.objects.count()) == before
    assert Attachment.objects.get().ticket == first
