"""What a mail does to a ticket, and what it does not (DESIGN §4 and §6)."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from pytest_django import Settings

import worktime
from accounts.models import Membership, User
from notifications import outbox, replies
from notifications.inbound import caps, storing
from notifications.models import AccountLetter, InboundMail, MailAddress, MailCount, Notice
from tests.cast import MONDAY, at_status, follow, form
from tests.notifications.inbound.writing import mail, raw
from tickets import inbound, lifecycle
from tickets.models import Attachment, LateMail, Message, Ticket, TicketEvent
from tickets.states import Status, Via

ROOT = Path(__file__).resolve().parents[2]
MAILS = ROOT / "tests" / "notifications" / "mails"
H = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def box(settings: Settings) -> None:
    settings.REPLY_ADDRESS, settings.PORTAL_URL = "respostas@portal.example", "https://portal.example"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as moment:
        yield moment


@pytest.fixture
def waiting(c: SimpleNamespace) -> Ticket:
    return at_status(c, Status.WAITING_REQUESTER)


def token(ticket: Ticket, user: User) -> str:
    return replies.address(f"ticket-{ticket.number}", user.pk)


def come(content: bytes, **facts: Any) -> InboundMail:
    """The mail as it stands once it was taken."""
    facts = {"source": InboundMail.Source.IMAP, "received_at": worktime.now(), **facts}
    row = storing.store(content, **facts)
    inbound.take_in()
    row.refresh_from_db()
    return row


def state_of(ticket: Ticket) -> tuple[object, ...]:
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    counts = [model.objects.count() for model in (TicketEvent, Message, Attachment, LateMail)]
    return (row, *counts)


def told() -> list[tuple[str, str]]:
    return [*Notice.objects.filter(kind__startswith="mail_").values_list("kind", "recipient__email")] + [
        ("letter", to) for to in AccountLetter.objects.values_list("to", flat=True)
    ]


def test_an_answer_is_an_answer(c: SimpleNamespace, waiting: Ticket) -> None:
    body = "A versão é 4.1.\n\nEm seg., 23 de nov. de 2026 às 10:00, Central <x@y.example>\nescreveu:\n\n> Qual a versão?\n"
    row = come(mail(body, To=token(waiting, c.ana)))
    waiting.refresh_from_db()
    message = waiting.messages.latest("id")
    assert (row.state, row.reason, row.sender, row.user) == ("taken", "", "ana@example.org", c.ana)
    assert (waiting.status, message.body, message.author) == (Status.IN_PROGRESS, "A versão é 4.1.", c.ana)
    assert (message.event.via, message.event.request_id) == (Via.MAIL, row.pk)
    assert not told()


def test_who_follows_and_the_focal_point_answer_too(c: SimpleNamespace, waiting: Ticket) -> None:
    follow(waiting, c.eva)
    for person in (c.eva, c.gil):
        assert come(mail("Ok.", From=person.email, To=token(waiting, person))).state == "taken"


def test_the_same_mail_again_says_nothing_twice(c: SimpleNamespace, waiting: Ticket) -> None:
    """ABUSE 33, a replayed token: the same mail delivered again."""
    content = mail(To=token(waiting, c.ana))
    come(content)
    before = state_of(waiting)
    row = come(content)
    assert (row.copies, state_of(waiting)) == (2, before)
    InboundMail.objects.update(state="new", attempts=0)  # as after a crash between doing and writing it down
    inbound.take_in()
    assert state_of(waiting) == before


def test_a_marked_copy_that_came_first_keeps_no_mail_out(c: SimpleNamespace, waiting: Ticket) -> None:
    """ABUSE 33: who is in copy of an answer sends it again, as a machine's, before it arrives."""
    address = token(waiting, c.ana)
    assert come(mail(To=address, Auto_Submitted="auto-replied")).reason == "automatic"
    assert come(mail(To=address)).state == "taken"


def test_the_same_words_by_another_way_are_not_said_twice(c: SimpleNamespace, waiting: Ticket) -> None:
    address = token(waiting, c.ana)
    come(mail(To=address))
    before = state_of(waiting)
    row = come(mail(To=address, Delivered_To=address))
    assert (row.state, row.reason, state_of(waiting), told()) == ("ignored", "duplicate", before, [])


def test_a_mail_that_nobody_vouches_for_is_refused_and_told(c: SimpleNamespace, waiting: Ticket, settings: Settings) -> None:
    """Its sender may be who he says: his answer must not be lost without his knowing."""
    settings.MAIL_AUTHSERV_ID = "mx.portal.example"
    address, before = token(waiting, c.ana), state_of(waiting)
    row = come(mail(To=address, Authentication_Results="mx.portal.example; spf=pass smtp.mailfrom=x@evil.example"))
    assert (row.state, row.reason, state_of(waiting)) == ("refused", "authentication", before)
    assert (row.content is not None, told()) == (True, [("mail_not_taken", "ana@example.org")])
    assert come(mail(To=address, Authentication_Results="mx.portal.example; dkim=pass header.d=example.org")).state == "taken"


