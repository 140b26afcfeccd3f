"""The journey's verbs: what each does, and that a refusal changes nothing."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.db.models import F

import worktime
from accounts.models import Membership, RoleGrant
from notifications.models import Notice
from tests.cast import MONDAY, at_status, follow, form, fresh, opened
from tickets import history, lifecycle
from tickets.lifecycle import AgencyChoice, IllegalMove, Incomplete, Origin, Refused, Request
from tickets.models import Answer, Message, Ticket, TicketEvent
from tickets.states import Action, Closure, Level, Status, Via

DESK, PORTAL = Via.DESK, Via.PORTAL


def state_of(ticket: Ticket) -> tuple[object, ...]:
    """Everything that a refusal must leave alone."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return (row, TicketEvent.objects.count(), Message.objects.count(), Notice.objects.count())


def test_opening_gives_a_number_a_receipt_and_one_event(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert ticket.number >= 10_000_001
    assert len(str(ticket.number)) == 8
    assert (ticket.status, ticket.level, ticket.queue, ticket.assignee) == (Status.QUEUED, Level.N2, c.n2, None)
    assert [(e.action, e.actor, e.via) for e in ticket.events.all()] == [(Action.OPEN, c.ana, PORTAL)]
    assert [(m.body, m.author) for m in ticket.messages.all()] == [("Ao assinar, a tela fica em branco.", c.ana)]
    assert [(a.label, a.value) for a in ticket.answers.all()] == [("Ambiente", "Produção")]
    assert [(n.kind, n.recipient) for n in Notice.objects.all()] == [("ticket_opened", c.ana)]


def test_numbers_follow_each_other(c: SimpleNamespace) -> None:
    assert opened(c).number + 1 == opened(c).number


def test_the_same_form_opens_one_ticket(c: SimpleNamespace) -> None:
    request_id = form()
    request = Request(offering=c.offering, subject="Erro", body="Texto")
    first = lifecycle.open_ticket(request, by=c.ana, via=PORTAL, request_id=request_id)
    assert lifecycle.open_ticket(request, by=c.ana, via=PORTAL, request_id=request_id) == first
    assert Ticket.objects.count() == 1
    with pytest.raises(IllegalMove):
        lifecycle.open_ticket(request, by=c.eva, via=PORTAL, request_id=request_id)
    assert Ticket.objects.count() == 1


def test_a_ticket_opens_only_for_a_body_of_its_requester(c: SimpleNamespace) -> None:
    request = Request(offering=c.offering, subject="Erro", body="Texto", agency=AgencyChoice(agency=c.b))
    with pytest.raises(Incomplete):
        lifecycle.open_ticket(request, by=c.ana, via=PORTAL, request_id=form())
    assert not Ticket.objects.exists()
    assert not Notice.objects.exists()


def test_nothing_opens_for_an_offering_that_was_withdrawn(c: SimpleNamespace) -> None:
    c.offering.active = False
    with pytest.raises(IllegalMove):
        opened(c)
    assert not Ticket.objects.exists()


def test_only_the_queue_opens_on_behalf(c: SimpleNamespace) -> None:
    request = Request(offering=c.offering, subject="Por telefone", body="Texto")
    with pytest.raises(IllegalMove):
        lifecycle.open_ticket(request, by=c.caio, via=DESK, request_id=form(), requester=c.ana)
    assert not Ticket.objects.exists()
    ticket = lifecycle.open_ticket(request, by=c.bia, via=DESK, request_id=form(), requester=c.ana)
    assert ticket.requester == c.ana
    assert ticket.events.get().actor == c.bia
    assert ticket in Ticket.objects.visible_to(c.bia)


def test_a_ticket_opened_on_behalf_keeps_how_the_request_came_and_its_requester_hears_of_it(c: SimpleNamespace) -> None:
    request = Request(offering=c.offering, subject="Por ofício", body="Texto", agency=AgencyChoice(agency=c.a))
    origin = Origin(Ticket.Origin.LETTER, " Ofício 12/2026 ")
    ticket = lifecycle.open_ticket(request, by=c.bia, via=DESK, request_id=form(), requester=c.ana, origin=origin)
    assert (ticket.origin, ticket.origin_reference) == ("letter", "Ofício 12/2026")
    event = ticket.events.get()
    assert event.data == {"origin": "letter"}
    told = history.sentence(event, internal=False)
    assert told == "Bia abriu o chamado em nome do solicitante, que pediu por ofício."
    assert Notice.objects.get(recipient=c.ana).kind == "ticket_opened"


@pytest.mark.parametrize("requester", [None, "bia"])
def test_nobody_opens_on_behalf_of_himself(c: SimpleNamespace, requester: str | None) -> None:
    request = Request(offering=c.offering, subject="Meu", body="Texto")
    whom, origin = getattr(c, requester) if requester else None, Origin(Ticket.Origin.PHONE)
    with pytest.raises(IllegalMove, match="pelo portal"):
        lifecycle.open_ticket(request, by=c.bia, via=DESK, request_id=form(), requester=whom, origin=origin)
    assert not Ticket.objects.exists()


def test_the_impact_sets_the_first_priority(c: SimpleNamespace) -> None:
    answer = lifecycle.Answered("impacto", "Impacto", "selecao", "Sistema parado para todos")
    assert opened(c, answers=[answer]).get_priority_display() == "Urgente"
    assert opened(c).get_priority_display() == "Média"


def test_the_journey(c: SimpleNamespace) -> None:
    pk = opened(c).pk
    lifecycle.take(pk, by=c.bia, via=DESK, request_id=form())
    lifecycle.ask(pk, by=c.bia, via=DESK, request_id=form(), body="Qual a versão?")
    lifecycle.speak(pk, by=c.ana, via=PORTAL, request_id=form(), body="5.0.3")
    lifecycle.escalate(pk, by=c.bia, via=DESK, request_id=form(), checked="Log conferido.")
    lifecycle.take(pk, by=c.caio, via=DESK, request_id=form())
    lifecycle.resolve(pk, by=c.caio, via=DESK, request_id=form(), body="Atualize.", cause=c.cause)
    lifecycle.reopen(pk, by=c.ana, via=PORTAL, request_id=form(), body="Continua.")
    ticket = lifecycle.resolve(pk, by=c.caio, via=DESK, request_id=form(), body="Feito.", cause=c.cause)
    assert (ticket.status, ticket.closure, ticket.level, ticket.reopenings) == (Status.CLOSED, Closure.RESOLVED, Level.N3, 1)
    with worktime.shifted(timedelta(hours=48, seconds=1)):
        ticket = lifecycle.finalize(pk, request_id=form())
    assert ticket.status == Status.FINAL
    assert [(e.action, e.old_status, e.new_status) for e in ticket.events.all()] == [
        ("open", "", "queued"),
        ("take", "queued", "in_progress"),
        ("ask", "in_progress", "waiting_requester"),
        ("answer", "waiting_requester", "in_progress"),
        ("escalate", "in_progress", "queued"),
        ("take", "queued", "in_progress"),
        ("resolve", "in_progress", "closed"),
        ("reopen", "closed", "in_progress"),
        ("resolve", "in_progress", "closed"),
        ("finalize", "closed", "final"),
    ]


def test_a_repeated_form_changes_nothing(c: SimpleNamespace) -> None:
    ticket = opened(c)
    request_id = form()
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=request_id)
    before = state_of(ticket)
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=request_id)
    assert state_of(ticket) == before


