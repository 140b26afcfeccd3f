"""What somebody mostly asks for: his own first, then his bodies', then everybody's."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import worktime
from accounts.models import Membership
from catalog.models import Offering
from tests.cast import another_product, fresh, opened
from tickets import habits
from tickets.models import Ticket


@pytest.fixture
def tramita(c: SimpleNamespace) -> Offering:
    return another_product(c)


def usual(user: Any) -> list[tuple[str, bool]]:
    return [(one.offering.product.slug, one.own) for one in habits.usual(user)]


def test_nobody_asked_for_anything_yet(c: SimpleNamespace) -> None:
    assert usual(c.ana) == []
    assert habits.usual_sphere(c.ana) == c.sphere  # that of her only body
    Membership.objects.create(user=c.ana, agency=c.b)
    assert habits.usual_sphere(fresh(c.ana)) == c.sphere


def test_own_come_first_newest_first(c: SimpleNamespace, tramita: Offering) -> None:
    opened(c)
    opened(c, offering=tramita)
    assert usual(c.ana) == [("barramento", True), ("sei", True)]
    opened(c)
    assert usual(c.ana) == [("sei", True), ("barramento", True)]


def test_what_the_body_asks_for_often_comes_next(c: SimpleNamespace, tramita: Offering) -> None:
    for _ in range(2):
        opened(c, by=c.eva)
    for _ in range(3):
        opened(c, by=c.eva, offering=tramita)
    opened(c)
    assert usual(c.gil)[0] == ("sei", False)  # that of Ana for Gil's body, before the more frequent of everybody
    assert usual(c.eva)[0] == ("barramento", True)


def test_who_is_not_confirmed_learns_nothing_of_the_body(c: SimpleNamespace, tramita: Offering) -> None:
    opened(c, offering=tramita)
    Membership.objects.update(confirmed_at=None)
    for _ in range(2):
        opened(c, by=c.eva)
    assert usual(fresh(c.gil)) == [("sei", False), ("barramento", False)]


def test_what_is_long_ago_or_withdrawn_is_not_offered(c: SimpleNamespace, tramita: Offering) -> None:
    opened(c, offering=tramita)
    opened(c)
    Ticket.objects.filter(offering=tramita).update(opened_at=worktime.now() - habits.LATELY - timedelta(minutes=1))
    assert usual(c.eva) == [("sei", False)]
    Offering.objects.filter(pk=c.offering.pk).update(active=False)
    assert usual(c.ana) == [("barramento", True)]


def test_the_sphere_of_the_last_ticket_is_remembered(c: SimpleNamespace) -> None:
    state = Offering.objects.create(sphere=c.other_sphere, product=c.product, support_type=c.kind, n2_queue=c.n2, n3_queue=c.n3)
    opened(c, offering=state)
    assert habits.usual_sphere(c.ana) == c.other_sphere


@pytest.mark.parametrize("tickets", [1, 3])
def test_it_costs_the_same_for_few_and_many(
    c: SimpleNamespace, tramita: Offering, tickets: int, django_assert_num_queries: Any
) -> None:
    for _ in range(tickets):
        opened(c)
        opened(c, offering=tramita)
    ana = fresh(c.ana)
    with django_assert_num_queries(5):  # the memberships are one of them
        habits.usual(ana)
