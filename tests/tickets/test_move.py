"""The one way in which a ticket changes: what every verb leaves behind (``tickets/lifecycle/move.py``)."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import User
from catalog.models import Level, Queue, SupportScript
from tests.cast import at_status, follow, form, fresh, opened, sent_file, terms_of_a_job
from tests.tickets.test_lifecycle import state_of
from tests.tickets.test_races import refusable, while_held
from tickets import lifecycle
from tickets.lifecycle import IllegalMove, Incomplete, Words
from tickets.lifecycle.move import LIFE, living, move
from tickets.lifecycle.refusals import USED
from tickets.lifecycle.words import MAX_WORDS, attach
from tickets.models import Participant, Ticket
from tickets.states import Action, Status, Via


def by(user: User, via: Via = Via.DESK) -> dict[str, Any]:
    return {"by": user, "via": via, "request_id": form()}


def test_words_are_some_and_not_too_many() -> None:
    assert len(Words("a" * MAX_WORDS).body) == MAX_WORDS
    with pytest.raises(Incomplete, match="Escreva a mensagem"):
        Words(" ")
    with pytest.raises(Incomplete, match=f"até {MAX_WORDS} caracteres"):
        Words("a" * (MAX_WORDS + 1))
    with pytest.raises(Incomplete, match="Escreva um endereço que comece com https"):
        Words("Veja.", article="javascript:alert(1)")


@pytest.mark.parametrize(("via", "from_team"), [(Via.DESK, True), (Via.PORTAL, False)])
def test_who_is_both_speaks_for_the_team_at_the_desk_alone(c: SimpleNamespace, via: Via, from_team: bool) -> None:
    """Bia works the queue, and follows the ticket as a member of its body."""
    ticket = opened(c)
    follow(ticket, c.bia)
    lifecycle.comment(ticket.pk, **by(fresh(c.bia), via), body="Texto")
    said = ticket.messages.latest("pk")
    assert (said.author, said.from_team) == (c.bia, from_team)


@pytest.mark.parametrize("via", [Via.DESK, Via.PORTAL, Via.MAIL])
@pytest.mark.parametrize(("who", "from_team"), [("ana", False), ("bia", True)])
def test_who_is_of_one_side_speaks_for_it_everywhere(c: SimpleNamespace, via: Via, who: str, from_team: bool) -> None:
    ticket = opened(c)
    lifecycle.comment(ticket.pk, **by(getattr(c, who), via), body="Texto")
    assert ticket.messages.latest("pk").from_team is from_team


def test_who_is_both_speaks_for_himself_by_mail(c: SimpleNamespace) -> None:
    ticket = opened(c)
    follow(ticket, c.bia)
    lifecycle.comment(ticket.pk, **by(fresh(c.bia), Via.MAIL), body="Texto")
    assert ticket.messages.latest("pk").from_team is False


def test_only_the_team_takes_part(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.speak(ticket.pk, **by(c.ana, Via.PORTAL), body="Texto")
    assert not Participant.objects.exists()
    noted = lifecycle.note(ticket.pk, **by(c.bia), body="Nota")
    assert [(one.user, one.since) for one in Participant.objects.all()] == [(c.bia, noted.last_event_at)]


def test_the_teams_own_words_leave_a_ticket_scheduled(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    day = ticket.last_event_at + timedelta(days=1)
    lifecycle.schedule(ticket.pk, **by(c.bia), until=day)
    assert lifecycle.comment(ticket.pk, **by(c.bia), body="Volto amanhã.").scheduled_for == day


def test_the_teams_public_words_end_the_first_response(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert lifecycle.speak(ticket.pk, **by(c.ana, Via.PORTAL), body="Mais isto.").first_response_due_at is not None
    assert lifecycle.note(ticket.pk, **by(c.bia), body="Nota").first_response_due_at is not None
    assert lifecycle.comment(ticket.pk, **by(c.bia), body="Estamos vendo.").first_response_due_at is None


def test_an_event_says_until_when_the_requester_may_act(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert ticket.wait_expires_at is not None
    assert ticket.events.latest("pk").data == {"until": ticket.wait_expires_at.isoformat()}
    late = ticket.wait_expires_at - worktime.now() - timedelta(hours=1)
    with worktime.shifted(late):
        ticket = lifecycle.remind(ticket.pk, request_id=form())
    assert ticket.reminded_at is not None
    until = {"until": (ticket.reminded_at + timedelta(hours=12)).isoformat()}
    assert ticket.events.latest("pk").data == until
    lifecycle.note(ticket.pk, **by(c.bia), body="Ninguém respondeu.")
    assert ticket.events.latest("pk").data == until
    ticket = lifecycle.speak(ticket.pk, **by(c.ana, Via.PORTAL), body="5.0.3")
    assert (ticket.asked_from, ticket.events.latest("pk").data) == ("", {})
    ticket = lifecycle.refuse(ticket.pk, **by(c.bia), body="Procure o órgão.")
    assert ticket.reopen_until is not None
    assert ticket.events.latest("pk").data == {"until": ticket.reopen_until.isoformat()}


def test_who_gets_a_ticket_that_waits_lets_it_wait(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert lifecycle.assign(ticket.pk, **by(c.lia), to=c.beto).status == Status.WAITING_REQUESTER


def test_a_ticket_closed_again_goes_first_no_more(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert lifecycle.reopen(ticket.pk, **by(c.ana, Via.PORTAL), body="Voltou").goes_first
    assert not lifecycle.cancel(ticket.pk, **by(c.ana, Via.PORTAL)).goes_first


def test_a_retired_queue_has_the_last_of_its_successors(c: SimpleNamespace) -> None:
    third, second = (Queue.objects.create(slug=n, name=n, product=c.product, level=Level.N2) for n in ("n2-c", "n2-b"))
    c.n2.successor = second
    assert living(c.n2) == c.n2  # while it is active
    c.n2.active, second.active, second.successor = False, False, third
    assert living(c.n2) == third
    second.successor = c.n2
    assert living(c.n2) in {c.n2, second}  # a circle ends somewhere
    third.active, third.successor = False, second
    assert living(third) in {c.n2, second}  # also one that is entered from without


def test_a_move_writes_the_columns_that_it_changed_alone(c: SimpleNamespace) -> None:
    """What the database reckons or never changes is not even read; most of a note is the moment."""
    assert {"status", "assignee", "last_event_at"} <= {field.name for field in LIFE}
    assert not {"id", "words"} & {field.name for field in LIFE}
    ticket = opened(c)
    with CaptureQueriesContext(connection) as asked:
        lifecycle.note(ticket.pk, **by(fresh(c.bia)), body="Nota")
    [written] = [query["sql"] for query in asked if query["sql"].startswith('UPDATE "tickets_ticket"')]
    assert '"last_event_at" = ' in written
    assert '"subject" = ' not in written
    # The guard looks at what was asked for: who takes work, and may be away, is not the question here.
    assert not any("accounts_absence" in query["sql"] for query in asked)


def test_the_system_asks_twice_and_acts_once(c: SimpleNamespace) -> None:
    ticket, request_id = at_status(c, Status.WAITING_REQUESTER), form()
    with worktime.shifted(timedelta(hours=50)):
        lifecycle.remind(ticket.pk, request_id=request_id)
        before = state_of(ticket)
        assert lifecycle.remind(ticket.pk, request_id=request_id) == ticket
    assert state_of(ticket) == before


def test_a_job_draws_its_ids_anew_and_hears_of_one_used_before(c: SimpleNamespace) -> None:
    """It looks for none beforehand, and undoes its whole transaction."""
    ticket, request_id = at_status(c, Status.WAITING_REQUESTER), form()
    with worktime.shifted(timedelta(hours=50)):
        lifecycle.remind(ticket.pk, request_id=request_id)
    before = state_of(ticket)
    with worktime.shifted(timedelta(hours=90)), pytest.raises(IntegrityError), transaction.atomic():
        lifecycle.expire_wait(ticket.pk, request_id=request_id, terms=terms_of_a_job())
    assert state_of(ticket) == before
    with worktime.shifted(timedelta(hours=90)):
        expired = lifecycle.expire_wait(ticket.pk, request_id=form(), terms=terms_of_a_job())
    assert (expired.status, expired.calendar_version) == (Status.CLOSED, "job")


@pytest.mark.django_db(transaction=True)
def test_one_form_on_two_tickets_at_once_is_used_up_by_the_first(c: SimpleNamespace) -> None:
    first, second, request_id = opened(c), opened(c), form()

    def note(ticket: Ticket) -> object:
        return refusable(lambda: lifecycle.note(ticket.pk, **{**by(fresh(c.bia)), "request_id": request_id}, body="Nota"))

    refused = while_held(lambda: note(first), lambda: note(second))
    assert isinstance(refused, IllegalMove)
    assert refused.sentence == USED
    assert (first.events.count(), second.events.count()) == (2, 1)


def test_what_the_database_refuses_for_another_reason_is_told(c: SimpleNamespace) -> None:
    def strange(ticket: Ticket, at: object) -> None:
        ticket.agency_situation = Ticket.AgencySituation.NONE

    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(IntegrityError, match="ticket_agency_fits_situation"):
        move(ticket.pk, Action.NOTE, **by(c.bia), words=Words("Nota"), change=strange)
    assert state_of(ticket) == before


def test_a_form_of_another_ticket_is_refused_with_a_sentence(c: SimpleNamespace) -> None:
    first, second, one = opened(c), opened(c), by(c.bia)
    lifecycle.note(first.pk, **one, body="Nota")
    with pytest.raises(IllegalMove) as refused:
        lifecycle.note(second.pk, **one, body="Nota")
    assert refused.value.sentence == USED
    assert second.events.count() == 1


def test_nobody_is_an_author_unless_it_is_said(c: SimpleNamespace) -> None:
    ticket = opened(c)
    with pytest.raises(IllegalMove):
        move(ticket.pk, Action.REDACT, **by(c.gil))
    assert move(ticket.pk, Action.REDACT, **by(c.gil), as_author=True).events.latest("pk").action == Action.REDACT


def test_words_keep_what_they_rest_on(c: SimpleNamespace) -> None:
    script = SupportScript.objects.create(core_system=c.core, slug="painel", title="Painel", situation="…", reply="…")
    ticket, file = at_status(c, Status.IN_PROGRESS), sent_file(c.bia)
    words = Words(" Feito. ", files=[file], script=script, article="/ajuda/painel/")
    move(ticket.pk, Action.COMMENT, **by(c.bia), words=words)
    said = ticket.messages.latest("pk")
    assert (said.body, said.script, said.article) == ("Feito.", script, "/ajuda/painel/")
    assert [one.file for one in said.attachments.all()] == [file]


def test_files_stand_where_it_is_said_and_are_read_by_all_of_the_ticket(
    c: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    ticket, plain, field = opened(c), sent_file(c.ana), sent_file(c.ana)
    attach(ticket, [plain])
    attach(ticket, [field], field_name="evidencias")
    rows = ticket.attachments.values_list("file", "field_name", "message", "internal")
    assert list(rows) == [(plain.pk, "", None, False), (field.pk, "evidencias", None, False)]
    with pytest.raises(Incomplete, match="não está mais disponível"):
        attach(ticket, [plain])
    with django_assert_num_queries(0):
        attach(ticket, [])