def test_a_form_sent_again_with_other_words_is_refused(c: SimpleNamespace) -> None:
    """Gone back to, changed and sent again: else the words of the second time would be lost without a word."""
    ticket, request_id = at_status(c, Status.IN_PROGRESS), form()
    lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=request_id, body="Estamos vendo.")
    before = state_of(ticket)
    with pytest.raises(IllegalMove, match="já foi enviado com outro texto"):
        lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=request_id, body="Já resolvemos.")
    lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=request_id, body=" Estamos vendo.\n")
    assert state_of(ticket) == before
    said = ticket.messages.get(body="Estamos vendo.")
    lifecycle.redact(ticket.pk, by=c.bia, via=DESK, request_id=form(), what=said)
    before = state_of(ticket)
    lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=request_id, body="Estamos vendo.")
    assert state_of(ticket) == before


def test_an_opening_sent_again_with_other_words_opens_nothing_and_says_so(c: SimpleNamespace) -> None:
    request_id = form()

    def send(body: str) -> Ticket:
        asked = Request(offering=c.offering, subject="Erro ao assinar", body=body, privacy_read=True)
        return lifecycle.open_ticket(asked, by=c.ana, via=Via.PORTAL, request_id=request_id)

    first = send("A tela fica em branco.")
    before = state_of(first)
    assert send("A tela fica em branco.") == first
    with pytest.raises(IllegalMove, match=f"já abriu o chamado {first.number}"):
        send("É outra coisa.")
    assert state_of(first) == before
    assert Ticket.objects.count() == 1


def test_a_form_of_another_person_is_refused(c: SimpleNamespace) -> None:
    ticket = opened(c)
    request_id = form()
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=request_id)
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        lifecycle.take(ticket.pk, by=c.beto, via=DESK, request_id=request_id)
    assert state_of(ticket) == before


