"""Copies of told tickets are tickets like others: consistent, with numbers and notices of their own."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count, F, Max

from helpdesk import volume
from notifications import delivery
from notifications.models import Notice
from tickets import sweeps
from tickets.models import Answer, Message, Participant, SlaCycle, Ticket, TicketEvent

TOLD, WANTED = 8, 22


@pytest.fixture
def loaded(db: None) -> None:
    data = Path(settings.BASE_DIR) / "catalog" / "data"
    call_command("load_catalog", str(data / "catalog.json"), verbosity=0)
    call_command("load_service", str(data / "service.json"), verbosity=0)
    volume.load(TOLD, told=TOLD)
    assert volume.load(WANTED, told=TOLD) == WANTED - TOLD


def test_copies_are_whole_and_their_own(loaded: None) -> None:
    call_command("check_tickets")  # raises at any difference
    tickets = list(Ticket.objects.order_by("pk"))
    assert len(tickets) == len({ticket.number for ticket in tickets}) == WANTED
    for place, copied in enumerate(tickets[TOLD:], start=TOLD):
        source = tickets[place % TOLD]
        for kept in ("subject", "status", "requester_id", "assignee_id", "opened_at", "due_at"):
            assert getattr(copied, kept) == getattr(source, kept)
        for model in (TicketEvent, Message, Answer, Participant, SlaCycle):
            told = model._default_manager.filter(ticket=source).count()
            assert model._default_manager.filter(ticket=copied).count() == told
        heard = Notice.objects.filter(data__ticket=copied.pk)
        assert heard.count() == Notice.objects.filter(data__ticket=source.pk).count() > 0
        assert not heard.exclude(data__number=copied.number).exists()
        events = set(TicketEvent.objects.filter(ticket=copied).values_list("pk", flat=True))
        assert {notice.data["event"] for notice in heard} <= events
        assert all(notice.dedupe_key.startswith(f"ticket-event:{notice.data['event']}:") for notice in heard)
    assert not Message.objects.exclude(event__ticket=F("ticket")).exists()
    assert not TicketEvent.objects.values("request_id").annotate(n=Count("pk")).filter(n__gt=1).exists()


def test_what_comes_after_has_the_next_number_and_nothing_is_due(loaded: None) -> None:
    for table, column in (("tickets_ticket", "id"), ("tickets_ticketevent", "id")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, %s))", [table, column])
            (following,) = cursor.fetchone()
            cursor.execute(f"SELECT max(id) FROM {table}")  # noqa: S608  # our own table
            assert cursor.fetchone() == (following - 1,)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('tickets_number')")
        assert cursor.fetchone() == (Ticket.objects.aggregate(most=Max("number"))["most"] + 1,)
    assert sweeps.remind_waits() == sweeps.close_expired_waits() == sweeps.finalize_closed() == 0
    assert sweeps.warn_of_deadlines() == sweeps.follow_the_calendar() == delivery.deliver_due() == 0
