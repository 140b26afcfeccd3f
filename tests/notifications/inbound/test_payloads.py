"""Whatever a mail service brings, nothing is parsed while a web server waits, nothing breaks, and nothing is lost."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import cycle, islice
from pkgutil import iter_modules
from typing import Any

import pytest
from anymail import webhooks as anymails
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client, RequestFactory
from pytest_django import Settings

from notifications.inbound import reading, storing
from notifications.inbound.payloads import Brought, written
from notifications.models import InboundMail, MailCount
from tests.notifications.inbound.writing import ANA, BOX, mail, raw
from tests.notifications.smtp_sink import free_port

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.notifications.webhook_urls"),
    pytest.mark.filterwarnings("ignore:django-anymail has dropped"),
]
KEY = "x" * 30
BASIC = {"HTTP_AUTHORIZATION": "Basic dXNlcjpzZW5oYQ=="}
MANY = 240_000

CRAFTED = {
    "parameters": b"Content-Type: text/plain" + b";" * MANY,
    "quotes": b'Content-Type: text/plain; name="' + b';"' * MANY,
    "pieces": b"Content-Type: text/plain" + b"; n*0*=%41" * (MANY // 10),
    "names": b"Content-Disposition: attachment" + b'; filename="a' * (MANY // 13),
    "comments": b"Content-Transfer-Encoding: " + b"(" * MANY,
    "addresses": b"To: " + b"," * MANY,
    "words": b"Subject: " + b"=?utf-8?q?a?= " * (MANY // 14),
    "parts": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(2_000)),
    "mails": b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
}


@pytest.fixture(autouse=True)
def secrets(settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:senha", "MAILGUN_WEBHOOK_SIGNING_KEY": KEY, "BREVO_API_KEY": "x"}


@pytest.fixture
def quiet() -> Iterator[None]:
    """Each refusal is logged with its whole way."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def postmark() -> dict[str, Any]:
    return {
        "FromFull": {"Email": ANA, "Name": "Ana"},
        "ToFull": [{"Email": BOX, "Name": ""}],
        "OriginalRecipient": "respostas+x@portal.example",
        "Subject": "Re: [Chamado 10000001]",
        "TextBody": "Segue.",
        "HtmlBody": "<p>Segue.</p>",
        "Headers": [{"Name": "Message-ID", "Value": "<1@example.org>"}, {"Name": "X-Spam-Score", "Value": "1"}],
        "Attachments": [{"Name": "a.txt", "Content": "b2k=", "ContentType": "text/plain", "ContentID": ""}],
    }


def brevo() -> dict[str, Any]:
    headers = {"From": ANA, "To": BOX, "Subject": "Re: x", "Message-ID": "<1@example.org>", "Received": ["a", "b"]}
    return {"items": [{"Uuid": ["1"], "Headers": headers, "RawTextBody": "Segue.", "RawHtmlBody": None, "Attachments": []}]}


def mailgun() -> dict[str, Any]:
    signed = hmac.new(KEY.encode(), b"1t", hashlib.sha256).hexdigest()
    headers = [["From", ANA], ["To", BOX], ["Subject", "Re: x"]]
    return {
        "token": "t",
        "timestamp": "1",
        "signature": signed,
        "recipient": BOX,
        "attachment-count": "1",
        "message-headers": json.dumps(headers),
        "body-plain": "Segue.",
        "content-id-map": "{}",
    }


def sendgrid() -> dict[str, Any]:
    return {
        "headers": f"From: {ANA}\r\nTo: {BOX}\r\n",
        "text": "Segue.",
        "html": "<p>Segue.</p>",
        "envelope": json.dumps({"from": ANA, "to": [BOX]}),
        "charsets": '{"text": "utf-8"}',
        "attachment-info": "{}",
    }


def amazon_ses() -> dict[str, Any]:
    message = {
        "notificationType": "Received",
        "mail": {"timestamp": "2026-11-22T16:33:50.000Z", "source": ANA, "messageId": "1"},
        "receipt": {"recipients": [BOX], "spamVerdict": {"status": "PASS"}, "action": {"type": "SNS", "encoding": "UTF-8"}},
        "content": mail().decode(),
    }
    return {"Type": "Notification", "MessageId": "1", "TopicArn": "arn:aws:sns:x", "Message": json.dumps(message)}


FORMS = {"mailgun": mailgun, "sendgrid": sendgrid}
CALLS = {"amazon_ses": amazon_ses, "brevo": brevo, "postmark": postmark} | FORMS
SNS = {"HTTP_X_AMZ_SNS_MESSAGE_TYPE": "Notification", "HTTP_X_AMZ_SNS_MESSAGE_ID": "1"}


def bring(client: Client, service: str, call: Any, **head: str) -> int:
    """The status of the answer to this call of a service."""
    path = f"/correio/{service}/inbound/"
    if service in FORMS:
        return client.post(path, call, **BASIC, **head).status_code  # type: ignore[arg-type]
    body = call if isinstance(call, bytes) else json.dumps(call).encode()
    return client.post(path, body, content_type="application/json", **BASIC, **SNS, **head).status_code  # type: ignore[arg-type]


