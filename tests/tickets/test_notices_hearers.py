"""Who hears of a ticket because he asked to, and who no longer does: queues, repeated forms, people who left."""

from datetime import timedelta
from types import SimpleNamespace

from django.contrib.auth import get_user_model
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts import absences
from accounts.models import Membership, RoleGrant
from notifications import preferences
from notifications.kinds import How
from notifications.models import Notice
from tests.cast import at_status, follow, form, opened
from tests.tickets.test_notices import DESK, PORTAL, Do, told
from tickets import lifecycle, notices, rules
from tickets.states import Level, Role, Status


def arrived(heard: set[tuple[str, str]]) -> set[str]:
    return {name for kind, name in heard if kind == "ticket_arrived"}


def test_new_tickets_of_a_queue_are_told_to_who_asked_for_it(c: SimpleNamespace) -> None:
    for person in (c.bia, c.caio, c.lia, c.ana, c.duda):  # Caio works at N3, Ana and Duda in no queue
        preferences.choose(person.pk, {"fila": How.PORTAL})
    preferences.choose(c.beto.pk, {"fila": How.NONE})
    opened(c)
    rows = Notice.objects.filter(kind="ticket_arrived").order_by("recipient")
    assert list(rows.values_list("recipient__name", flat=True)) == ["Bia", "Lia"]
    escalate: Do = lambda c, pk: lifecycle.escalate(pk, by=c.bia, via=DESK, request_id=form(), checked="Visto.")  # noqa: E731 - one deed a line
    assert arrived(told(c, at_status(c, Status.IN_PROGRESS), escalate)) == {"Caio"}
    release: Do = lambda c, pk: lifecycle.release(pk, by=c.bia, via=DESK, request_id=form(), reason="Férias.")  # noqa: E731 - one deed a line
    assert arrived(told(c, at_status(c, Status.IN_PROGRESS), release)) == {"Lia"}
    hand_back: Do = lambda c, pk: lifecycle.hand_back(pk, by=c.caio, via=DESK, request_id=form(), reason="Log.")  # noqa: E731 - one deed a line
    assert arrived(told(c, at_status(c, Status.IN_PROGRESS, Level.N3), hand_back)) == {"Lia"}
    absences.declare(c.lia, starts_at=worktime.now(), ends_at=worktime.now() + timedelta(days=1), substitute=None, by=c.lia)
    Notice.objects.all().delete()
    opened(c, by=c.bia)
    assert not Notice.objects.filter(kind="ticket_arrived").exists()


def test_opening_costs_one_query_for_who_may_have_asked(
    c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticket = opened(c)
    event = ticket.events.get()
    with django_assert_num_queries(1):
        assert notices._watchers(ticket, event) == []


def test_a_repeated_form_tells_nobody_twice(c: SimpleNamespace) -> None:
    ticket, request_id = opened(c), form()
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=request_id)
    before = Notice.objects.count()
    lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=request_id)
    assert Notice.objects.count() == before


def test_notices_hold_numbers_only_and_no_words(c: SimpleNamespace) -> None:
    at_status(c, Status.CLOSED)
    people = get_user_model().objects.count()
    assert people
    for notice in Notice.objects.all():
        assert set(notice.data) == {"ticket", "number", "event"}
        assert all(isinstance(value, int) for value in notice.data.values())


def test_who_left_the_body_hears_nothing_more(c: SimpleNamespace) -> None:
    """A mail repeats what the team wrote, and he may not read the ticket any more (DESIGN §8)."""
    ticket = at_status(c, Status.IN_PROGRESS)
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())

    def ask(c: SimpleNamespace, pk: int) -> None:
        lifecycle.ask(pk, by=c.bia, via=DESK, request_id=form(), body="Qual é a senha provisória?")

    assert told(c, ticket, ask) == {("ticket_question", "Eva")}


def test_who_lost_the_queue_hears_nothing_more(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    RoleGrant.objects.filter(user=c.bia).update(ended_at=worktime.now())

    def answer(c: SimpleNamespace, pk: int) -> None:
        lifecycle.speak(pk, by=c.ana, via=PORTAL, request_id=form(), body="4.1.2")

    assert told(c, ticket, answer) == {("ticket_side_answered", "Eva")}


def test_who_is_told_is_who_the_rules_say_may_read(c: SimpleNamespace, django_assert_num_queries: object) -> None:
    ticket = opened(c)
    for user in (c.eva, c.gil, c.bia, c.caio):
        follow(ticket, user)
    Membership.objects.filter(user=c.gil).update(ended_at=worktime.now())
    get_user_model().objects.filter(pk=c.caio.pk).update(is_active=False)
    with django_assert_num_queries(3):
        told = notices._requester_side(ticket)
    people = get_user_model().objects.order_by("pk")
    assert told == [person.pk for person in people if rules.roles(person, ticket) & {Role.REQUESTER, Role.FOLLOWER}]
    assert told == [c.ana.pk, c.eva.pk, c.bia.pk]
