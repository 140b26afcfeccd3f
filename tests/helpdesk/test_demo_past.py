"""The months before the demonstration's stories."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command

import worktime
from accounts.models import Agency, Membership, User
from catalog.models import Sphere
from feedback.models import Survey, SurveyAnswer, Treatment
from helpdesk import demo, demo_past, demo_people
from notifications.models import Notice
from reports.models import Publication
from tickets import replay
from tickets.models import Ticket, TicketEvent
from tickets.states import Status

NOW = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
"""The first morning of a month."""


@pytest.fixture
def past(db: None) -> None:
    data = Path(settings.BASE_DIR) / "catalog" / "data"
    with time_machine.travel(NOW):
        call_command("load_catalog", str(data / "catalog.json"), verbosity=0)
        call_command("load_service", str(data / "service.json"), verbosity=0)
        demo_people.create()
        body = Agency.objects.create(slug="e", name="Estado", sphere=Sphere.objects.get(slug="executivo-estadual"), state="GO")
        for number, email in enumerate(demo_past.REQUESTERS):
            home = body if number else Agency.objects.get(slug=demo_people.AGENCY_A)
            Membership.objects.create(user=User.objects.create(email=email), agency=home, confirmed_at=worktime.now())
        demo_past.seed(NOW, demo._at)
        demo_past.close(NOW)


def test_six_months_are_closed_frozen_public_and_treated(past: None) -> None:
    published = list(Publication.objects.order_by("month"))
    assert [f"{one.month:%Y-%m}" for one in published] == ["2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12"]
    assert all(one.closed is not None and one.told["rows"] and one.told["seconds"] for one in published)
    assert sum(one.told["rows"][0]["late"] is not None for one in published) >= 4
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.FINAL}
    assert list(replay.differences(Ticket.objects.all())) == []
    assert not TicketEvent.objects.filter(at__gt=NOW).exists()
    numbers = list(Ticket.objects.order_by("opened_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    assert Survey.objects.filter(answered=True).count() == SurveyAnswer.objects.count() > 60
    assert set(Treatment.objects.values_list("state", flat=True)) == {"new", "looking", "done"}
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.SENT}
    assert not Ticket.objects.exclude(requester__email__in=demo_past.REQUESTERS).exists()