def test_files_go_through_the_gate_of_the_portal(c: SimpleNamespace, waiting: Ticket) -> None:
    parts = [
        b"Content-Type: text/plain\r\n\r\nSegue o log.",
        b'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="log.txt"\r\n\r\nlinha\n',
        b'Content-Type: application/x-msdownload\r\nContent-Disposition: attachment; filename="a.exe"\r\n\r\nMZ',
        b'Content-Type: image/png\r\nContent-Disposition: attachment; filename="b.png"\r\n\r\nnada',
    ]
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    head = ["From: ana@example.org", f"To: {token(waiting, c.ana)}", "Content-Type: multipart/mixed; boundary=b"]
    assert come(raw(*head, body=body)).state == "taken"
    message = waiting.messages.latest("id")
    assert message.body == "Segue o log.\n\n[2 anexos não foram aceitos: “a.exe”, “b.png”]"
    assert [attachment.file.name for attachment in message.attachments.all()] == ["log.txt"]


def test_a_file_alone_is_an_answer(c: SimpleNamespace, waiting: Ticket) -> None:
    content = base64.b64encode(b"linha do log\n").decode()
    head = ["From: ana@example.org", f"To: {token(waiting, c.ana)}", 'Content-Type: text/plain; name="log.txt"']
    come(raw(*head, "Content-Disposition: attachment", "Content-Transfer-Encoding: base64", body=content.encode()))
    assert waiting.messages.latest("id").body == "E-mail sem texto, com 1 arquivo(s)."
    assert Ticket.objects.get(pk=waiting.pk).status == Status.IN_PROGRESS


def test_a_mail_of_quotations_alone_waits_for_a_person(c: SimpleNamespace, waiting: Ticket) -> None:
    before = state_of(waiting)
    row = come(mail("Em 23/11/2026, Central escreveu:\n> Qual a versão?\n", To=token(waiting, c.ana)))
    assert (row.state, row.reason, state_of(waiting)) == ("quarantined", "empty", before)
    assert told() == [("mail_not_taken", "ana@example.org")]


def test_a_very_long_mail_is_cut_and_says_so(c: SimpleNamespace, waiting: Ticket) -> None:
    come(mail("a " * 20_000, To=token(waiting, c.ana)))
    body = waiting.messages.latest("id").body
    assert len(body) <= 20_000
    assert body.endswith(inbound.CUT.strip())


@pytest.mark.parametrize("status", [Status.CLOSED, Status.FINAL])
def test_after_the_end_it_is_kept_shown_and_answered(c: SimpleNamespace, status: Status) -> None:
    ticket = at_status(c, status)
    before = Ticket.objects.filter(pk=ticket.pk).values().get()
    row = come(mail("Muito obrigada!\n", To=token(ticket, c.ana)))
    late = LateMail.objects.get()
    assert (row.state, row.reason, late.pk, late.body, late.author) == ("kept", "closed", row.pk, "Muito obrigada!", c.ana)
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert told() == [("mail_late", "ana@example.org")]


def test_closed_for_want_of_an_answer_it_reopens(c: SimpleNamespace, waiting: Ticket, clock: time_machine.Traveller) -> None:
    clock.move_to(MONDAY + 61 * H)
    lifecycle.remind(waiting.pk, request_id=form())
    clock.move_to(MONDAY + 74 * H)
    lifecycle.expire_wait(waiting.pk, request_id=form())
    assert come(mail(To=token(waiting, c.ana))).state == "taken"
    waiting.refresh_from_db()
    assert (waiting.status, waiting.reopenings) == (Status.IN_PROGRESS, 1)


