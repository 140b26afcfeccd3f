"""Who read a ticket is kept once for each person and hour."""

from datetime import timedelta
from types import SimpleNamespace

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import worktime
from catalog.offers import attachment_policy
from files import intake
from tests.cast import MONDAY, form, opened
from tickets import lifecycle
from tickets.models import TicketReading
from tickets.readings import note_reading
from tickets.states import Via


def test_a_reading_is_kept_once_an_hour_for_each_person(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        ticket = opened(c)
        note_reading(ticket, c.bia)
        with worktime.shifted(timedelta(minutes=54)):
            note_reading(ticket, c.bia)
        note_reading(ticket, c.lia)
        with worktime.shifted(timedelta(minutes=55)):
            note_reading(ticket, c.bia)
    kept = TicketReading.objects.order_by("pk").values_list("user__name", "hour")
    assert list(kept) == [("Bia", MONDAY), ("Lia", MONDAY), ("Bia", MONDAY + timedelta(hours=1))]


def test_the_team_is_noted_in_the_portal_too_and_the_requester_is_not(c: SimpleNamespace, client: Client) -> None:
    """The same words and files are there as at the desk, so that reading them there leaves the same trace."""
    ticket = opened(c)
    upload = SimpleUploadedFile("erro.txt", b"Linha 1\n")
    request_id = form()
    file = intake.accept(upload, policy=attachment_policy(c.offering), by=c.ana, form_id=request_id)
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=request_id, body="Segue.", files=[file])
    for reader, address in (
        (c.ana, f"/anexos/{file.pk}/"),
        (c.bia, f"/chamados/{ticket.number}/"),
        (c.lia, f"/anexos/{file.pk}/"),
    ):
        client.force_login(reader)
        response = client.get(address)
        assert response.status_code == 200
        if response.streaming:
            b"".join(response)  # to its end, so that the file is closed
    assert list(TicketReading.objects.order_by("pk").values_list("user__name", "ticket")) == [
        ("Bia", ticket.pk),
        ("Lia", ticket.pk),
    ]