def test_a_form_of_another_action_is_refused(c: SimpleNamespace) -> None:
    """Else what was written the second time would be lost without a word."""
    ticket, request_id = at_status(c, Status.IN_PROGRESS), form()
    lifecycle.note(ticket.pk, by=c.bia, via=DESK, request_id=request_id, body="Nota")
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        lifecycle.ask(ticket.pk, by=c.bia, via=DESK, request_id=request_id, body="Pergunta")
    assert state_of(ticket) == before


def test_take_against_take_has_one_winner_and_a_sentence(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
    before = state_of(ticket)
    with pytest.raises(IllegalMove, match="mudou enquanto você olhava"):
        lifecycle.take(ticket.pk, by=c.beto, via=DESK, request_id=form())
    assert state_of(ticket) == before


def test_the_next_ticket_is_the_first_in_work_order(c: SimpleNamespace) -> None:
    urgent = [lifecycle.Answered("impacto", "Impacto", "selecao", "Sistema parado para todos")]
    first, second = opened(c), opened(c, answers=urgent)
    taken = [lifecycle.take_next(by=fresh(c.bia), via=DESK, request_id=form(), level=Level.N2) for _ in range(3)]
    assert taken == [second, first, None]


def test_nobody_works_his_own_ticket(c: SimpleNamespace) -> None:
    ticket = opened(c, by=c.bia)
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
    assert lifecycle.take_next(by=c.bia, via=DESK, request_id=form(), level=Level.N2) is None
    assert state_of(ticket) == before


@pytest.mark.parametrize("who", ["ana", "gil"])
def test_what_the_requesters_side_says_while_the_ticket_waits_is_an_answer(c: SimpleNamespace, who: str) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    ticket = lifecycle.speak(ticket.pk, by=getattr(c, who), via=PORTAL, request_id=form(), body="5.0.3")
    assert ticket.status == Status.IN_PROGRESS
    assert ticket.wait_expires_at is None
    assert ticket.events.last().action == Action.ANSWER
    assert Notice.objects.filter(kind="ticket_answered", recipient=c.bia).count() == 1


def test_an_answer_returns_to_the_status_asked_from(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_VALIDATION)
    lifecycle.ask(ticket.pk, by=c.caio, via=DESK, request_id=form(), body="Funcionou?")
    ticket = lifecycle.speak(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Sim")
    assert (ticket.status, ticket.assignee) == (Status.IN_VALIDATION, c.caio)


def test_an_answer_returns_to_the_queue_when_its_analyst_left(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    RoleGrant.objects.filter(user=c.bia).update(ended_at=MONDAY + timedelta(days=9999))
    ticket = lifecycle.speak(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="5.0.3")
    assert (ticket.status, ticket.assignee) == (Status.QUEUED, None)


def test_a_comment_of_the_team_restarts_the_72_hours_and_the_reminder(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with time_machine.travel(MONDAY + timedelta(hours=50), tick=False):
        lifecycle.remind(ticket.pk, request_id=form())
        ticket = lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Ainda aguardamos.")
    assert ticket.wait_expires_at == MONDAY + timedelta(hours=50 + 72)
    assert ticket.reminded_at is None


@pytest.mark.parametrize(("seconds", "closes"), [(0, False), (1, True)])
def test_the_wait_ends_after_72_hours_to_the_second(c: SimpleNamespace, seconds: int, closes: bool) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    with time_machine.travel(MONDAY + timedelta(hours=48), tick=False):
        lifecycle.remind(ticket.pk, request_id=form())
    before = state_of(ticket)
    with time_machine.travel(MONDAY + timedelta(hours=72, seconds=seconds), tick=False):
        if closes:
            assert lifecycle.expire_wait(ticket.pk, request_id=form()).closure == Closure.NO_INTERACTION
        else:
            with pytest.raises(IllegalMove):
                lifecycle.expire_wait(ticket.pk, request_id=form())
            assert state_of(ticket) == before


@pytest.mark.parametrize(("seconds", "reopens"), [(0, True), (1, False)])
def test_reopening_ends_48_hours_after_closing_to_the_second(c: SimpleNamespace, seconds: int, reopens: bool) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.CLOSED)
    before = state_of(ticket)
    with time_machine.travel(MONDAY + timedelta(hours=48, seconds=seconds), tick=False):
        if reopens:
            with pytest.raises(IllegalMove):
                lifecycle.finalize(ticket.pk, request_id=form())
            ticket = lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Continua.")
            assert (ticket.status, ticket.assignee, ticket.goes_first) == (Status.IN_PROGRESS, c.bia, True)
        else:
            with pytest.raises(IllegalMove, match="25/11/2026, 10h"):
                lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Continua.")
            assert state_of(ticket) == before
            assert lifecycle.finalize(ticket.pk, request_id=form()).status == Status.FINAL


def test_reopening_keeps_level_queue_and_triage(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.triage(ticket.pk, by=c.bia, via=DESK, request_id=form())
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
    lifecycle.escalate(ticket.pk, by=c.bia, via=DESK, request_id=form(), checked="Visto.")
    lifecycle.take(ticket.pk, by=c.caio, via=DESK, request_id=form())
    closed = lifecycle.resolve(ticket.pk, by=c.caio, via=DESK, request_id=form(), body="Feito.", cause=c.cause)
    again = lifecycle.reopen(ticket.pk, by=c.gil, via=PORTAL, request_id=form(), body="Voltou.")
    assert (again.level, again.queue, again.triaged_at) == (Level.N3, c.n3, closed.triaged_at)
    assert (again.closure, again.closed_at, again.reopen_until) == ("", None, None)


def test_a_cancelled_ticket_reopens_without_going_first(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.cancel(ticket.pk, by=c.ana, via=PORTAL, request_id=form())
    ticket = lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Ainda preciso.")
    assert (ticket.status, ticket.goes_first, ticket.reopenings) == (Status.QUEUED, False, 1)


def test_a_retired_queue_hands_on_to_its_successor(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    RoleGrant.objects.filter(user=c.bia).delete()
    c.n2.active, c.n2.successor = False, c.n3
    c.n2.save()
    ticket = lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Voltou.")
    assert (ticket.status, ticket.queue) == (Status.QUEUED, c.n3)


def test_n3_hands_back_to_n2(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
    ticket = lifecycle.hand_back(ticket.pk, by=c.caio, via=DESK, request_id=form(), reason="Falta o log.")
    assert (ticket.status, ticket.level, ticket.queue, ticket.assignee) == (Status.QUEUED, Level.N2, c.n2, None)
    assert [m.internal for m in ticket.messages.all()] == [False, True, True]


def test_a_lead_assigns_only_to_who_can_work_it(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(Incomplete):
        lifecycle.assign(ticket.pk, by=c.lia, via=DESK, request_id=form(), to=c.caio)
    assert state_of(ticket) == before
    ticket = lifecycle.assign(ticket.pk, by=c.lia, via=DESK, request_id=form(), to=c.beto)
    assert (ticket.status, ticket.assignee) == (Status.IN_PROGRESS, c.beto)
    assert Notice.objects.filter(recipient=c.beto, kind="ticket_assigned").count() == 1


def test_waiting_for_another_team_and_back(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_EXTERNAL)
    assert ticket.external_team == "Infraestrutura"
    ticket = lifecycle.resume(ticket.pk, by=c.bia, via=DESK, request_id=form())
    assert (ticket.status, ticket.external_team, ticket.review_at) == (Status.IN_PROGRESS, "", None)


@pytest.mark.parametrize("body", ["", "   \n", "x" * 20_001])
def test_words_are_needed_and_limited(c: SimpleNamespace, body: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    with pytest.raises(Incomplete):
        lifecycle.ask(ticket.pk, by=c.bia, via=DESK, request_id=form(), body=body)
    assert state_of(ticket) == before


def test_who_left_the_body_is_nothing_to_its_tickets(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    membership = Membership.objects.get(user=c.ana)
    membership.ended_at = MONDAY + timedelta(days=9999)
    membership.save()
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        lifecycle.speak(ticket.pk, by=fresh(c.ana), via=PORTAL, request_id=form(), body="Ainda eu.")
    assert state_of(ticket) == before
    assert ticket not in Ticket.objects.visible_to(fresh(c.ana))


def test_a_follower_who_left_the_body_follows_no_more(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    follow(ticket, c.eva)
    assert ticket in Ticket.objects.visible_to(fresh(c.eva))
    Membership.objects.filter(user=c.eva, agency=c.a).update(ended_at=MONDAY + timedelta(days=9999))
    assert ticket not in Ticket.objects.visible_to(fresh(c.eva))
    with pytest.raises(IllegalMove):
        lifecycle.speak(ticket.pk, by=fresh(c.eva), via=PORTAL, request_id=form(), body="Ainda eu.")


def test_events_never_go_back_in_time(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = opened(c)
    with time_machine.travel(MONDAY - timedelta(hours=1), tick=False):
        ticket = lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
    assert [e.at for e in ticket.events.all()] == [MONDAY, MONDAY]


@pytest.mark.parametrize("model", [TicketEvent, Message, Answer])
@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_keeps_what_was_said_and_done(c: SimpleNamespace, model: type, change: str) -> None:
    opened(c)
    rows = model.objects.all()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(ticket_id=F("ticket_id")) if change == "update" else rows._raw_delete(rows.db)
    assert model.objects.count() == 1


def test_an_unknown_ticket_is_unknown(c: SimpleNamespace) -> None:
    with pytest.raises(Ticket.DoesNotExist):
        lifecycle.take(0, by=c.bia, via=DESK, request_id=uuid.uuid4())
    assert issubclass(IllegalMove, Refused)
