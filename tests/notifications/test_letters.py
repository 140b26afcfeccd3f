"""A notice in words."""

import pytest
from django.core.mail import BadHeaderError
from pytest_django import Settings

from accounts.models import User
from notifications import kinds, letters, replies
from notifications.letters import in_short_lines, letter, one_line
from notifications.models import Notice
from tests.notifications.conftest import Enqueue, context
from tests.reading_mail import html_of


def test_a_letter_greets_says_and_leads_to_the_portal(ana: User, enqueue: Enqueue) -> None:
    message = letter(enqueue(ana))
    assert message.to == ["ana@example.org"]
    assert message.subject == "Bia Exemplo pede atenção"
    for words in (str(message.body), html_of(message)):
        assert "Bia Exemplo escreveu no chamado 10000001." in words
        assert "http://127.0.0.1:8000/chamados/10000001/" in words
    assert str(message.body).startswith("Olá, Ana d'Ávila.\n")
    assert "Olá, Ana d&#x27;Ávila." in html_of(message)


def test_its_headers_say_who_it_is_and_that_no_machine_should_answer(ana: User, enqueue: Enqueue) -> None:
    notice = enqueue(ana)
    first, second = letter(notice).message(), letter(notice).message()
    assert first["Message-ID"] == second["Message-ID"] == f"<notice-{notice.pk}@127.0.0.1>"
    assert first["Auto-Submitted"] == "auto-generated"
    # Without NDR: of what could not be delivered we want to hear.
    assert first["X-Auto-Response-Suppress"] == "DR, RN, NRN, OOF, AutoReply"
    assert "References" not in first
    assert [part.get_content_type() for part in first.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_mails_of_a_thread_name_its_root(ana: User, eva: User, enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_KINDS", {})
    kinds.register("test_greeting", context=context, label="x", thread="ticket-{number}")
    roots = [
        (message["References"], message["In-Reply-To"])
        for notice in (enqueue(ana, 10000001), enqueue(eva, 10000001), enqueue(ana, 10000002))
        for message in [letter(notice).message()]
    ]
    one, other = "<ticket-10000001@127.0.0.1>", "<ticket-10000002@127.0.0.1>"
    assert roots == [(one, one), (one, one), (other, other)]


def test_who_may_answer_by_mail_is_told_so_and_nobody_else(
    ana: User, enqueue: Enqueue, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(kinds, "_KINDS", {})
    kinds.register("test_greeting", context=context, label="x", thread="ticket-{number}", answerable=True)
    kinds.register("test_other", context=context, label="x", thread="ticket-{number}")
    notice = enqueue(ana)
    for address, kind in (("", "test_greeting"), ("respostas@portal.example", "test_greeting")):
        settings.REPLY_ADDRESS, notice.kind = address, kind
        message = letter(notice)
        assert message.reply_to == ([replies.reply_to(notice)] if address else [])
        for text in (str(message.body), html_of(message)):
            assert ("Você pode responder a este e-mail" in text) == bool(address)
            assert ("Não responda a este e-mail" in text) != bool(address)
    assert replies.read(letter(notice).reply_to[0]) == ("ticket-10000001", ana.pk)
    notice.kind = "test_other"
    assert letters.context_of(notice)["reply_address"] == ""


def test_news_name_their_list_and_nothing_else_does(ana: User, enqueue: Enqueue) -> None:
    notice = enqueue(ana)
    assert "List-Id" not in letter(notice).message()
    notice.line = Notice.Line.NEWS
    assert letter(notice).message()["List-Id"] == "Comunicados <comunicados.127.0.0.1>"


def test_names_are_escaped_in_html_and_plain_in_text(ana: User, bia: User, enqueue: Enqueue) -> None:
    bia.name = "<b>Bia</b> & Cia"
    bia.save()
    message = letter(enqueue(ana))
    assert "<b>Bia</b> & Cia escreveu" in str(message.body)
    assert "&lt;b&gt;Bia&lt;/b&gt; &amp; Cia escreveu" in html_of(message)
    assert "<b>Bia" not in html_of(message)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x00"])
def test_one_line_is_one_line(end: str) -> None:
    assert one_line(f"Olá{end}Bcc: eva@example.org") == "Olá Bcc: eva@example.org"


def test_lines_are_short_and_addresses_whole() -> None:
    address = "https://portal.example/" + "a" * 90
    said = f"- {'palavra ' * 12}\n  {address}\n\n1. {'outra ' * 15}\n" + "x" * 80
    lines = in_short_lines(said).splitlines()
    assert address in lines[2]
    assert [line for line in lines if len(line) > 72] == [f"  {address}", "x" * 80]
    assert lines[1].startswith("  palavra")
    assert lines[5].startswith("   outra")
    assert " ".join(" ".join(lines).split()) == " ".join(said.split())


def test_what_lists_of_mails_show_is_what_is_expected(ana: User, enqueue: Enqueue) -> None:
    shown = html_of(letter(enqueue(ana))).partition('<div class="preheader">')[2].partition("</div>")[0]
    assert shown == "Bia Exemplo escreveu no chamado 10000001."


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_abuse_35_line_ends_in_a_name_make_no_header(ana: User, bia: User, enqueue: Enqueue, end: str) -> None:
    for person in (ana, bia):
        person.name = person.social_name = f"Bia{end}Bcc: eva@example.org{end}{end}<b>corpo</b>"
        person.save()
    message = letter(enqueue(ana))
    raw = message.message()
    assert message.subject == "Bia Bcc: eva@example.org <b>corpo</b> pede atenção"
    assert [name for name in raw.keys() if name.lower() in ("bcc", "cc")] == []  # noqa: SIM118  # a message is no dict
    assert raw["To"] == "ana@example.org"


def test_abuse_35_an_address_with_a_line_end_sends_nothing(ana: User, enqueue: Enqueue) -> None:
    notice = enqueue(ana)
    notice.recipient.email = "ana@example.org\nBcc: eva@example.org"
    with pytest.raises(BadHeaderError):
        letter(notice).message()
