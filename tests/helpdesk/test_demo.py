"""The demonstration's history: every state is there, written through the verbs, once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

import worktime
from accounts.models import User
from catalog.models import Offering, Priority
from community import shown
from community.models import Announcement
from feedback import surveys
from feedback.deadlines import day_of
from feedback.models import Manifestation, Survey, SurveyAnswer
from helpdesk import demo
from notifications.models import AccountLetter, InboundMail, MailAddress, Notice
from tickets import replay
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.states import Closure, Level, Status

SUNDAY_NIGHT = datetime(2026, 11, 22, 5, 30, tzinfo=UTC)
MONDAY_AFTER_MIDNIGHT = datetime(2027, 1, 4, 3, 5, tzinfo=UTC)


@pytest.fixture
def catalog(db: None) -> None:
    data = Path(settings.BASE_DIR) / "catalog" / "data"
    call_command("load_catalog", str(data / "catalog.json"), verbosity=0)
    call_command("load_service", str(data / "service.json"), verbosity=0)


@pytest.fixture(params=[SUNDAY_NIGHT, MONDAY_AFTER_MIDNIGHT], ids=["sunday", "monday"])
def now(request: pytest.FixtureRequest) -> Iterator[datetime]:
    with time_machine.travel(request.param):
        yield request.param


def people_said_what_they_think() -> None:
    today = day_of(worktime.now())
    made = Manifestation.objects.all()
    assert {m.kind for m in made} == set(Manifestation.Kind)
    assert {m.status for m in made} == set(Manifestation.Status)
    assert (made.overdue(today).count(), made.waiting().count()) == (0, 4)
    assert made.published().count() == 1
    assert {answer.stars for answer in SurveyAnswer.objects.all()} == {2, 3, 4, 5}
    waiting = Survey.objects.filter(answered=False, closing__ticket__requester__email="ana@example.org")
    assert [survey for survey in waiting if surveys.standing(survey, worktime.now()) == surveys.Standing.OPEN]


def managers_announced() -> None:
    ana, eva, now = User.objects.get(email="ana@example.org"), User.objects.get(email="eva@example.org"), worktime.now()
    assert [one.state for one in Announcement.objects.order_by("pk")] == ["sent", "sent", "sent", "scheduled"]
    assert shown.on_home_of(ana, now).count() == 3
    assert shown.on_home_of(AnonymousUser(), now).get() in shown.on_home_of(eva, now)
    assert all(one.served == one.reach for one in Announcement.objects.filter(state="sent", by_mail=True))


def mail_came_in() -> None:
    mails = InboundMail.objects.order_by("stored_at")
    assert [(one.state, one.reason) for one in mails] == [
        ("taken", ""),
        ("ignored", InboundMail.Reason.AUTOMATIC),
        ("quarantined", InboundMail.Reason.UNREADABLE),
    ]
    assert not AccountLetter.objects.exists()  # nobody is answered
    assert MailAddress.objects.get(blocked_at__isnull=False).email == "nina@example.org"


def history_looks_like_history() -> None:
    """Numbers follow the order of opening; mail went out when things happened and none is left for the worker."""
    numbers = list(Ticket.objects.order_by("opened_at").values_list("number", flat=True))
    assert numbers == sorted(numbers)
    # What colleagues did waits for the digest, as is usual; all else went out.
    waiting = Notice.objects.filter(state=Notice.State.TO_DIGEST)
    assert set(waiting.values_list("kind", flat=True)) <= {"ticket_changed_team"}
    notices = list(Notice.objects.exclude(pk__in=waiting))
    assert {notice.state for notice in notices} == {Notice.State.SENT}
    assert len(mail.outbox) == len(notices)
    assert [n for n in notices if n.sent_at is None or n.sent_at - n.created_at > timedelta(minutes=5)] == []
    assert not Notice.objects.filter(read_at__isnull=True, created_at__lt=worktime.now() - timedelta(days=3)).exists()


def it_is_written_once(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    before = (User.objects.count(), list(Ticket.objects.values()), TicketEvent.objects.count(), Notice.objects.count())
    with django_assert_max_num_queries(150):
        assert demo.seed(past=True) == 0  # nor is the past told where there are tickets
    after = (User.objects.count(), list(Ticket.objects.values()), TicketEvent.objects.count(), Notice.objects.count())
    assert after == before


def test_every_state_is_there_whatever_the_day(
    catalog: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert demo.seed() > 150
    tickets = Ticket.objects.all()
    assert list(replay.differences(tickets)) == []
    assert tickets.count() >= 40
    assert {t.status for t in tickets} == set(Status)
    assert {t.level for t in tickets.filter(status=Status.QUEUED)} == set(Level)
    reopenable = tickets.filter(status=Status.CLOSED, reopen_until__gt=worktime.now())
    assert {t.closure for t in reopenable} == set(Closure)
    assert {t.priority for t in tickets.open()} == set(Priority)
    assert tickets.open().filter(goes_first=True).count() >= 2
    waiting = tickets.waiting_for_requester()
    assert waiting.filter(wait_expires_at__lt=worktime.now() + timedelta(hours=12), reminded_at__isnull=False).exists()
    assert waiting.filter(reminded_at__isnull=True).exists()
    assert {t.agency_situation for t in tickets} == set(Ticket.AgencySituation)
    assert {t.requester.email.split("@")[0] for t in tickets} > {"ana", "gil", "eva"}
    assert tickets.values("product").distinct().count() >= 10
    assert tickets.values("offering__sphere").distinct().count() == 4
    assert Message.objects.filter(internal=True).count() >= 10
    assert {a.file.content_type for a in Attachment.objects.select_related("file")} >= {"image/png", "text/plain"}
    assert not TicketEvent.objects.filter(at__gt=worktime.now()).exists()
    assert TicketEvent.objects.filter(at__gt=worktime.now() - timedelta(days=21)).count() == TicketEvent.objects.count()
    people_said_what_they_think()
    managers_announced()
    mail_came_in()
    history_looks_like_history()
    it_is_written_once(django_assert_max_num_queries)


def test_a_run_that_was_broken_off_goes_on_where_it_stopped(catalog: None) -> None:
    last = Offering.objects.filter(
        sphere__slug="executivo-federal", product__slug="nup", support_type__slug="solicitar-cadastro-up"
    )
    last.update(active=False)
    with pytest.raises(Offering.DoesNotExist):
        demo.seed()
    done = Ticket.objects.count()
    assert done >= 30
    last.update(active=True)
    assert demo.seed() == 1
    assert Ticket.objects.count() == done + 1


def test_outside_the_demo_it_is_refused(catalog: None, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("seed_demo")
    assert not User.objects.exists()
    assert not Ticket.objects.exists()
