"""Attacks by mail that we receive: classes 33, 34 and 36 (35 and 37 in what is made of it)."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from notifications.models import AccountLetter, Notice
from tests.cast import at_status, form, opened
from tests.notifications.inbound.writing import mail, raw
from tests.tickets.test_inbound import come, state_of, token
from tickets import lifecycle
from tickets.models import Attachment, LateMail, Message, Ticket
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db
ANA = "ana@example.org"


@pytest.fixture(autouse=True)
def box(settings: Settings) -> None:
    settings.REPLY_ADDRESS, settings.PORTAL_URL = "respostas@portal.example", "https://portal.example"


@pytest.fixture
def waiting(c: SimpleNamespace) -> Ticket:
    return at_status(c, Status.WAITING_REQUESTER)


@pytest.mark.parametrize(
    "head",
    [
        ["From: eva@example.org"],
        ["From: caio@example.org"],
        [f'From: "{ANA}" <eva@example.org>'],
        [f"From: {ANA}, eva@example.org"],
        [f"From: {ANA}", "From: eva@example.org"],
        [f"From: {ANA}", "Sender: eva@example.org"],
        ["From: eva@example.org", f"Reply-To: {ANA}", f"Return-Path: <{ANA}>"],
        [f"From: {ANA}.evil.example"],
        ["From: ana@еxample.org"],
    ],
    ids=lambda head: " ".join(head)[:40],
)
def test_33_a_forged_sender_with_a_true_token(c: SimpleNamespace, waiting: Ticket, head: list[str]) -> None:
    """FreeScout GHSA-j49f-9g94-3wh4: another From took over the requester's part."""
    before = state_of(waiting)
    row = come(raw(*head, f"To: {token(waiting, c.ana)}", "Subject: Re: x"))
    assert (row.state, row.reason, state_of(waiting)) == ("refused", "sender", before)
    assert not Notice.objects.filter(kind__startswith="mail_").exists()


def test_33_a_token_of_another_ticket_and_one_made_up(c: SimpleNamespace, waiting: Ticket) -> None:
    """FreeScout CVE-2026-47123: an id without a keyed digest led to any ticket."""
    other = opened(c, by=c.eva)
    before = state_of(waiting), state_of(other)
    true = token(waiting, c.ana)
    for made_up in (
        true.replace(str(waiting.number), str(other.number)),
        f"respostas+ticket-{other.number}-{c.ana.pk}-1-{'a' * 26}@portal.example",
        token(other, c.ana),  # ours, for somebody who may not read that ticket
    ):
        row = come(mail(To=made_up, Message_ID=f"<{len(made_up)}{hash(made_up)}@x.example>"))
        assert row.state == "refused"
    both = come(mail(To=f"{true}, {token(other, c.eva)}", Message_ID="<b@x.example>"))
    assert both.reason == "several"
    assert (state_of(waiting), state_of(other)) == before


def test_33_a_token_that_somebody_else_got_hold_of(c: SimpleNamespace, waiting: Ticket) -> None:
    """A forwarded notice: the analyst's own answer, or a stranger's, is not the requester's."""
    before = state_of(waiting)
    for who in (c.bia, c.eva, c.gil):
        assert come(mail(From=who.email, To=token(waiting, c.ana), Message_ID=f"<{who.pk}@x.example>")).reason == "sender"
    assert state_of(waiting) == before


def test_33_a_sender_whom_our_server_proved_false(c: SimpleNamespace, waiting: Ticket, settings: Settings) -> None:
    """FreeScout GHSA-83xx-8c27-gq78."""
    settings.MAIL_AUTHSERV_ID = "mx.portal.example"
    before = state_of(waiting)
    found = "mx.portal.example; dmarc=fail header.from=example.org"
    forged = "mx.portal.example; dmarc=pass"
    row = come(
        raw(
            f"Authentication-Results: {found}",
            f"Authentication-Results: {forged}",
            f"From: {ANA}",
            f"To: {token(waiting, c.ana)}",
        )
    )
    assert (row.reason, state_of(waiting)) == ("authentication", before)


