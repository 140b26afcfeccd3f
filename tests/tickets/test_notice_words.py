"""What each kind says, rendered as mail from rows that the verbs made."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from accounts.models import User
from catalog.models import Queue
from notifications import kinds
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import MONDAY, at_status, form, opened
from tests.reading_mail import html_of, words_of, words_of_html
from tickets import lifecycle, notices
from tickets.models import Ticket
from tickets.notice_words import FOR_TEAM, GROUPS, LABELS
from tickets.states import Level, Status, Via
from tickets.wording import moment

DESK, PORTAL = Via.DESK, Via.PORTAL
SECRET = "segredo-da-equipe"
NASTY = "Erro <b>grave</b> & 'aspas'\r\nBcc: todos@example.org"


def travel(hours: float) -> time_machine.travel:
    return time_machine.travel(MONDAY + timedelta(hours=hours), tick=False)


@pytest.fixture
def everything(c: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Tickets that went through everything that somebody is told of, with internal words on the way."""
    c.ana.name = "Ana\r\nBcc: todos@example.org"
    c.ana.save()
    with travel(0):
        c.ticket = opened(c, subject=NASTY, body="senha 123456 no pedido")
        pk = c.ticket.pk
        lifecycle.assign(pk, by=c.lia, via=DESK, request_id=form(), to=c.bia)
        lifecycle.release(pk, by=c.bia, via=DESK, request_id=form(), reason=SECRET)
        lifecycle.take(pk, by=c.bia, via=DESK, request_id=form())
        lifecycle.note(pk, by=c.bia, via=DESK, request_id=form(), body=SECRET, mentions=[c.caio])
        lifecycle.comment(pk, by=c.bia, via=DESK, request_id=form(), body="Estamos vendo.")
        lifecycle.ask(pk, by=c.bia, via=DESK, request_id=form(), body="Qual a <versão>?")
    with travel(48):
        lifecycle.remind(pk, request_id=form())
        lifecycle.note(pk, by=c.bia, via=DESK, request_id=form(), body=SECRET)
    with travel(71):
        lifecycle.speak(pk, by=c.ana, via=PORTAL, request_id=form(), body="minha senha é 123456")
        lifecycle.escalate(pk, by=c.bia, via=DESK, request_id=form(), checked=SECRET)
        lifecycle.take(pk, by=c.caio, via=DESK, request_id=form())
        lifecycle.resolve(pk, by=c.caio, via=DESK, request_id=form(), body="Atualize.", cause=c.cause)
    with travel(72):
        lifecycle.reopen(pk, by=c.ana, via=PORTAL, request_id=form(), body="senha 123456 de novo")
        lifecycle.solved(pk, by=c.ana, via=PORTAL, request_id=form())
        lifecycle.refuse(opened(c).pk, by=c.bia, via=DESK, request_id=form(), body="Procure a TI.")
        lifecycle.cancel(at_status(c, Status.IN_PROGRESS).pk, by=c.ana, via=PORTAL, request_id=form())
        waiting = at_status(c, Status.WAITING_REQUESTER).pk
        lifecycle.close_duplicate(opened(c).pk, by=c.bia, via=DESK, request_id=form(), root=c.ticket.number)
        late = opened(c).pk
        other = Queue.objects.create(slug="pen-sei-n2-b", name="SEI N2 B", product=c.product, level=Level.N2)
        two = opened(c)
        said = {"message": two.messages.get().pk, "offering": c.offering, "subject": "Outro", "body": "senha 123456"}
        lifecycle.split(two.pk, by=c.bia, via=DESK, request_id=form(), **said)
        lifecycle.transfer(opened(c).pk, by=c.bia, via=DESK, request_id=form(), queue=other, reason=SECRET)
    with travel(72 + 7):
        lifecycle.warn(late)
    with travel(72 + 48):
        lifecycle.remind(waiting, request_id=form())
    with travel(72 + 73):
        lifecycle.expire_wait(waiting, request_id=form())
        lifecycle.finalize(pk, request_id=form())
        lifecycle.restore(pk, by=c.duda, via=DESK, request_id=form(), justification=SECRET)
        yield c


def test_every_kind_is_registered() -> None:
    assert set(LABELS) == notices.KINDS
    assert set(kinds.registered()) >= notices.KINDS


