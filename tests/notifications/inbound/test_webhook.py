"""Mail that a provider brings is stored before the provider is told that it arrived."""

import base64
import hashlib
import hmac
import json
import time
from email.message import EmailMessage

import pytest
from anymail.signals import AnymailInboundEvent, inbound
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.test import Client, RequestFactory
from pytest_django import Settings

from notifications import webhooks
from notifications.inbound import reading, storing
from notifications.inbound.payloads import Brought, written
from notifications.models import InboundMail
from tests.notifications.inbound.writing import ANA, mail

pytestmark = pytest.mark.django_db
KEY = "x" * 30
BASIC = {"HTTP_AUTHORIZATION": "Basic dXNlcjpzZW5oYQ=="}


@pytest.fixture(autouse=True)
def secrets(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:senha", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


def brought(content: bytes, **facts: object) -> None:
    message = Brought.parse_raw_mime_bytes(content)
    for name, value in facts.items():
        setattr(message, name, value)
    inbound.send(sender=None, event=AnymailInboundEvent(event_type="inbound", message=message), esp_name="Teste")


def test_what_the_provider_brings_is_stored_and_read_as_it_was_sent() -> None:
    brought(mail("Ação.\n"), envelope_recipient="respostas+x@portal.example")
    row = InboundMail.objects.get()
    assert (row.source, row.recipient, row.state) == ("webhook", "respostas+x@portal.example", "new")
    found = reading.read(storing.raw_of(row))
    assert (found.text.strip(), found.sender) == ("Ação.", ANA)


def test_brought_twice_it_is_stored_once() -> None:
    brought(mail())
    brought(mail())
    assert InboundMail.objects.get().copies == 2


@pytest.mark.parametrize(
    "head",
    [
        "From: =?utf-8?q?=FF?= <a@b",
        "Subject: a\x00b",
        "Message-ID: <a\udcffb>",
        "Content-Type: text/plain; charset=\udcff",
        "To: ((((",
    ],
)
def test_a_malformed_mail_is_stored_all_the_same(head: str) -> None:
    brought(head.encode("utf-8", "surrogateescape") + b"\r\n\r\n\xff\x00oi")
    assert InboundMail.objects.count() == 1


def test_other_events_are_no_mail() -> None:
    inbound.send(sender=None, event=AnymailInboundEvent(event_type="inbound_failed", message=None), esp_name="Teste")
    assert not InboundMail.objects.exists()


def test_a_mail_that_only_the_rules_of_old_can_write_is_written() -> None:
    message = EmailMessage()
    message.add_header("X", "a")
    message._headers.append(("Y", "a\nb: c"))  # type: ignore[attr-defined]  # what a parser may leave behind
    assert b"X: a" in written(message)


def test_postmark_s_payload_arrives(rf: RequestFactory) -> None:
    payload = {
        "FromFull": {"Email": ANA, "Name": "Ana"},
        "ToFull": [{"Email": "respostas@portal.example", "Name": ""}],
        "OriginalRecipient": "respostas+x@portal.example",
        "Subject": "Re: [Chamado 10000001]",
        "TextBody": "Segue.",
        "Headers": [{"Name": "Message-ID", "Value": "<1@example.org>"}],
        "Attachments": [{"Name": "a.txt", "Content": "b2k=", "ContentType": "text/plain"}],
    }
    request = rf.post("/", json.dumps(payload), content_type="application/json", **BASIC)
    assert PostmarkInboundWebhookView.as_view()(request).status_code == 200
    found = reading.read(storing.raw_of(InboundMail.objects.get()))
    assert (found.sender, found.text.strip(), [file.name for file in found.files]) == (ANA, "Segue.", ["a.txt"])


def test_36_crafted_fields_are_passed_on_unfolded() -> None:
    message = Brought.parse_raw_mime_bytes(b"To: " + b"," * 3_900 + b"\r\n" + mail())
    begun = time.process_time()
    assert all(b"," * 3_900 in written(message) for _ in range(20))
    assert time.process_time() - begun < 1


@pytest.mark.urls("tests.notifications.webhook_urls")
def test_a_mail_with_a_large_file_arrives_from_who_shows_the_secret(client: Client) -> None:
    file = base64.b64encode(b"x" * 1_500_000).decode()
    payload = {
        "FromFull": {"Email": ANA, "Name": "Ana"},
        "ToFull": [{"Email": "respostas@portal.example", "Name": ""}],
        "Subject": "Re: [Chamado 10000001]",
        "TextBody": "Segue.",
        "Headers": [{"Name": "Message-ID", "Value": "<1@example.org>"}],
        "Attachments": [{"Name": "a.txt", "Content": file, "ContentType": "text/plain"}],
    }
    for secret, status in (({}, 400), (BASIC, 200)):
        answer = client.post("/correio/postmark/inbound/", payload, content_type="application/json", **secret)
        assert answer.status_code == status
    assert len(reading.read(storing.raw_of(InboundMail.objects.get())).files[0].content) == 1_500_000


def test_mailgun_s_payload_arrives(rf: RequestFactory) -> None:
    signed = hmac.new(KEY.encode(), b"1t", hashlib.sha256).hexdigest()
    payload = {
        "token": "t",
        "timestamp": "1",
        "signature": signed,
        "recipient": "respostas@portal.example",
        "body-mime": mail().decode(),
    }
    request = rf.post("/inbound_mime/", payload, **BASIC)
    view = MailgunInboundWebhookView.as_view()
    assert view(request).status_code == 200
    assert reading.read(storing.raw_of(InboundMail.objects.get())).sender == ANA


def signed(**fields: str) -> dict[str, str]:
    proof = hmac.new(KEY.encode(), b"1t", hashlib.sha256).hexdigest()
    return {"token": "t", "timestamp": "1", "signature": proof, "recipient": "respostas@portal.example", **fields}


def test_36_a_raw_mail_s_crafted_addresses_cost_the_web_server_little() -> None:
    begun = time.process_time()
    field = "To: " + "," * 300_000
    message = Brought.parse_raw_mime(field + "\r\n\r\noi")
    assert str(message["To"]) in field
    assert field.encode() in written(message)
    assert time.process_time() - begun < 1


@pytest.mark.urls("tests.notifications.webhook_urls")
def test_a_large_mail_in_a_field_of_a_form_arrives_from_who_shows_the_secret(client: Client) -> None:
    """Mailgun's raw mail; Django reads no field of a form beyond a megabyte."""
    content = mail("Ação.\n" + "linha\n" * 400_000).decode()
    for secret, status in (({}, 400), (BASIC, 200)):
        answer = client.post("/correio/mailgun/inbound_mime/", signed(**{"body-mime": content}), **secret)
        assert (answer.status_code, InboundMail.objects.count()) == (status, status == 200)
    row = InboundMail.objects.get()
    assert (row.recipient, row.size > 2_000_000) == ("respostas@portal.example", True)
    assert reading.read(storing.raw_of(row)).text.startswith("Ação.")


@pytest.mark.urls("tests.notifications.webhook_urls")
def test_what_a_provider_brings_beyond_the_limit_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MAX_BYTES", 600_000)
    fields = signed(**{"body-mime": "x" * 700_000})
    assert client.post("/correio/mailgun/inbound_mime/", fields).status_code == 400
    assert not InboundMail.objects.exists()
    for _ in range(2):
        assert client.post("/correio/mailgun/inbound_mime/", fields, **BASIC).status_code == 413
    row = InboundMail.objects.get()
    assert (row.state, row.reason, row.source) == ("quarantined", "not_fetched", "webhook")
    assert row.error.endswith("o limite é 600000.")