def test_every_service_s_mail_is_put_together_within_bounds() -> None:
    modules = [import_module(f"{anymails.__name__}.{found.name}") for found in iter_modules(anymails.__path__)]
    using = [module for module in modules if hasattr(module, "AnymailInboundMessage")]
    assert len(using) > 8
    assert {module.AnymailInboundMessage for module in using} == {Brought}


@pytest.mark.parametrize("name", CRAFTED)
def test_36_a_crafted_head_costs_the_web_server_nothing_and_passes_unchanged(name: str) -> None:
    """OTRS CVE-2026-48187, RT CVE-2014-1474: seconds or minutes for a field, or an error for parts in parts."""
    content = b"From: a@example.org\r\n" + CRAFTED[name] + b"\r\n\r\noi \xff"
    begun = time.process_time()
    for made in (Brought.parse_raw_mime_bytes(content), Brought.parse_raw_mime_chunks([content[:9], content[9:]])):
        assert (written(made), made.get("X-Spam-Status", "No"), made["From"]) == (content, "No", "a@example.org")
    part = Brought.construct_attachment("message/rfc822", content, filename="a.eml")
    assert content in written(Brought.construct(headers=[("From", ANA)], text="Segue.", attachments=[part]))
    assert time.process_time() - begun < 0.5


@pytest.mark.parametrize("value", [field.partition(b": ")[2].decode() for field in CRAFTED.values()], ids=CRAFTED)
def test_36_crafted_fields_of_a_call_cost_the_web_server_nothing(client: Client, value: str) -> None:
    call = postmark() | {"Subject": value}
    call["FromFull"]["Name"] = call["ToFull"][0]["Email"] = value
    call["Headers"] += [{"Name": name, "Value": value} for name in ("To", "Cc", "Content-Type", "Message-ID", "X-A")]
    call["Attachments"][0] |= {"ContentType": value, "Name": value}
    begun = time.process_time()
    assert bring(client, "postmark", call) == 200
    assert time.process_time() - begun < 1
    row = InboundMail.objects.get()
    assert (row.state, row.size > 8 * len(value) * 0.9) == ("new", True)


def test_35_a_field_with_line_ends_makes_no_other_field(client: Client) -> None:
    """RT CVE-2012-4730: a name that ends the line, and adds a recipient."""
    call = postmark() | {"Subject": "a\r\nBcc: eva@example.org\r\n\r\nOutro texto"}
    call["Attachments"][0]["Name"] = "a\r\nX-Evil: 1.txt"
    assert bring(client, "postmark", call) == 200
    found = reading.read(storing.raw_of(InboundMail.objects.get()))
    assert (found.value("Bcc"), found.text.strip(), len(found.files)) == ("", "Segue.", 1)
    assert found.value("Subject").startswith("a Bcc:")


@pytest.mark.parametrize(
    "name", ["José", "Silva, José", 'José "Zé" <eva@example.org>', "José\\", "Ana <eva@example.org>", "Conceição;"]
)
def test_who_has_a_name_of_any_letters_is_known(client: Client, name: str) -> None:
    call = postmark() | {"FromFull": {"Email": ANA, "Name": name}}
    assert bring(client, "postmark", call) == 200
    found = reading.read(storing.raw_of(InboundMail.objects.get()))
    assert (found.sender, found.addresses("From")) == (ANA, [ANA])


def test_a_mail_to_nobody_named_arrives(client: Client) -> None:
    call = postmark() | {"ToFull": [{"Email": "", "Name": "undisclosed-recipients"}]}
    assert bring(client, "postmark", call) == 200
    assert reading.read(storing.raw_of(InboundMail.objects.get())).sender == ANA


def test_two_fields_of_a_name_that_stands_once_are_both_kept(client: Client) -> None:
    call = postmark()
    call["Headers"] += [{"Name": "Subject", "Value": "outro"}, {"Name": "From", "Value": "eva@example.org"}]
    assert bring(client, "postmark", call) == 200
    found = reading.read(storing.raw_of(InboundMail.objects.get()))
    assert (len(found.values("Subject")), found.sender) == (2, "")


def test_a_forwarded_mail_of_other_bytes_arrives(client: Client) -> None:
    inner = raw("From: eva@example.org", "Subject: Ofício", body="Não há prazo.".encode("latin-1"))
    part = Brought.construct_attachment("message/rfc822", inner, filename="a.eml")
    found = reading.read(written(Brought.construct(headers=[("From", ANA)], text="Segue.", attachments=[part])))
    assert "Não há prazo.".encode("latin-1") in found.files[0].content


def test_an_encoding_that_there_is_not_costs_no_words(rf: RequestFactory) -> None:
    call = sendgrid() | {"charsets": '{"text": "utf-8", "html": "utf-8"}', "text": "Ação \x00 …"}
    assert SendGridInboundWebhookView.as_view()(rf.post("/", call, **BASIC)).status_code == 200
    assert "Ação" in reading.read(storing.raw_of(InboundMail.objects.get())).text


