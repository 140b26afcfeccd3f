"""What each kind says, rendered as mail from rows that the verbs made."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from accounts.models import User
from catalog.models import Priority
from notifications import kinds
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import MONDAY, at_status, form, opened
from tests.reading_mail import html_of, words_of, words_of_html
from tests.tickets import telling
from tickets import lifecycle, notices, secrets
from tickets.models import Ticket
from tickets.notice_words import FOR_TEAM, GROUPS, LABELS
from tickets.states import Status, Via
from tickets.wording import moment

DESK = Via.DESK


@pytest.fixture
def everything(c: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """What somebody is told of has happened, to people with bad names; ``c.ticket`` is the one that saw the most."""
    c.ana.name = "Ana\r\nBcc: todos@example.org"
    c.ana.save()
    c.ticket = telling.everything(c)
    with telling.travel(telling.LATE):
        yield c


def test_every_kind_is_registered() -> None:
    assert set(LABELS) == notices.KINDS
    assert set(kinds.registered()) >= notices.KINDS


def test_every_mail_of_a_ticket(everything: SimpleNamespace) -> None:
    """One pass, because so much has to happen before there is one of each."""
    seen = set()
    for notice in Notice.objects.select_related("recipient"):
        seen.add(notice.kind)
        message = letter(notice)
        says_what_is_expected_with_number_product_and_link(notice, message)
        says_the_same_in_text_and_html(message)
        repeats_nothing_internal_and_no_words_of_the_requester(message)
        lets_nothing_become_a_header_or_markup(notice, message)
    assert seen == notices.KINDS


def says_what_is_expected_with_number_product_and_link(notice: Notice, message: EmailMultiAlternatives) -> None:
    number, text = notice.data["number"], str(message.body)
    assert message.subject.startswith(f"[Chamado {number}] ")
    first = text.split("\n\n")[1]
    assert re.match(r"(Responda|Atenda|Leia|Veja|Confira|Continue|Troque|Não é preciso|Se ainda precisa)", first), first
    assert f"Chamado: {number}\n" in text
    assert "\nProduto: SEI\n" in text
    promised = "A equipe responde de segunda a sexta, das 8h às 18h, exceto feriados" in words_of(text)
    assert promised == (notice.kind not in FOR_TEAM)
    to_desk = re.search(r"/admin/tickets/n[23]ticket/[0-9]+/change/", text)
    assert bool(to_desk) == (notice.kind in FOR_TEAM)
    assert (to_desk[0] if to_desk else f"/chamados/{number}/") in text
    # To the ticket, the preferences, the portal and, where nothing is owed, out of such mail.
    optional = notice.kind in GROUPS
    assert ("/avisos/sair/" in text) == optional
    assert text.count("http") == html_of(message).count("<a ") == 3 + optional
    assert kinds.title_of(notice) != "Aviso"
    assert str(number) in kinds.title_of(notice)
    assert kinds.thread_of(notice) == f"ticket-{number}"
    assert kinds.is_answerable(notice.kind) == (notice.kind not in FOR_TEAM)


def says_the_same_in_text_and_html(message: EmailMultiAlternatives) -> None:
    assert words_of_html(html_of(message)) == words_of(str(message.body))


def repeats_nothing_internal_and_no_words_of_the_requester(message: EmailMultiAlternatives) -> None:
    for part in (message.subject, str(message.body), html_of(message)):
        assert telling.SECRET not in part
        assert telling.PASSWORD not in part
        assert "Produção" not in part


def lets_nothing_become_a_header_or_markup(notice: Notice, message: EmailMultiAlternatives) -> None:
    """ABUSE 35: line ends in names and subjects."""
    raw = message.message()
    assert "Bcc" not in raw
    assert raw["To"] == notice.recipient.email
    assert message.subject.splitlines() == [message.subject]
    assert "<b>grave" not in html_of(message)
    assert "<versão>" not in html_of(message)


def test_what_is_owed_is_no_matter_of_choice() -> None:
    """Each of these begins or ends a time that runs for the reader, or asks something of him."""
    owed = {"ticket_question", "ticket_reminder", "ticket_expired", "ticket_resolved", "ticket_refused", "ticket_duplicate"}
    ended = {"ticket_question_withdrawn", "ticket_side_answered"}
    assert set(LABELS) - set(GROUPS) == owed | ended | {"ticket_redacted"}
    assert {kind for kind, group in GROUPS.items() if group.for_team} == FOR_TEAM


def test_a_notice_is_read_in_the_portal_by_who_may_still_read_the_ticket(everything: SimpleNamespace) -> None:
    to_ana = Notice.objects.filter(recipient=everything.ana, kind="ticket_question")[0]
    assert kinds.may_be_read(to_ana, everything.ana)
    everything.ana.memberships.all().delete()
    assert not kinds.may_be_read(to_ana, User.objects.get(pk=everything.ana.pk))


def test_a_mail_shows_the_form_of_the_words_and_its_text_no_signs(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="**Veja**:\n- [guia](https://a.example)")
    message = letter(Notice.objects.get(kind="ticket_message"))
    assert "<strong>Veja</strong>" in html_of(message)
    assert "Veja:\n\n- guia (https://a.example)" in message.body


def body_of(ticket: Ticket, kind: str) -> str:
    """The words behind the greeting."""
    notice = Notice.objects.filter(kind=kind, data__ticket=ticket.pk).earliest("recipient")
    return words_of(str(letter(notice).body).partition("\n\n")[2])


def test_what_runs_is_said_with_its_end(everything: SimpleNamespace) -> None:
    for kind in ("ticket_question", "ticket_reminder"):
        text = body_of(everything.ticket, kind)
        assert text.startswith("Responda até quinta-feira, 26/11/2026, às 10h (horário de Brasília).")
        assert "Qual a <versão>?" in text
    assert "reaberto até sábado, 28/11/2026, às 9h (horário de Brasília)." in body_of(everything.ticket, "ticket_resolved")
    [offer] = Notice.objects.filter(kind="ticket_offered")
    assert "Atenda até quinta-feira, 26/11/2026, às 10h (horário de Brasília), se puder" in words_of(str(letter(offer).body))


def test_a_change_by_a_colleague_is_told_in_the_words_of_the_history(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.set_priority(ticket.pk, by=c.duda, via=DESK, request_id=form(), priority=Priority.URGENT, reason="Parou.")
    assert body_of(ticket, "ticket_changed_team").startswith("Veja o que mudou: Duda mudou a prioridade para Urgente.")


def test_no_password_and_no_whole_cpf_leaves_by_mail(c: SimpleNamespace) -> None:
    ticket = opened(c, subject="CPF 529.982.247-25 sem acesso")
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
    lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Use a senha: Abc@1234\nDe 529.982.247-25.")
    for notice in Notice.objects.filter(data__ticket=ticket.pk):
        message = letter(notice)
        for part in (message.subject, str(message.body), html_of(message)):
            assert "Abc@1234" not in part
            assert "529.982.247-25" not in part
    assert f"Use a {secrets.HIDDEN} De {secrets.HIDDEN}." in body_of(ticket, "ticket_message")


def test_an_answer_by_mail_is_offered_while_it_adds_something(c: SimpleNamespace, settings: Settings) -> None:
    settings.REPLY_ADDRESS = "respostas@portal.example"
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert "Você pode responder a este e-mail" in body_of(ticket, "ticket_question")
    ticket = at_status(c, Status.CLOSED)
    text = body_of(ticket, "ticket_resolved")
    assert "Para voltar a este assunto, use o portal." in text
    assert "responder a este e-mail" not in text
    lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert letter(Notice.objects.get(kind="ticket_reopened_team", data__ticket=ticket.pk)).reply_to == []


def test_a_reminder_after_an_outage_promises_the_hours_that_the_sweep_gives(c: SimpleNamespace) -> None:
    with telling.travel(0):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with telling.travel(100):
        lifecycle.remind(ticket.pk, request_id=form())
        assert body_of(ticket, "ticket_reminder").startswith(f"Responda até {moment(MONDAY + timedelta(hours=112))}.")


def test_a_message_while_the_ticket_waits_says_until_when(c: SimpleNamespace) -> None:
    with telling.travel(0):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with telling.travel(10):
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


def test_the_team_reads_until_when_it_is_to_answer_and_to_solve(c: SimpleNamespace) -> None:
    def told(ticket: Ticket, kind: str) -> str:
        return words_of(str(letter(Notice.objects.get(kind=kind, data__ticket=ticket.pk)).body))

    ticket = opened(c, by=c.ana)
    lifecycle.assign(ticket.pk, by=c.lia, via=DESK, request_id=form(), to=c.bia)
    ticket.refresh_from_db()
    assert ticket.first_response_due_at is not None
    assert ticket.due_at is not None
    text = told(ticket, "ticket_assigned")
    assert f"Primeira resposta até: {moment(ticket.first_response_due_at)}" in text
    assert f"Solução até: {moment(ticket.due_at)}" in text
    assert "Solução até" not in told(ticket, "ticket_opened")
    lifecycle.ask(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Qual a versão?")
    assert "Solução até" not in told(ticket, "ticket_assigned")  # the clock stands still