def test_every_kind_says_what_is_expected_with_number_product_and_link(everything: SimpleNamespace) -> None:
    seen = set()
    for notice in Notice.objects.select_related("recipient"):
        seen.add(notice.kind)
        message = letter(notice)
        number = notice.data["number"]
        assert message.subject.startswith(f"[Chamado {number}] ")
        assert message.subject.splitlines() == [message.subject]
        page, text = html_of(message), str(message.body)
        first = text.split("\n\n")[1]
        assert re.match(r"(Responda|Atenda|Leia|Confira|Continue|Não é preciso|Se ainda precisa)", first), first
        assert str(number) in text
        assert "SEI" in text
        promised = "A equipe responde de segunda a sexta, das 8h às 18h, exceto feriados" in words_of(text)
        assert promised == (notice.kind not in FOR_TEAM)
        to_desk = re.search(r"/admin/tickets/n[23]ticket/[0-9]+/change/", text)
        assert bool(to_desk) == (notice.kind in FOR_TEAM)
        link = to_desk[0] if to_desk else f"/chamados/{number}/"
        # To the ticket, the preferences, the portal and, where nothing is owed, out of such mail.
        optional = notice.kind in GROUPS
        assert ("/avisos/sair/" in text) == optional
        assert text.count("http") == page.count("<a ") == 3 + optional
        assert link in text
        assert kinds.title_of(notice) != "Aviso"
        assert str(number) in kinds.title_of(notice)
    assert seen == notices.KINDS


def test_what_is_owed_is_no_matter_of_choice() -> None:
    """Each of these begins or ends a time that runs against the reader."""
    owed = {"ticket_question", "ticket_reminder", "ticket_expired", "ticket_resolved", "ticket_refused", "ticket_duplicate"}
    assert set(LABELS) - set(GROUPS) == owed
    assert {kind for kind, group in GROUPS.items() if group.for_team} == FOR_TEAM


def test_a_notice_is_read_in_the_portal_by_who_may_still_read_the_ticket(everything: SimpleNamespace) -> None:
    to_ana = Notice.objects.filter(recipient=everything.ana, kind="ticket_question")[0]
    assert kinds.may_be_read(to_ana, everything.ana)
    everything.ana.memberships.all().delete()
    assert not kinds.may_be_read(to_ana, User.objects.get(pk=everything.ana.pk))


def test_text_and_html_say_the_same(everything: SimpleNamespace) -> None:
    for notice in Notice.objects.all():
        message = letter(notice)
        assert words_of_html(html_of(message)) == words_of(str(message.body)), notice.kind


def test_a_mail_shows_the_form_of_the_words_and_its_text_no_signs(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="**Veja**:\n- [guia](https://a.example)")
    message = letter(Notice.objects.get(kind="ticket_message"))
    assert "<strong>Veja</strong>" in html_of(message)
    assert "Veja:\n\n- guia (https://a.example)" in message.body


def test_nothing_internal_and_no_words_of_the_requester_leave_by_mail(everything: SimpleNamespace) -> None:
    for notice in Notice.objects.all():
        message = letter(notice)
        for part in (message.subject, str(message.body), html_of(message)):
            assert SECRET not in part
            assert "123456" not in part
            assert "Produção" not in part


def test_line_ends_in_names_make_no_headers_and_no_markup(everything: SimpleNamespace) -> None:
    for notice in Notice.objects.all():
        message = letter(notice)
        raw = message.message()
        assert "Bcc" not in raw
        assert raw["To"] == notice.recipient.email
        assert "<b>grave" not in html_of(message)
        assert "<versão>" not in html_of(message)


def body_of(ticket: Ticket, kind: str) -> str:
    """The words behind the greeting."""
    return words_of(str(letter(Notice.objects.get(kind=kind, data__ticket=ticket.pk)).body).partition("\n\n")[2])


def test_a_question_says_until_when_and_what(everything: SimpleNamespace) -> None:
    text = body_of(everything.ticket, "ticket_question")
    assert text.startswith("Responda até quinta-feira, 26/11/2026, às 10h (horário de Brasília).")
    assert "Qual a <versão>?" in text


def test_a_reminder_repeats_the_deadline_and_the_question(everything: SimpleNamespace) -> None:
    text = body_of(everything.ticket, "ticket_reminder")
    assert text.startswith("Responda até quinta-feira, 26/11/2026, às 10h (horário de Brasília).")
    assert "Qual a <versão>?" in text


def test_a_reminder_after_an_outage_promises_the_hours_that_the_sweep_gives(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with travel(100):
        lifecycle.remind(ticket.pk, request_id=form())
        assert body_of(ticket, "ticket_reminder").startswith(f"Responda até {moment(MONDAY + timedelta(hours=112))}.")


def test_a_closing_says_until_when_it_can_be_reopened(everything: SimpleNamespace) -> None:
    assert "reaberto até sábado, 28/11/2026, às 9h (horário de Brasília)." in body_of(everything.ticket, "ticket_resolved")


def test_a_message_while_the_ticket_waits_says_until_when(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with travel(10):
        lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Ainda aguardamos.")
        assert body_of(ticket, "ticket_message").startswith(f"Responda até {moment(MONDAY + timedelta(hours=82))}.")


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime.fromisoformat("2026-11-27T17:32:59+00:00"), "sexta-feira, 27/11/2026, às 14h32 (horário de Brasília)"),
        (datetime.fromisoformat("2027-01-01T02:30:00+00:00"), "quinta-feira, 31/12/2026, às 23h30 (horário de Brasília)"),
    ],
)
def test_moments_are_written_in_brasilia_time(at: datetime, text: str) -> None:
    assert moment(at) == text
