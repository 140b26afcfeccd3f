"""Transfer, schedule, duplicates, redaction, and the offer after handing back."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from accounts.models import RoleGrant
from catalog.models import Level, Offering, Product, Queue
from files import intake
from tests.cast import MONDAY, at_status, form, fresh, opened
from tickets import lifecycle, rules
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import REDACTED, Answer, Attachment, Follower, Message, Ticket
from tickets.states import Action, Closure, Status, Via

DESK, PORTAL = Via.DESK, Via.PORTAL


@pytest.fixture
def other(c: SimpleNamespace) -> Offering:
    """The same support type of another product."""
    product = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    n2 = Queue.objects.create(slug="pen-nup-n2", name="NUP N2", product=product, level=Level.N2)
    n3 = Queue.objects.create(slug="pen-nup-n3", name="NUP N3", product=product, level=Level.N3)
    return Offering.objects.create(sphere=c.sphere, product=product, support_type=c.kind, n2_queue=n2, n3_queue=n3)


def state_of(ticket: Ticket) -> object:
    return (Ticket.objects.filter(pk=ticket.pk).values().get(), ticket.events.count(), ticket.messages.count())


def test_a_transfer_to_another_product_goes_to_its_queue_and_asks_for_triage(c: SimpleNamespace, other: Offering) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.triage(ticket.pk, by=c.bia, via=DESK, request_id=form())
    ticket = lifecycle.transfer(ticket.pk, by=c.bia, via=DESK, request_id=form(), offering=other, reason="É do NUP.")
    assert (ticket.status, ticket.queue, ticket.product, ticket.level) == (Status.QUEUED, other.n2_queue, other.product, "N2")
    assert (ticket.triaged_at, ticket.assignee) == (None, None)
    assert [(a.name, a.value) for a in ticket.answers.all()] == [("ambiente", "Produção")]
    assert ticket in Ticket.objects.visible_to(fresh(c.bia))


def test_a_transfer_keeps_level_and_within_the_product_the_triage(c: SimpleNamespace) -> None:
    second = Queue.objects.create(slug="pen-sei-n2b", name="SEI N2 B", product=c.product, level=Level.N2)
    ticket = opened(c)
    lifecycle.triage(ticket.pk, by=c.bia, via=DESK, request_id=form())
    ticket = lifecycle.transfer(ticket.pk, by=c.bia, via=DESK, request_id=form(), queue=second, reason="Equipe B.")
    assert (ticket.queue, ticket.triaged_at is not None) == (second, True)


def test_a_transfer_to_the_same_place_or_another_level_is_refused(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    for where in ({"offering": c.offering}, {"queue": c.n3}, {"queue": c.n2}, {}):
        with pytest.raises(Incomplete):
            lifecycle.transfer(ticket.pk, by=c.bia, via=DESK, request_id=form(), reason="Engano.", **where)
    assert state_of(ticket) == before


def test_scheduling_takes_out_of_sight_until_then_or_until_the_requester_speaks(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.IN_PROGRESS)
        until = MONDAY + timedelta(days=2)
        ticket = lifecycle.schedule(ticket.pk, by=c.bia, via=DESK, request_id=form(), until=until)
        assert ticket.scheduled_for == until
        assert not Ticket.objects.in_sight(MONDAY).exists()
        assert Ticket.objects.in_sight(until).exists()
        lifecycle.note(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Aguardo a janela.")
        assert not Ticket.objects.in_sight(MONDAY).exists()
        ticket = lifecycle.speak(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Mudou.")
    assert ticket.scheduled_for is None


@pytest.mark.parametrize("leave", ["ask", "release", "escalate"])
def test_what_goes_on_is_no_longer_scheduled(c: SimpleNamespace, leave: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.schedule(ticket.pk, by=c.bia, via=DESK, request_id=form(), until=ticket.last_event_at + timedelta(days=1))
    words = {"ask": "body", "release": "reason", "escalate": "checked"}[leave]
    verb = getattr(lifecycle, leave)
    assert verb(ticket.pk, by=c.bia, via=DESK, request_id=form(), **{words: "Texto"}).scheduled_for is None


def test_a_schedule_lies_ahead(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    with pytest.raises(Incomplete):
        lifecycle.schedule(ticket.pk, by=c.bia, via=DESK, request_id=form(), until=ticket.last_event_at - timedelta(hours=1))
    assert state_of(ticket) == before


def duplicate(c: SimpleNamespace, ticket: Ticket, root: Ticket) -> Ticket:
    return lifecycle.close_duplicate(ticket.pk, by=c.bia, via=DESK, request_id=form(), root=root.number)


def test_a_duplicate_points_to_the_root_and_its_requester_follows_it(c: SimpleNamespace) -> None:
    root = opened(c, by=c.gil, agency=lifecycle.AgencyChoice(agency=c.a))
    ticket = duplicate(c, opened(c), root)
    assert (ticket.status, ticket.closure, ticket.duplicate_of) == (Status.CLOSED, Closure.DUPLICATE, root)
    assert [f.user for f in root.followers.all()] == [c.ana]
    assert root in Ticket.objects.visible_to(fresh(c.ana))


def test_a_requester_of_another_body_does_not_follow(c: SimpleNamespace) -> None:
    root = opened(c)
    duplicate(c, opened(c, by=c.eva), root)
    assert not Follower.objects.exists()
    assert root not in Ticket.objects.visible_to(fresh(c.eva))


def test_links_lead_to_the_root_however_they_are_made(c: SimpleNamespace) -> None:
    first, second, third, fourth = (opened(c) for _ in range(4))
    duplicate(c, third, second)
    duplicate(c, second, first)
    duplicate(c, fourth, third)
    roots = dict(Ticket.objects.values_list("pk", "duplicate_of"))
    assert roots == {first.pk: None, second.pk: first.pk, third.pk: first.pk, fourth.pk: first.pk}


def test_a_circle_is_refused(c: SimpleNamespace) -> None:
    first, second = opened(c), opened(c)
    duplicate(c, second, first)
    before = state_of(first)
    for root in (first, second):
        with pytest.raises(Incomplete, match="dele mesmo"):
            duplicate(c, first, root)
    assert state_of(first) == before


def test_the_root_exists_and_is_not_over(c: SimpleNamespace) -> None:
    ticket, over = opened(c), at_status(c, Status.FINAL)
    before = state_of(ticket)
    with pytest.raises(Incomplete, match="não pode mais ser reaberto"):
        duplicate(c, ticket, over)
    with pytest.raises(Incomplete, match="Não há chamado"):
        lifecycle.close_duplicate(ticket.pk, by=c.bia, via=DESK, request_id=form(), root=99_999_999)
    assert state_of(ticket) == before
    assert duplicate(c, ticket, at_status(c, Status.CLOSED)).duplicate_of is not None


def test_a_reopened_duplicate_loses_its_link(c: SimpleNamespace) -> None:
    ticket = duplicate(c, opened(c), opened(c))
    ticket = lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="É outro assunto.")
    assert (ticket.status, ticket.duplicate_of) == (Status.QUEUED, None)


def test_a_ticket_that_came_back_is_offered_first_to_who_escalated_it(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
        ticket = lifecycle.hand_back(ticket.pk, by=c.caio, via=DESK, request_id=form(), reason="Falta o log.")
        assert (ticket.offered_to, ticket.offered_until) == (c.bia, MONDAY + timedelta(hours=1))
        with pytest.raises(IllegalMove):
            lifecycle.take(ticket.pk, by=c.beto, via=DESK, request_id=form())
        assert lifecycle.take_next(by=fresh(c.beto), via=DESK, request_id=form(), level=Level.N2) is None
        assert Action.TAKE in rules.legal_actions(fresh(c.lia), ticket)
    with time_machine.travel(MONDAY + timedelta(minutes=59), tick=False):
        ticket = lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
    assert (ticket.assignee, ticket.offered_to) == (c.bia, None)


def test_after_a_working_hour_anybody_takes_it(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
        lifecycle.hand_back(ticket.pk, by=c.caio, via=DESK, request_id=form(), reason="Falta o log.")
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert lifecycle.take_next(by=fresh(c.beto), via=DESK, request_id=form(), level=Level.N2) == ticket


def test_nothing_is_offered_to_who_left(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
    RoleGrant.objects.filter(user=c.bia).delete()
    ticket = lifecycle.hand_back(ticket.pk, by=c.caio, via=DESK, request_id=form(), reason="Falta o log.")
    assert (ticket.offered_to, ticket.offered_until) == (None, None)


@pytest.mark.parametrize("who", ["ana", "beto", "lia", "dora"])
def test_a_passage_is_hidden_everywhere_it_stands(c: SimpleNamespace, who: str) -> None:
    ticket = opened(c, body="A senha é segredo1. Repito: segredo1!", subject="Senha segredo1")
    message = ticket.messages.get()
    by = fresh(getattr(c, who))
    lifecycle.redact(ticket.pk, by=by, via=DESK, request_id=form(), what=message, passage="segredo1")
    message.refresh_from_db()
    assert message.body == f"A senha é {REDACTED}. Repito: {REDACTED}!"
    assert ticket.events.last().data == {"message": message.pk}
    hidden = lifecycle.redact(ticket.pk, by=by, via=DESK, request_id=form(), what=ticket, passage="segredo1")
    assert hidden.subject == f"Senha {REDACTED}"


@pytest.mark.parametrize("who", ["eva", "gil", "caio", "duda"])
def test_others_hide_nothing(c: SimpleNamespace, who: str) -> None:
    ticket = opened(c, body="A senha é segredo1.")
    message = ticket.messages.get()
    before = state_of(ticket)
    with pytest.raises(IllegalMove):
        lifecycle.redact(ticket.pk, by=fresh(getattr(c, who)), via=DESK, request_id=form(), what=message, passage="segredo1")
    message.refresh_from_db()
    assert (message.body, state_of(ticket)) == ("A senha é segredo1.", before)


def test_a_passage_that_is_not_there_is_refused(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(Incomplete):
        lifecycle.redact(ticket.pk, by=c.bia, via=DESK, request_id=form(), what=ticket.messages.get(), passage="não há")
    assert state_of(ticket) == before


def test_an_answer_and_a_file_are_hidden_whole(c: SimpleNamespace) -> None:
    form_id = form()
    policy = intake.Policy(1000, 3, frozenset({"txt"}))
    upload = SimpleUploadedFile("senha.txt", b"segredo1")
    file = intake.accept(upload, policy=policy, by=c.ana, form_id=form_id)
    ticket = opened(c, files={"evidencias": [file]})
    answer, attachment = ticket.answers.get(), ticket.attachments.get()
    lifecycle.redact(ticket.pk, by=c.bia, via=DESK, request_id=form(), what=answer)
    path, storage = file.content.name, file.content.storage
    lifecycle.redact(ticket.pk, by=c.bia, via=DESK, request_id=form(), what=attachment)
    assert Answer.objects.get().value == REDACTED
    row = Attachment.objects.select_related("file").get()
    assert row.redacted_at is not None
    assert row.file.name == REDACTED
    assert storage.exists(path)  # until the change is certain
    with pytest.raises(Incomplete):
        lifecycle.redact(ticket.pk, by=c.bia, via=DESK, request_id=form(), what=attachment)


@pytest.mark.parametrize(
    "change", [{"body": "outra coisa"}, {"body": REDACTED}, {"author_id": 1, "body": REDACTED, "redacted_at": MONDAY}]
)
def test_the_database_lets_nothing_else_pass(c: SimpleNamespace, change: dict[str, object]) -> None:
    opened(c)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Message.objects.update(**change)
