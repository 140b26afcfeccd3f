"""The last thing on a ticket that the requester's side hears of."""

from __future__ import annotations

from types import SimpleNamespace

from pytest_django import DjangoAssertNumQueries

from tests.cast import form, opened
from tickets import lifecycle, news
from tickets.models import Ticket
from tickets.states import Action, Via


def test_what_stays_within_the_team_is_no_news(c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    still, taken = opened(c), opened(c)
    lifecycle.take(taken.pk, by=c.bia, via=Via.DESK, request_id=form())
    for ticket in (still, taken):
        lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Nota.")
    with django_assert_num_queries(2):
        found = news.of_tickets(list(news.with_newest(Ticket.objects.all())))
    assert {pk: event.action for pk, event in found.items()} == {still.pk: Action.OPEN, taken.pk: Action.TAKE}


def test_no_tickets_cost_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    assert news.of_tickets([]) == {}
