"""What mail services tell of our mails, in their own words: kept once, only of mails of ours, and what it means."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import worktime
from accounts.models import User
from notifications import account_letters, addresses, delivery, steps
from notifications.models import AccountLetter, MailAddress, MailCount, MailStep, Notice
from tests.notifications import payloads
from tests.notifications.conftest import Enqueue
from tests.notifications.payloads import SERVICES, WHEN, Post
from tests.notifications.smtp_sink import Sink

if TYPE_CHECKING:
    from django.http import HttpResponse

Service = Callable[..., Post]

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.notifications.webhook_urls"),
    pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailNotSupportedWarning"),  # of SendGrid alone
]

SECRET = "correio:senha-aleatoria-do-provedor"
NAME = "0100017b-name-that-the-service-gave"


@pytest.fixture(autouse=True)
def anymail(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": payloads.KEY}


@pytest.fixture
def sent(ana: User, enqueue: Enqueue) -> Notice:
    """A notice that a service took under a name of its own."""
    notice = enqueue(ana)
    Notice.objects.update(state=Notice.State.SENT)
    steps.write([steps.of(notice, MailStep.Kind.SENT, "queued", address=ana.email, message_id=NAME)])
    return notice


def post(client: Client, told: Post, secret: str = SECRET) -> HttpResponse:
    return client.post(
        f"/correio/{told.path}/tracking/",
        told.content,
        content_type="application/json",
        headers={"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}", **told.headers},
    )


def told_of(notice: Notice) -> list[str]:
    return list(notice.steps.exclude(kind="sent").order_by("id").values_list("kind", flat=True))


def counted() -> dict[str, int]:
    return dict(MailCount.objects.values_list("what", "count"))


@pytest.mark.parametrize("service", SERVICES)
def test_what_every_service_tells_is_kept_and_understood(service: Service, client: Client, sent: Notice) -> None:
    for number, (what, step, blocked) in enumerate(
        [("deferred", None, False), ("delivered", "delivered", False), ("opened", None, False), ("bounced", "bounced", True)]
    ):
        answer = post(client, service("ana@example.org", NAME, what, at=WHEN + number))
        assert answer.status_code == 200
        if step:
            assert told_of(sent)[-1] == step
        assert MailAddress.objects.filter(blocked_at__isnull=False).exists() is blocked
    assert told_of(sent)[1:] == ["delivered", "bounced"]
    assert told_of(sent)[0] in ("deferred", "bounced")  # some call a full mailbox returned; it marks nothing either way
    address = MailAddress.objects.get()
    assert (address.email, address.reason) == ("ana@example.org", "bounced")


@pytest.mark.parametrize("service", SERVICES)
def test_who_complains_gets_no_more(service: Service, client: Client, sent: Notice) -> None:
    post(client, service("ana@example.org", NAME, "complained"))
    assert MailAddress.objects.get().reason == "complained"
    assert told_of(sent) == ["complained"]


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_told_twice_is_kept_once(service: Service, client: Client, sent: Notice) -> None:
    for _ in range(2):
        assert post(client, service("ana@example.org", NAME, "deferred")).status_code == 200
    assert len(told_of(sent)) == 1
    assert MailAddress.objects.get().failures == 1
    assert counted() == {"event_repeated": 1}


@pytest.mark.parametrize("service", SERVICES)
def test_mails_that_are_not_ours_change_nothing(service: Service, client: Client, sent: Notice) -> None:
    post(client, service("ana@example.org", "of-another-system", "bounced"))
    post(client, service("eva@example.org", NAME, "bounced"))
    assert (told_of(sent), MailAddress.objects.count()) == ([], 0)
    assert counted() == {"event_not_ours": 2}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("secret", ["correio:outra-senha", "", "correio:"])
def test_who_does_not_know_the_secret_is_refused(service: Service, secret: str, client: Client, sent: Notice) -> None:
    assert post(client, service("ana@example.org", NAME, "bounced"), secret).status_code == 400
    assert (told_of(sent), MailAddress.objects.count()) == ([], 0)
    assert counted() == {"webhook_refused": 1}


def test_a_forged_signature_is_refused_whatever_else_is_shown(client: Client, sent: Notice) -> None:
    told = payloads.mailgun("ana@example.org", NAME, "bounced")
    told.body["signature"]["signature"] = "0" * 64
    assert post(client, told).status_code == 400
    assert MailAddress.objects.count() == 0


def test_a_mail_is_known_by_the_name_that_we_gave_it_too(client: Client, ana: User, enqueue: Enqueue) -> None:
    notice = enqueue(ana)
    post(client, payloads.mailgun("Ana@example.org", f"<notice-{notice.pk}@127.0.0.1>", "bounced"))
    assert told_of(notice) == ["bounced"]
    post(client, payloads.mailgun("ana@example.org", f"<notice-{notice.pk}@other.example>", "bounced", at=WHEN + 1))
    assert told_of(notice) == ["bounced"]


def test_a_letter_about_an_account_is_followed_too(client: Client) -> None:
    name = "<account-letter-7-20261122@127.0.0.1>"
    account_letters.post(to="rui@example.org", subject="Confirme o seu e-mail", words="…")
    letter = AccountLetter.objects.get()
    steps.write([steps.of_letter(letter, MailStep.Kind.SENT, message_id=name)])
    post(client, payloads.mailgun("rui@example.org", name, "bounced"))
    step = MailStep.objects.get(kind="bounced")
    assert (step.notice, step.letter, step.subject) == (None, letter, "Confirme o seu e-mail")
    assert step.address == "rui@example.org"


def test_what_is_put_off_for_days_counts_in_the_end(client: Client, sent: Notice) -> None:
    for day in range(4):
        with worktime.shifted(timedelta(days=day)):
            post(client, payloads.mailgun("ana@example.org", NAME, "deferred", at=WHEN + day))
        assert bool(addresses.blocked_among(["Ana@example.org"])) is (day == 3)
    assert MailAddress.objects.get().reason == "lasting"


@pytest.mark.urls("helpdesk.urls")
def test_without_a_secret_there_is_no_such_page(client: Client) -> None:
    assert post(client, payloads.mailgun("ana@example.org", NAME, "bounced")).status_code == 404


def test_only_the_services_that_were_named_are_there(client: Client) -> None:
    assert reverse("anymail:mailgun_tracking_webhook") == "/correio/mailgun/tracking/"
    assert client.post("/correio/mailjet/tracking/").status_code == 404


def through_ses(what: str, name: str, *headers: tuple[str, str], at: int = WHEN) -> Post:
    """What SES tells of a mail that came to it by SMTP."""
    told = payloads.amazon_ses("ana@example.org", name, what, at=at)
    message = json.loads(told.body["Message"])
    message["mail"]["headers"] = [{"name": key, "value": value} for key, value in headers]
    told.body["Message"] = json.dumps(message)
    return told


def test_a_mail_that_ses_took_by_smtp_is_known_by_its_answer(client: Client, ana: User, enqueue: Enqueue, sink: Sink) -> None:
    name = "0103018b2f3c4d5e-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-000000"
    sink.taken = f"250 Ok {name}"
    notice = enqueue(ana)
    assert delivery.deliver_due() == 1
    assert notice.steps.get().message_id == name
    post(client, through_ses("bounced", name))
    assert (told_of(notice), MailAddress.objects.get().reason) == (["bounced"], "bounced")


def test_a_mail_that_ses_named_anew_is_known_by_its_first_name(client: Client, ana: User, enqueue: Enqueue) -> None:
    notice = enqueue(ana)
    ours = ("Message-ID", f"<notice-{notice.pk}@127.0.0.1>")
    post(client, through_ses("bounced", "0103-of-ses", ("Subject", "…"), ours))
    assert told_of(notice) == ["bounced"]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Subject", "…")],
        [("Message-ID", "<of-another-system@example.org>")],
        [("Message-ID", "<notice-{pk}@other.example>")],
        [("Message-ID", "<notice-{pk}@127.0.0.1>"), ("Message-ID", "<notice-{pk}@127.0.0.1>")],
    ],
)
def test_what_ses_tells_of_no_mail_of_ours_is_counted_alone(
    client: Client, ana: User, enqueue: Enqueue, headers: list[tuple[str, str]]
) -> None:
    """Others send from the same account; and nobody makes a mail ours by two names."""
    notice = enqueue(ana)
    said = [(name, value.format(pk=notice.pk)) for name, value in headers]
    assert post(client, through_ses("bounced", "0103-of-ses", *said)).status_code == 200
    assert (told_of(notice), MailAddress.objects.count(), counted()) == ([], 0, {"event_not_ours": 1})