@pytest.mark.parametrize("service", CALLS)
def test_a_sound_call_brings_a_mail(client: Client, service: str) -> None:
    assert bring(client, service, CALLS[service]()) == 200
    row = InboundMail.objects.get()
    assert (row.state, reading.read(storing.raw_of(row)).sender) == ("new", ANA)


SENSELESS: list[Any] = [
    None,
    "",
    -1,
    10**30,
    [None],
    {"a": None},
    "\x00\r\n\ud800",
    '[{"a":',
    "[" * 3_000,
    "9" * 5_000,
    "message/x; charset=x",
]


def changed(call: Any) -> Iterator[Any]:
    """The call with each value at each depth in its turn missing, or another one."""
    values = cycle(SENSELESS)
    for place in places(call):
        for value in [KeyError, *islice(values, 3)]:
            holder = whole = copy.deepcopy(call)
            for step in place[:-1]:
                holder = holder[step]
            if value is KeyError:
                del holder[place[-1]]
            else:
                holder[place[-1]] = value
            yield whole


def places(call: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inside = call.items() if isinstance(call, dict) else enumerate(call) if isinstance(call, list) else ()
    for step, value in inside:
        yield (*above, step)
        yield from places(value, (*above, step))


def calls(service: str) -> Iterator[Any]:
    """Calls with one thing wrong, in themselves or in what they have as JSON within."""
    sound = CALLS[service]()
    if service not in FORMS:
        yield from (*changed(sound), b"{", b"\xff", b"[" * 50_000, b"[]", b'"a"')
    for name, value in sound.items():
        if isinstance(value, str) and value.startswith(("{", "[")):
            yield from (sound | {name: json.dumps(found["it"])} for found in changed({"it": json.loads(value)}) if found)
        if service in FORMS:
            yield {key: told for key, told in sound.items() if key != name}
            yield from (sound | {name: text} for text in ("", "{", "[" * 3_000, "9" * 5_000, "1e9", "\x00ã"))


@pytest.mark.parametrize("service", CALLS)
def test_no_call_is_an_error_of_ours_and_none_loses_a_mail(client: Client, service: str, quiet: None) -> None:
    """A field that is not as expected was answered with 500 until the service gave up."""
    came = 0
    for call in calls(service):
        try:
            status = bring(client, service, call)
        except ImproperlyConfigured:
            continue  # whoever set the service up is told so, and it comes again
        if status == 200:
            came += not isinstance(call, dict) or call.get("items") not in ([], {}, "")
            assert InboundMail.objects.aggregate(Sum("copies"))["copies__sum"] == came, call
        else:
            assert status == 400, call  # its own signature is wrong
            assert service in ("mailgun", "amazon_ses")
    assert came > 20
    assert InboundMail.objects.filter(state="quarantined", reason="payload", content__isnull=False).exists()


def test_what_no_mail_can_be_made_of_is_kept_once_and_not_tried_again(client: Client) -> None:
    call = postmark() | {"Headers": [{"Name": 1}]}
    assert [bring(client, "postmark", call) for _ in range(2)] == [200, 200]
    row = InboundMail.objects.get()
    assert (row.state, row.reason, row.copies, row.whole) == ("quarantined", "payload", 2, False)
    assert (json.loads(storing.raw_of(row)), row.error.startswith("AttributeError")) == (call, True)
    assert storing.retry(InboundMail.objects.all()) == 0


def test_47_who_shows_no_secret_leaves_nothing(client: Client) -> None:
    for path in ("postmark", "brevo", "mailgun", "amazon_ses"):
        assert client.post(f"/correio/{path}/inbound/", b"{", content_type="application/json").status_code in (400, 401)
    assert not InboundMail.objects.exists()


def test_senseless_news_of_our_mail_are_counted_and_refused(client: Client) -> None:
    assert client.post("/correio/postmark/tracking/", b"[1]", content_type="application/json", **BASIC).status_code == 400  # type: ignore[arg-type]
    assert MailCount.objects.get().what == "webhook_senseless"
    assert not InboundMail.objects.exists()


def test_a_file_that_the_service_does_not_give_out_makes_it_come_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    call = brevo()
    call["items"][0]["Attachments"] = [{"DownloadToken": "x", "Name": "a", "ContentType": "text/plain"}]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    with pytest.raises(OSError, match="proxy"):
        bring(client, "brevo", call)
    assert not InboundMail.objects.exists()


def test_a_mail_of_more_files_than_a_form_may_have_is_kept(client: Client) -> None:
    files = {f"attachment-{n}": SimpleUploadedFile(f"{n}.txt", b"x") for n in range(1, 30)}
    assert bring(client, "mailgun", mailgun() | {"attachment-count": "29"} | files) == 200
    row = InboundMail.objects.get()
    assert (row.reason, storing.raw_of(row).count(b'filename="')) == ("payload", 29)