SAMPLES = sorted(MAILS.glob("*.eml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_automatic_answers_change_and_answer_nothing(c: SimpleNamespace, waiting: Ticket, sample: Path) -> None:
    """Nor do they count as an interaction: the 72 h run on."""
    before = state_of(waiting)
    content = sample.read_bytes().replace(b"respostas@portal.example", token(waiting, c.ana).encode())
    row = come(content, recipient=token(waiting, c.ana))
    assert (row.state, state_of(waiting), told()) == ("ignored", before, [])


def test_no_bounce_of_the_library_is_answered_or_changes_a_ticket(c: SimpleNamespace, waiting: Ticket) -> None:
    """As they are, and as if each had come to the reply address of a ticket that waits."""
    samples = sorted((ROOT / "var" / "bounces").glob("*.txt"))
    assert len(samples) == 117, "run `make samples`"
    before = state_of(waiting)
    for sample in samples:
        storing.store(sample.read_bytes(), source=InboundMail.Source.IMAP, received_at=worktime.now())
        other = b"X-Copy: " + sample.stem.encode() + b"\nDate: today\n" + sample.read_bytes().partition(b"\n")[2]
        storing.store(other, source=InboundMail.Source.WEBHOOK, received_at=worktime.now(), recipient=token(waiting, c.ana))
    assert inbound.take_in(300) >= 230
    assert (state_of(waiting), told()) == (before, [])
    assert not InboundMail.objects.filter(state__in=["new", "taken", "kept", "quarantined"]).exists()
    refused = InboundMail.objects.filter(state="refused")
    assert set(refused.values_list("reason", flat=True)) <= {"no_ticket", "sender"}
    assert refused.count() == 2  # a person's mail that the library keeps among its samples


def test_a_bounce_of_our_own_mail_marks_its_address(c: SimpleNamespace) -> None:
    with transaction.atomic():
        outbox.enqueue("ticket_opened", to=c.ana, data={}, dedupe_key="a")
    sample = (MAILS / "exchange_nao_entregue.eml").read_bytes()
    come(sample)
    assert not MailAddress.objects.exists()  # it names no mail of ours
    notice = Notice.objects.get(dedupe_key="a")
    come(sample.replace(b"notice-1@", f"notice-{notice.pk}@".encode()).replace(b"ndr-1@", b"ndr-2@"))
    assert MailAddress.objects.get().email == "ana@example.org"


def test_where_a_mail_service_tells_of_bounces_mailed_ones_mark_nothing(c: SimpleNamespace, settings: Settings) -> None:
    """Who was sent a copy of a mail in the last days knows its id, and could cut its reader off."""
    settings.MAIL_WEBHOOKS = ["postmark"]
    with transaction.atomic():
        outbox.enqueue("ticket_opened", to=c.ana, data={}, dedupe_key="a")
    sample = (MAILS / "exchange_nao_entregue.eml").read_bytes()
    row = come(sample.replace(b"notice-1@", f"notice-{Notice.objects.get(dedupe_key='a').pk}@".encode()))
    assert (row.state, row.reason) == ("ignored", "bounce")
    assert not MailAddress.objects.exists()


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1", "5.3.4"])
def test_a_bounce_that_is_not_about_the_address_marks_none(c: SimpleNamespace, status: str) -> None:
    """A full mailbox empties; a server that takes nothing of ours today must not cut everybody off."""
    with transaction.atomic():
        outbox.enqueue("ticket_opened", to=c.ana, data={}, dedupe_key="a")
    sample = (MAILS / "exchange_nao_entregue.eml").read_bytes().replace(b"5.1.1", status.encode())
    come(sample.replace(b"notice-1@", f"notice-{Notice.objects.get(dedupe_key='a').pk}@".encode()))
    assert not MailAddress.objects.filter(blocked_at__isnull=False).exists()


def test_a_forged_bounce_of_an_old_mail_or_of_none_marks_no_address(c: SimpleNamespace) -> None:
    """Who once was sent a copy of somebody's mail knows its id."""
    with transaction.atomic():
        outbox.enqueue("ticket_opened", to=c.ana, data={}, dedupe_key="a")
    Notice.objects.filter(dedupe_key="a").update(created_at=worktime.now() - timedelta(days=30))
    sample = (MAILS / "exchange_nao_entregue.eml").read_bytes()
    for name in (str(Notice.objects.get(dedupe_key="a").pk), "00000000" + "-" * 28):
        row = come(sample.replace(b"notice-1@", f"notice-{name}@".encode()).replace(b"ndr-1@", f"{name}@".encode()))
        assert (row.state, row.reason, row.error) == ("ignored", "bounce", "")
    assert not MailAddress.objects.exists()


def test_mail_to_no_ticket_is_answered_once_and_opens_none(c: SimpleNamespace) -> None:
    row = come(mail(To="respostas@portal.example", From="outro@example.org"))
    assert (row.state, row.reason, Ticket.objects.count()) == ("refused", "no_ticket", 0)
    assert told() == [("letter", "outro@example.org")]
    for number in range(5):
        come(mail(To="respostas@portal.example", From="outro@example.org", Message_ID=f"<x{number}@example.org>"))
    assert len(told()) == caps.A_DAY


def test_beyond_the_day_s_letters_strangers_are_counted_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caps, "TO_STRANGERS", 1)
    for number in range(3):
        come(mail(To="respostas@portal.example", From=f"x{number}@example.org", Message_ID=f"<x{number}@example.org>"))
    assert (len(told()), MailCount.objects.get(what="stranger_not_told").count) == (1, 2)


def test_who_did_not_write_is_not_answered(settings: Settings) -> None:
    """A forged sender would get our answer to what somebody else sent in his name."""
    settings.MAIL_AUTHSERV_ID = "mx.portal.example"
    forged = mail(From="outro@example.org", Authentication_Results="mx.portal.example; dmarc=fail")
    assert come(forged).reason == "no_ticket"
    assert not told()


def test_mail_that_came_by_way_of_others_is_not_answered() -> None:
    assert come(mail(To="alguem@example.org"), recipient="x@example.org").reason == "no_ticket"
    assert not AccountLetter.objects.exists()


@pytest.mark.parametrize("who", ["bia", "lia", "duda"])
def test_the_team_is_sent_to_the_desk(c: SimpleNamespace, waiting: Ticket, who: str) -> None:
    before, person = state_of(waiting), getattr(c, who)
    row = come(mail(From=person.email, To=token(waiting, person)))
    assert (row.state, row.reason, state_of(waiting)) == ("refused", "team", before)
    assert told() == [("mail_not_taken", person.email)]


def test_who_left_the_body_is_told_nothing_of_the_ticket(c: SimpleNamespace, waiting: Ticket) -> None:
    address, before = token(waiting, c.ana), state_of(waiting)
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())
    assert come(mail(To=address)).reason == "rights"
    assert state_of(waiting) == before


