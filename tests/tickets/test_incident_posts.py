"""One answer to all: each ticket by itself, by the verbs, with the rights of that moment, and nothing twice."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import transaction

import worktime
from accounts.models import RoleGrant, User
from catalog.models import Product
from notifications.models import Notice
from tests import cast
from tests.cast import at_status, form, fresh, opened
from tests.tickets.admin.desk import state_of
from tests.tickets.test_incidents import incident
from tests.tickets.test_races import at_once
from tickets import incident_posts, incidents, lifecycle, replay
from tickets.incident_posts import TRIES
from tickets.lifecycle import AgencyChoice, Refused
from tickets.models import IncidentPost, Message, Ticket, TicketEvent
from tickets.states import OPEN, Level, Status, Via


def asked(
    c: SimpleNamespace, *tickets: Ticket, by: str = "bia", kind: str = "resolve", body: str = "Corrigido."
) -> IncidentPost:
    """A post on an incident with these tickets, which the manager took in."""
    found = incident(c, *tickets, by="duda")
    cause = c.cause if kind == "resolve" else None
    return incidents.post(found.pk, by=fresh(getattr(c, by)), request_id=form(), kind=kind, body=body, cause=cause)


def told(post: IncidentPost) -> dict[int, str]:
    """What is reported of each ticket; empty where it was done."""
    assert not post.deliveries.filter(done_at=None).exists()
    return {row.ticket_id: "" if row.ok else row.sentence for row in post.deliveries.all()}


def actions(ticket: Ticket) -> list[str]:
    return list(ticket.events.order_by("pk").values_list("action", flat=True))


def test_everybody_reads_the_answer_in_his_own_ticket(c: SimpleNamespace) -> None:
    anas, evas = opened(c), opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    waiting = at_status(c, Status.WAITING_REQUESTER)
    Notice.objects.all().delete()
    post = asked(c, anas, evas, waiting, kind="answer", body="Estamos corrigindo.")
    assert incident_posts.deliver() == 3
    assert set(told(post).values()) == {""}
    for ticket in (anas, evas, waiting):
        said = ticket.messages.last()
        assert said is not None
        assert (said.body, said.author, said.from_team, said.internal) == ("Estamos corrigindo.", c.bia, True, False)
    heard = sorted((notice.recipient.name, notice.kind) for notice in Notice.objects.all())
    assert heard == [("Ana", "ticket_message")] * 2 + [("Eva", "ticket_message")]
    post.refresh_from_db()
    assert post.done_at is not None
    assert list(replay.differences(Ticket.objects.all())) == []


def test_a_resolution_goes_the_legal_way_from_where_each_is(c: SimpleNamespace) -> None:
    queued, mine = opened(c), at_status(c, Status.IN_PROGRESS)
    waiting, outside = at_status(c, Status.WAITING_REQUESTER), at_status(c, Status.WAITING_EXTERNAL)
    before = {ticket.pk: len(actions(ticket)) for ticket in (queued, mine, waiting, outside)}
    post = asked(c, queued, mine, waiting, outside)
    assert incident_posts.deliver() == 4
    assert set(told(post).values()) == {""}
    steps = {ticket.pk: actions(ticket)[before[ticket.pk] :] for ticket in (queued, mine, waiting, outside)}
    assert steps == {
        queued.pk: ["take", "resolve"],
        mine.pk: ["resolve"],
        waiting.pk: ["resolve"],
        outside.pk: ["resume", "resolve"],
    }
    for ticket in Ticket.objects.all():
        assert (ticket.status, ticket.closure, ticket.assignee, ticket.cause) == (Status.CLOSED, "resolved", c.bia, c.cause)
    assert set(TicketEvent.objects.filter(action="resolve").values_list("actor__name", "via")) == {("Bia", "desk")}
    assert list(replay.differences(Ticket.objects.all())) == []


def test_what_is_tested_at_n3_is_resolved_from_there(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_VALIDATION, Level.N3)
    post = asked(c, ticket, by="caio")
    incident_posts.deliver()
    assert told(post) == {ticket.pk: ""}
    assert actions(ticket)[-1] == "resolve"


def test_what_was_taken_out_meanwhile_hears_nothing(c: SimpleNamespace) -> None:
    """With the end of the incident, too; what was in it until then is still answered."""
    out, fine = opened(c), opened(c)
    post = asked(c, out, fine, by="bia")
    incidents.take_out(post.incident_id, out.pk, by=fresh(c.bia))
    incidents.end(post.incident_id, by=fresh(c.bia))
    incident_posts.deliver()
    assert told(post) == {out.pk: "Este chamado foi retirado do incidente.", fine.pk: ""}
    assert (actions(out), out.messages.count()) == (["open"], 1)


def test_a_lead_takes_colleagues_tickets_on_first(c: SimpleNamespace) -> None:
    held, outside = at_status(c, Status.IN_PROGRESS), at_status(c, Status.WAITING_EXTERNAL)
    post = asked(c, held, outside, by="lia")
    incident_posts.deliver()
    assert set(told(post).values()) == {""}
    assert actions(held)[-2:] == ["assign", "resolve"]
    assert actions(outside)[-3:] == ["assign", "resume", "resolve"]
    assert {ticket.assignee for ticket in Ticket.objects.all()} == {c.lia}


def test_what_the_rules_refuse_is_told_and_left_as_it_was(c: SimpleNamespace) -> None:
    """A colleague's, one at the other level, one's own request, one that went elsewhere, one that is over."""
    held, high, over = at_status(c, Status.IN_PROGRESS), at_status(c, Status.QUEUED, Level.N3), opened(c)
    outside, own, elsewhere, fine = at_status(c, Status.WAITING_EXTERNAL), opened(c, by=c.beto), opened(c), opened(c)
    other = Product.objects.create(core_system=c.core, slug="outro", name="Outro", description="…", purpose="…")
    post = asked(c, held, high, over, outside, own, elsewhere, fine, by="beto")
    Ticket.objects.filter(pk=elsewhere.pk).update(product=other)
    lifecycle.cancel(over.pk, by=fresh(c.ana), via=Via.PORTAL, request_id=form())
    refused = (held, high, over, outside, own, elsewhere)
    before = [list(Ticket.objects.filter(pk=t.pk).values()) + actions(t) + [t.messages.count()] for t in refused]
    assert incident_posts.deliver() == 7
    assert told(post) == {
        held.pk: "Está com Bia.",
        high.pk: "Você não atende este chamado.",
        over.pk: "Este chamado já está encerrado (Cancelado).",
        outside.pk: "Está com Bia.",
        own.pk: "Você é o solicitante deste chamado: outra pessoa da equipe responde.",
        elsewhere.pk: "Este chamado passou para outro produto.",
        fine.pk: "",
    }
    assert before == [list(Ticket.objects.filter(pk=t.pk).values()) + actions(t) + [t.messages.count()] for t in refused]


def test_a_way_that_ends_half_way_is_gone_back(c: SimpleNamespace) -> None:
    """The cause was struck from the list after the post: the taking is undone with the refused resolution."""
    ticket = opened(c)
    post = asked(c, ticket)
    c.cause.active = False
    c.cause.save()
    other = type(c.cause).objects.create(product=c.product, slug="outra", name="Outra")
    assert other.active
    before = state_of(ticket)
    incident_posts.deliver()
    assert told(post) == {ticket.pk: "Esta causa não está na lista do produto deste chamado. Escolha outra."}
    assert state_of(ticket) == before


def test_an_answer_is_not_given_as_the_requesters(c: SimpleNamespace) -> None:
    """The rules let a requester comment on his own ticket; here he would speak as the team."""
    own = opened(c, by=c.bia)
    post = asked(c, own, kind="answer")
    before = state_of(own)
    incident_posts.deliver()
    assert told(post)[own.pk].startswith("Você é o solicitante")
    assert state_of(own) == before


def test_the_rights_are_those_of_that_moment(c: SimpleNamespace) -> None:
    ticket = opened(c)
    post = asked(c, ticket)
    RoleGrant.objects.filter(user=c.bia).update(ended_at=worktime.now())
    before = state_of(ticket)
    incident_posts.deliver()
    assert told(post) == {ticket.pk: "Você não atende este chamado."}
    assert state_of(ticket) == before


def test_a_manager_answers_and_cannot_resolve(c: SimpleNamespace) -> None:
    ticket = opened(c)
    answer = asked(c, ticket, by="duda", kind="answer")
    solution = incidents.post(answer.incident_id, by=fresh(c.duda), request_id=form(), kind="resolve", body="x", cause=c.cause)
    incident_posts.deliver()
    assert told(answer) == {ticket.pk: ""}
    assert told(solution) == {ticket.pk: "Duda não pode atender este chamado."}
    assert Ticket.objects.get().status == Status.QUEUED


def test_asked_again_nothing_is_repeated(c: SimpleNamespace) -> None:
    tickets = [opened(c) for _ in range(3)]
    post = asked(c, *tickets)
    incident_posts.deliver()
    before = [state_of(ticket) for ticket in tickets]
    # Even where the record of the work was lost: the verbs know the request ids.
    post.deliveries.update(done_at=None, ok=False)
    incident_posts.deliver()
    assert [state_of(ticket) for ticket in tickets] == before


def test_an_error_of_ours_stops_no_other_and_is_given_up(
    c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = opened(c), opened(c)
    post = asked(c, broken, fine, kind="answer")
    comment = lifecycle.comment

    def breaks(pk: int, **given: object) -> Ticket:
        if pk == broken.pk:
            raise ZeroDivisionError
        return comment(pk, **given)

    monkeypatch.setattr(lifecycle, "comment", breaks)
    with caplog.at_level(logging.CRITICAL, logger="tickets.incident_posts"):
        for turn in range(TRIES):
            assert incident_posts.left()
            assert incident_posts.deliver() == (turn == 0)
    assert not incident_posts.left()
    assert told(post) == {broken.pk: "Houve um erro do portal neste chamado. Escreva nele pela bancada.", fine.pk: ""}


def test_a_turn_ends_in_time_and_the_next_goes_on(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    post = asked(c, opened(c), kind="answer")
    monkeypatch.setattr(incident_posts, "RUN", timedelta(0))
    assert incident_posts.deliver() == 0
    post.refresh_from_db()
    assert (incident_posts.left(), post.done_at) == (True, None)


class TestAtOnce:
    @pytest.fixture
    def c(self, transactional_db: None) -> SimpleNamespace:
        return cast.full_cast()

    def test_workers_share_the_work(self, c: SimpleNamespace) -> None:
        tickets = [opened(c) for _ in range(12)]
        post = asked(c, *tickets)
        results = at_once(*[incident_posts.deliver] * 4)
        assert sum(int(str(result)) for result in results) == 12
        assert set(told(post).values()) == {""}
        for ticket in tickets:
            assert actions(ticket) == ["open", "take", "resolve"]
        assert Message.objects.filter(body="Corrigido.").count() == 12

    def test_a_post_in_another_workers_hands_keeps_its_hiding_waiting(self, c: SimpleNamespace) -> None:
        ticket = opened(c)
        post = asked(c, ticket, kind="answer", body="A senha é tatu99.")
        hiding = hide(post, "tatu99")
        barrier = Barrier(2)

        def hold() -> None:
            with transaction.atomic():
                post.deliveries.select_for_update().get()
                barrier.wait(10)
                barrier.wait(10)

        def deliver() -> int:
            barrier.wait(10)
            try:
                return incident_posts.deliver()
            finally:
                barrier.wait(10)

        _, done = at_once(hold, deliver)
        assert done == 0
        assert hiding.deliveries.filter(done_at=None).exists()
        assert incident_posts.deliver() == 2

    def test_words_hidden_while_they_are_on_their_way_stay_in_no_ticket(self, c: SimpleNamespace) -> None:
        """A worker that read the post before it was changed still posts the old words: the hiding comes after it."""
        tickets = [opened(c) for _ in range(8)]
        post = asked(c, *tickets, kind="answer", body="A senha é tatu99.")
        at_once(incident_posts.deliver, partial(hide, post, "tatu99"), incident_posts.deliver)
        for _ in range(3):
            incident_posts.deliver()
        assert not incident_posts.left()
        said = Message.objects.filter(from_team=True).values_list("ticket", "body")
        assert sorted(said) == [(ticket.pk, "A senha é [trecho oculto].") for ticket in tickets]
        assert "tatu99" not in repr(list(IncidentPost.objects.values()))
        assert list(replay.differences(Ticket.objects.all())) == []

    @pytest.mark.parametrize("turn", range(4))
    def test_a_resolution_against_a_person_answering(self, c: SimpleNamespace, turn: int) -> None:
        """Whoever comes first: the words of both stand, or the person is told; nothing is lost or done twice."""
        ticket = at_status(c, Status.WAITING_REQUESTER)
        post = asked(c, ticket)
        speak = partial(lifecycle.speak, ticket.pk, via=Via.PORTAL, request_id=form(), body="Voltou sozinho.")
        answered, _ = at_once(lambda: speak(by=fresh(c.ana)), incident_posts.deliver)
        assert told(post) == {ticket.pk: ""}
        after = Ticket.objects.get()
        assert (after.status, after.closure) == (Status.CLOSED, "resolved")
        assert Message.objects.filter(body="Voltou sozinho.").count() == (not isinstance(answered, Refused))
        assert list(replay.differences(Ticket.objects.all())) == []

    @pytest.mark.parametrize("turn", range(4))
    def test_a_resolution_against_a_colleague_who_takes_it(self, c: SimpleNamespace, turn: int) -> None:
        ticket = opened(c)
        post = asked(c, ticket)
        take = partial(lifecycle.take, ticket.pk, via=Via.DESK, request_id=form())
        taken, _ = at_once(lambda: take(by=fresh(c.beto)), incident_posts.deliver)
        after = Ticket.objects.get()
        if isinstance(taken, Refused):
            assert (told(post), after.status) == ({ticket.pk: ""}, Status.CLOSED)
        else:
            assert (told(post), after.assignee, after.status in OPEN) == ({ticket.pk: "Está com Beto."}, c.beto, True)


def hide(post: IncidentPost, passage: str = "", by: User | None = None) -> IncidentPost:
    return incidents.hide(post.incident_id, post.pk, by=fresh(by or post.author), request_id=form(), passage=passage)


def test_words_are_hidden_in_every_ticket_that_got_them(c: SimpleNamespace) -> None:
    """In the post at once, in each ticket by an event of its own; the passage is kept nowhere when it is done."""
    anas, evas = opened(c), opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    post = asked(c, anas, evas, kind="answer", body="A senha é tatu99, use a nova.")
    incident_posts.deliver()
    Notice.objects.all().delete()
    hiding = hide(post, "tatu99")
    post.refresh_from_db()
    assert post.body == "A senha é [trecho oculto], use a nova."
    assert {m.body for m in Message.objects.filter(from_team=True)} == {"A senha é tatu99, use a nova."}
    assert incident_posts.deliver() == 2
    assert told(hiding) == {anas.pk: "", evas.pk: ""}
    assert {m.body for m in Message.objects.filter(from_team=True)} == {"A senha é [trecho oculto], use a nova."}
    assert (actions(anas)[-1], actions(evas)[-1]) == ("redact", "redact")
    assert not Notice.objects.exists()
    hiding.refresh_from_db()
    assert hiding.done_at is not None
    assert "tatu99" not in repr(list(IncidentPost.objects.values()))
    assert list(replay.differences(Ticket.objects.all())) == []


def test_all_of_a_solution_is_hidden_though_the_tickets_are_closed_and_the_incident_is_over(c: SimpleNamespace) -> None:
    ticket = opened(c)
    post = asked(c, ticket, body="A senha é tatu99.")
    incident_posts.deliver()
    incidents.end(post.incident_id, by=fresh(c.bia))
    hide(post)
    incident_posts.deliver()
    said = ticket.messages.last()
    assert said is not None
    assert said.body == "[trecho oculto]"
    assert actions(ticket)[-2:] == ["resolve", "redact"]


def test_what_is_still_on_its_way_is_waited_for(c: SimpleNamespace) -> None:
    """A worker that read the post before holds the old words: the hiding comes after it."""
    ticket = opened(c)
    post = asked(c, ticket, kind="answer", body="A senha é tatu99.")
    hiding = hide(post, "tatu99")
    assert incident_posts.deliver() == 2  # the post's delivery has the lower number, and goes first
    assert [m.body for m in ticket.messages.filter(from_team=True)] == ["A senha é [trecho oculto]."]
    assert actions(ticket)[-1] == "comment"  # it arrived without the words: nothing was left to hide
    assert told(hiding) == {ticket.pk: ""}


def test_who_may_not_hide_in_a_ticket_is_told_so(c: SimpleNamespace) -> None:
    """His own answers he may hide everywhere; another's only where he works."""
    ticket, high = opened(c), at_status(c, Status.IN_PROGRESS, Level.N3)
    post = asked(c, ticket, high, by="caio", kind="answer", body="A senha é tatu99.")
    incident_posts.deliver()
    got = [row.ticket_id for row in post.deliveries.filter(ok=True)]
    assert got == [high.pk]
    hiding = hide(post, "tatu99", by=c.beto)
    incident_posts.deliver()
    assert told(hiding)[ticket.pk] == ""  # nothing arrived there
    assert told(hiding)[high.pk] != ""
    assert actions(high)[-1] == "comment"