def test_34_nothing_in_the_head_but_the_address_does_anything(c: SimpleNamespace, waiting: Ticket) -> None:
    """RT CVE-2023-41259, Zammad's X-Zammad-*: fields of a mail that set status, owner or another ticket."""
    before = state_of(waiting)
    row = come(
        mail(
            To="respostas@portal.example",
            Subject=f"Re: [Chamado {waiting.number}]",
            In_Reply_To=f"<ticket-{waiting.number}@portal.example>",
            References=f"<ticket-{waiting.number}@portal.example>",
            X_Portal_Ticket=str(waiting.number),
            X_Zammad_Ticket_State="closed",
            RT_Ticket=str(waiting.number),
        )
    )
    assert (row.reason, state_of(waiting)) == ("no_ticket", before)


@pytest.mark.parametrize(
    "words", ["Ana\r\nBcc: eva@example.org", "Ana\nCc: eva@example.org", "Ana\x00\x85Bcc: eva@example.org"]
)
def test_35_header_injection_by_what_a_mail_says(words: str) -> None:
    """RT CVE-2013-3373: what came in was put into the head of what went out."""
    come(
        raw(
            f"From: =?utf-8?q?{words.encode().hex('=', 1)}?= <a@example.org>",
            f"Subject: {words}",
            "To: respostas@portal.example",
        )
    )
    for letter in AccountLetter.objects.all():
        assert (letter.to, "\n" in letter.subject, "Bcc" in letter.subject) == ("a@example.org", False, False)


def test_35_a_file_s_name_makes_no_header_and_no_page(c: SimpleNamespace, waiting: Ticket, client: Client) -> None:
    """RT CVE-2013-3373, osTicket CVE-2020-24917: a name with line ends, quotation marks and markup."""
    name = quote('a"\r\nX-Evil: 1\r\n\r\n<script>alert(1)</script>.txt')
    shown = f"Content-Type: text/html\r\nContent-Disposition: attachment; filename*=utf-8''{name}"
    part = f"--x\r\n{shown}\r\n\r\n<b>oi</b>\r\n--x--\r\n"
    head = [f"From: {ANA}", f"To: {token(waiting, c.ana)}", 'Content-Type: multipart/mixed; boundary="x"']
    assert come(raw(*head, body=part.encode())).state == "taken"
    attachment = Attachment.objects.get(ticket=waiting)
    assert [sign for sign in "\r\n<>/" if sign in attachment.file.name] == []
    client.force_login(c.ana)
    response = client.get(reverse("attachment", args=[attachment.file_id]))
    assert b"".join(response.streaming_content) == b"<b>oi</b>"  # type: ignore[attr-defined]  # a file
    assert response["Content-Disposition"].startswith("attachment; ")
    assert (response["X-Content-Type-Options"], response.has_header("X-Evil")) == ("nosniff", False)
    assert not response["Content-Type"].startswith("text/html")
    assert b"<script>alert" not in client.get(waiting.get_absolute_url()).content


def test_36_a_mail_bomb_costs_one_row(c: SimpleNamespace, waiting: Ticket) -> None:
    """OTRS CVE-2026-48187, RT CVE-2014-9472."""
    before = state_of(waiting)
    inner = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(500))
    row = come(raw(f"From: {ANA}", f"To: {token(waiting, c.ana)}", inner))
    assert (row.state, row.reason, state_of(waiting)) == ("quarantined", "unreadable", before)


def test_01_what_a_mail_says_is_text_on_every_page(c: SimpleNamespace, waiting: Ticket) -> None:
    """RTIR CVE-2026-105456: a link with a script, from a mail that nobody had signed."""
    html = (
        '<p onclick="x()">Veja <a href="javascript:alert(1)">aqui</a><script>alert(2)</script><img src=x onerror=alert(3)></p>'
    )
    come(raw(f"From: {ANA}", f"To: {token(waiting, c.ana)}", "Content-Type: text/html", body=html.encode()))
    assert Message.objects.latest("id").body == "Veja aqui"


def test_who_hid_a_password_hid_it_everywhere(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    row = come(mail("senha: abc\n", To=token(ticket, c.ana)))
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=LateMail.objects.get())
    row.refresh_from_db()
    assert (row.content, "abc" in LateMail.objects.get().body) == (None, False)