def test_a_closed_account_is_not_answered(c: SimpleNamespace, waiting: Ticket) -> None:
    User.objects.filter(pk=c.ana.pk).update(is_active=False)
    assert come(mail(To=token(waiting, c.ana))).reason == "rights"
    assert not told()


def test_a_mail_that_is_too_long_is_refused(c: SimpleNamespace, waiting: Ticket) -> None:
    before = state_of(waiting)
    row = come(mail(To=token(waiting, c.ana)) + b"x" * storing.MAX_BYTES)
    assert (row.reason, state_of(waiting)) == ("too_big", before)


def test_a_flood_of_mails_stops(c: SimpleNamespace, waiting: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "AN_HOUR", 2)
    reasons = [come(mail(f"{n}", To=token(waiting, c.ana), Message_ID=f"<{n}@x.example>")).reason for n in range(4)]
    assert reasons == ["", "", "too_many", "too_many"]
    assert waiting.messages.filter(event__via=Via.MAIL).count() == 2


def test_a_flood_of_mails_to_a_closed_ticket_stops_too(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "AN_HOUR", 2)
    address = token(at_status(c, Status.CLOSED), c.ana)
    reasons = [come(mail(f"{n}", To=address, Message_ID=f"<{n}@x.example>")).reason for n in range(3)]
    assert reasons == ["closed", "closed", "too_many"]
    assert LateMail.objects.count() == 2


def test_what_raises_is_kept_and_tried_again(c: SimpleNamespace, waiting: Ticket, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("segredo")

    before = state_of(waiting)
    with monkeypatch.context() as patch:
        patch.setattr(lifecycle, "speak_by_mail", broken)
        row = come(mail(To=token(waiting, c.ana)))
        other = come(mail("Outra.", To=token(waiting, c.ana), Message_ID="<2@x.example>"))
    assert (row.state, other.state, state_of(waiting)) == ("new", "new", before)
    assert row.error.startswith("ZeroDivisionError")
    assert "segredo" not in row.error
    with worktime.shifted(2 * H):
        assert inbound.take_in() == 2
    row.refresh_from_db()
    assert row.state == "taken"


def test_what_cannot_be_read_waits_for_a_person() -> None:
    row = come(raw("From: ana@example.org", body=b"\n" * 3_000_000))
    assert (row.state, row.reason, row.error) == ("quarantined", "unreadable", "linhas demais")


def test_what_was_hidden_is_gone_from_the_mails_that_quote_it(c: SimpleNamespace, waiting: Ticket) -> None:
    row = come(mail("Minha senha é abc.", To=token(waiting, c.ana)))
    message = waiting.messages.latest("id")
    lifecycle.redact(waiting.pk, by=c.bia, via=Via.DESK, request_id=form(), what=message, passage="abc")
    row.refresh_from_db()
    assert row.content is None


def test_what_came_too_late_can_be_hidden(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    come(mail("Minha senha é abc.", To=token(ticket, c.ana)))
    lifecycle.redact(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), what=LateMail.objects.get(), passage="abc")
    late = LateMail.objects.get()
    assert "abc" not in late.body
    assert InboundMail.objects.get().content is None
