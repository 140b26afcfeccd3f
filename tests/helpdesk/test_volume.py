"""A load for measuring: its rows are such as the verbs would have written."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import Count, F
from pytest_django.fixtures import Settings

import worktime
from accounts.models import Membership, RoleGrant, User
from catalog import hours
from helpdesk import volume, volume_words
from notifications import delivery
from notifications.models import Notice
from tickets import clocks, lifecycle, search, sweeps
from tickets.lifecycle import deadlines
from tickets.models import Message, SlaCycle, Ticket, TicketEvent
from tickets.sla import Turn
from tickets.states import OPEN, Level, Status, Via

COUNT = 50


@pytest.fixture
def loaded(db: None) -> None:
    data = Path(settings.BASE_DIR) / "catalog" / "data"
    call_command("load_catalog", str(data / "catalog.json"), verbosity=0)
    call_command("load_service", str(data / "service.json"), verbosity=0)
    call_command("load_volume", tickets=COUNT)


def test_the_columns_say_what_the_events_say(loaded: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_tickets")  # raises at any difference
    tickets = Ticket.objects.all()
    assert tickets.count() == COUNT
    assert tickets.open().count() == COUNT / 5
    assert {t.level for t in tickets} == set(Level)
    assert {Status.QUEUED, Status.IN_PROGRESS, Status.FINAL} <= {t.status for t in tickets}
    numbers = list(tickets.order_by("opened_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    assert not TicketEvent.objects.filter(at__gt=worktime.now()).exists()
    assert worktime.now() - tickets.earliest("opened_at").opened_at > timedelta(days=700)


def test_each_ticket_has_its_words_and_people(loaded: None) -> None:
    counted = Ticket.objects.annotate(said=Count("messages"))
    assert {t.said for t in counted} == {5}
    lengths = [len(body) for body in Message.objects.values_list("body", flat=True)]
    assert 500 < sum(lengths) / len(lengths) < 700
    assert not Message.objects.exclude(event__ticket=F("ticket")).exists()
    assert not Message.objects.exclude(author=F("event__actor"), created_at=F("event__at")).exists()
    assert not Ticket.objects.filter(answers=None).exists()
    at_desk = TicketEvent.objects.filter(via="desk")
    assert at_desk.exists()
    assert not at_desk.exclude(ticket__participants__user=F("actor")).exists()
    for ticket in Ticket.objects.select_related("requester"):
        assert Membership.objects.filter(user=ticket.requester, agency=ticket.agency, ended_at=None).exists()
        assert ticket.assignee_id is None or RoleGrant.objects.filter(user=ticket.assignee_id, role="analyst").exists()


def test_closed_cycles_are_those_of_their_turns(loaded: None) -> None:
    closed = Ticket.objects.exclude(status__in=OPEN).select_related("policy")
    assert SlaCycle.objects.count() == closed.count() == COUNT * 4 / 5
    names = [f.attname for f in SlaCycle._meta.concrete_fields if f.name != "id"]
    for ticket in closed:
        turns: list[Turn] = clocks.turns_of(ticket)
        cut = next(n for n, turn in enumerate(turns, start=1) if turn.status == Status.CLOSED)
        told = deadlines.ended_cycle(ticket, turns[:cut], hours.current())
        kept = ticket.sla_cycles.get()
        assert {name: getattr(kept, name) for name in names} == {name: getattr(told, name) for name in names}


def test_nothing_is_due_afterwards(loaded: None) -> None:
    assert sweeps.remind_waits() == sweeps.close_expired_waits() == sweeps.finalize_closed() == 0
    assert sweeps.warn_of_deadlines() == sweeps.follow_the_calendar() == 0
    assert delivery.deliver_due() == 0
    assert Notice.objects.filter(kind="ticket_opened").count() == COUNT


def test_words_for_the_search(loaded: None) -> None:
    tickets = Ticket.objects.all()
    assert search.found(tickets, volume_words.RARE).count() == 1
    assert search.found(tickets, volume_words.COMMON).count() == COUNT * 0.3
    assert search.found(tickets, f"{volume_words.RARE} {volume_words.COMMON}").count() == 1
    assert search.found(tickets, volume_words.ABSENT).count() == 0


def test_a_second_run_adds_what_is_missing(loaded: None) -> None:
    def counts() -> list[int]:
        return [
            model.objects.count() for model in (Ticket, TicketEvent, Message, SlaCycle, Notice, User, Membership, RoleGrant)
        ]

    before = counts()
    assert volume.load(COUNT) == 0
    assert counts() == before
    assert volume.load(COUNT + 10) == 10
    assert Ticket.objects.count() == COUNT + 10
    call_command("check_tickets")


def test_the_verbs_go_on_from_there(loaded: None) -> None:
    held = Ticket.objects.filter(status=Status.IN_PROGRESS).select_related("assignee").first()
    assert held is not None
    cause = held.product.causes.all()[0]
    lifecycle.resolve(held.pk, by=held.assignee, via=Via.DESK, request_id=uuid.uuid4(), body="Está resolvido.", cause=cause)
    held.refresh_from_db()
    assert (held.status, held.cause) == (Status.CLOSED, cause)
    call_command("check_tickets")


@pytest.mark.django_db
def test_outside_the_demo_it_is_refused(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("load_volume", tickets=COUNT)
    assert not User.objects.exists()
