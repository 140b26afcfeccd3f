"""A ticket begins: what is kept of the request, and what is refused (``tickets/lifecycle/opening.py``)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from catalog.models import Level
from notifications.models import Notice
from tests.cast import agency, form, fresh, opened, person, sent_file
from tests.tickets.test_races import refusable, while_held
from tickets import lifecycle
from tickets.lifecycle import AgencyChoice, Answered, IllegalMove, Incomplete, Refused, Request
from tickets.lifecycle.refusals import USED
from tickets.models import Participant, Ticket, TicketEvent, TicketLink
from tickets.states import Via

Situation = Ticket.AgencySituation


def ask(c: SimpleNamespace, **fields: Any) -> Request:
    return Request(**{"offering": c.offering, "subject": "Erro", "body": "Texto", **fields})


def send(request: Request, by: User, via: Via = Via.PORTAL, **options: Any) -> Ticket:
    return lifecycle.open_ticket(request, by=by, via=via, **{"request_id": form(), **options})


def test_for_whom_the_requester_speaks_is_kept_as_he_said_it(c: SimpleNamespace) -> None:
    body = send(ask(c, agency=AgencyChoice(agency=c.a)), c.ana)
    unlisted = AgencyChoice(unlisted_name="Câmara", unlisted_state="MG", unlisted_sphere=c.other_sphere)
    strange, nobody = send(ask(c, agency=unlisted), c.ana), send(ask(c), c.ana)
    assert [
        (t.agency_situation, t.agency, t.unlisted_agency_name, t.unlisted_agency_state, t.unlisted_agency_sphere)
        for t in Ticket.objects.filter(pk__in=[body.pk, strange.pk, nobody.pk]).order_by("pk")
    ] == [
        (Situation.MEMBER, c.a, "", "", None),
        (Situation.UNLISTED, None, "Câmara", "MG", c.other_sphere),
        (Situation.NONE, None, "", "", None),
    ]


def test_how_it_came_and_whether_the_notice_was_read_is_kept(c: SimpleNamespace) -> None:
    read = send(ask(c, privacy_read=True), c.ana)
    unread = send(ask(c), c.bia, Via.DESK, requester=c.ana)
    assert (read.opened_via, read.privacy_read_at) == (Via.PORTAL, read.opened_at)
    assert (unread.opened_via, unread.privacy_read_at) == (Via.DESK, None)


def test_a_question_is_kept_as_it_was_asked(c: SimpleNamespace) -> None:
    given = [
        Answered("nota", "Nota", "texto", "Nenhuma"),
        Answered("ambiente", "Ambiente", "selecao", "Produção", ["Produção"]),
    ]
    answers = send(ask(c, answers=given), c.ana).answers.all()
    assert [(a.name, a.kind, a.value, a.options, a.position) for a in answers] == [
        ("nota", "texto", "Nenhuma", [], 0),
        ("ambiente", "selecao", "Produção", ["Produção"], 1),
    ]


def test_a_file_belongs_to_its_field_and_everybody_of_the_ticket_reads_it(c: SimpleNamespace) -> None:
    file = sent_file(c.ana)
    attachment = send(ask(c, files={"evidencias": [file]}), c.ana).attachments.get()
    assert (attachment.file, attachment.field_name, attachment.message, attachment.internal) == (
        file,
        "evidencias",
        None,
        False,
    )


def test_the_earlier_ticket_is_kept_and_linked(c: SimpleNamespace) -> None:
    earlier = send(ask(c), c.ana)
    assert not TicketLink.objects.exists()
    ticket = send(ask(c, related_number=earlier.number), c.bia, Via.DESK, requester=c.ana)
    assert Ticket.objects.get(pk=ticket.pk).related_number == earlier.number
    link = TicketLink.objects.get()
    assert (link.ticket, link.other, link.created_by, link.created_at) == (earlier, ticket, c.bia, ticket.opened_at)


@pytest.mark.parametrize("who", ["bia", "lia"])
def test_who_opens_for_somebody_takes_part_from_then_on(c: SimpleNamespace, who: str) -> None:
    by = getattr(c, who)
    ticket = send(ask(c), by, Via.DESK, requester=c.ana)
    assert [(one.user, one.since) for one in Participant.objects.all()] == [(by, ticket.opened_at)]
    said = ticket.messages.get()
    assert (said.author, said.from_team) == (c.ana, False)
    assert [notice.recipient for notice in Notice.objects.all()] == [c.ana]


def test_who_opens_for_himself_takes_no_part_in_the_team(c: SimpleNamespace) -> None:
    ticket = send(ask(c), c.bia)
    assert not Participant.objects.exists()
    assert ticket.messages.get().from_team is False


def test_the_first_promise_is_made_at_once(c: SimpleNamespace) -> None:
    ticket = Ticket.objects.get(pk=send(ask(c), c.ana).pk)
    assert ticket.first_response_due_at is not None
    assert ticket.due_at is not None
    assert ticket.warn_at is not None
    assert ticket.due_at > ticket.first_response_due_at > ticket.warn_at > ticket.opened_at


def test_what_begins_at_the_higher_level_waits_in_its_queue(c: SimpleNamespace) -> None:
    c.offering.first_level = Level.N3
    ticket = send(ask(c), c.ana)
    assert (ticket.level, ticket.queue) == (Level.N3, c.n3)


def test_what_is_refused_says_why_and_opens_nothing(c: SimpleNamespace) -> None:
    closed = person("Saiu", is_active=False)
    elsewhere = AgencyChoice(agency=agency("d", c.sphere))
    refusals: list[tuple[str, type[Refused], Request, User, User | None]] = [
        ("Escreva o título", Incomplete, ask(c, subject="  "), c.ana, None),
        ("Escreva a mensagem", Incomplete, ask(c, body=" "), c.ana, None),
        ("órgão do seu cadastro", Incomplete, ask(c, agency=elsewhere), c.ana, None),
        ("em nome de outra pessoa", IllegalMove, ask(c), c.caio, c.ana),
        ("não está mais disponível", IllegalMove, ask(c), c.bia, closed),
    ]
    for words, kind, request, by, requester in refusals:
        with pytest.raises(kind, match=words):
            send(request, fresh(by), requester=requester)
    c.offering.active = False
    with pytest.raises(IllegalMove, match="não está mais disponível"):
        send(ask(c), c.ana)
    assert not Ticket.objects.exists()
    assert not Notice.objects.exists()


def test_a_form_sent_again_uses_up_no_number(c: SimpleNamespace) -> None:
    request_id = form()
    first = send(ask(c), c.ana, request_id=request_id)
    assert send(ask(c), c.ana, request_id=request_id) == first
    assert opened(c).number == first.number + 1


def test_a_form_that_somebody_else_used_is_refused_with_a_sentence(c: SimpleNamespace) -> None:
    request_id = form()
    send(ask(c), c.ana, request_id=request_id)
    with pytest.raises(IllegalMove) as refused:
        send(ask(c), c.eva, request_id=request_id)
    assert refused.value.sentence == USED
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_again_while_the_first_is_under_way_opens_one_ticket(c: SimpleNamespace) -> None:
    request_id = form()

    def press(user: User) -> object:
        return refusable(lambda: send(ask(c), user, request_id=request_id))

    again = while_held(lambda: press(c.ana), lambda: press(c.ana))
    assert again == Ticket.objects.get()
    request_id = form()
    strange = while_held(lambda: press(c.ana), lambda: press(c.eva))
    assert isinstance(strange, IllegalMove)
    assert TicketEvent.objects.count() == Ticket.objects.count() == 2


def test_what_the_database_refuses_for_another_reason_is_told(c: SimpleNamespace) -> None:
    """One answer twice: an error of whoever made the request, and no ticket."""
    twice = [Answered("nota", "Nota", "texto", "Uma"), Answered("nota", "Nota", "texto", "Duas")]
    with pytest.raises(IntegrityError, match="answer_once"):
        send(ask(c, answers=twice), c.ana)
    assert not Ticket.objects.exists()


def test_what_the_rules_may_ask_about_a_request(c: SimpleNamespace) -> None:
    listed = ask(c, agency=AgencyChoice(agency=c.a)).facts()
    assert (listed.agency_slug, listed.represents_agency, listed.similar_open) == (c.a.slug, True, False)
    assert ("Erro" in listed.text, "Texto" in listed.text) == (True, True)
    assert ask(c, agency=AgencyChoice(unlisted_name="Câmara")).facts().represents_agency
    assert not ask(c).facts().represents_agency
    assert ask(c).facts(similar_open=True).similar_open