@pytest.mark.parametrize("passage", ["outra coisa", "TATU99"])
def test_words_that_do_not_stand_there_are_not_hidden(c: SimpleNamespace, passage: str) -> None:
    post = asked(c, opened(c), kind="answer", body="A senha é tatu99.")
    with pytest.raises(Refused, match="Este trecho não está no texto"):
        hide(post, passage)
    assert IncidentPost.objects.get().body == "A senha é tatu99."


def test_hiding_is_for_who_works_the_incident_and_of_its_own_posts(c: SimpleNamespace) -> None:
    post, other = asked(c, opened(c), kind="answer"), incident(c, opened(c), by="duda")
    for wrong in (
        partial(incidents.hide, post.incident_id, post.pk, by=fresh(c.ana)),
        partial(incidents.hide, post.incident_id, post.pk, by=fresh(c.duda)),
        partial(incidents.hide, other.pk, post.pk, by=fresh(c.bia)),
        partial(incidents.hide, other.pk, 10**9, by=fresh(c.bia)),
    ):
        with pytest.raises(Refused):
            wrong(request_id=form())
    hiding = hide(post)
    with pytest.raises(Refused):
        incidents.hide(post.incident_id, hiding.pk, by=fresh(c.bia), request_id=form())
    assert IncidentPost.objects.count() == 2


def test_the_same_hiding_sent_twice_is_one(c: SimpleNamespace) -> None:
    post, once = asked(c, opened(c), kind="answer", body="A senha é tatu99."), form()
    first = incidents.hide(post.incident_id, post.pk, by=fresh(c.bia), request_id=once, passage="tatu99")
    assert incidents.hide(post.incident_id, post.pk, by=fresh(c.bia), request_id=once, passage="tatu99") == first
    with pytest.raises(Refused):
        incidents.hide(post.incident_id, post.pk, by=fresh(c.lia), request_id=once, passage="tatu99")
