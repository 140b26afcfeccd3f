"""Whom an announcement concerns: told the same from the announcement and from the person."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import Membership, User
from community import audience
from community.models import Announcement
from tests.cast import another_product, follow, fresh, opened, person
from tests.community.telling import released, written


def names(people: Any) -> set[str]:
    return {user.name for user in people}


def concerned(announcement: Announcement) -> set[str]:
    """Both ways to tell, and the count, must say the same."""
    found = names(audience.people(announcement))
    one_by_one = {
        user.name
        for user in User.objects.filter(is_active=True)
        if Announcement.objects.filter(audience.concerns(fresh(user)), pk=announcement.pk).exists()
    }
    assert one_by_one == found
    assert audience.count(announcement) == len(found)
    return found


def test_everybody_is_everybody_with_an_open_account(c: SimpleNamespace) -> None:
    User.objects.filter(pk=c.eva.pk).update(is_active=False)
    assert concerned(released(c)) == names(User.objects.all()) - {"Eva"}


def test_who_only_typed_an_address_is_written_nothing(c: SimpleNamespace) -> None:
    """Else whoever signs up in the name of others lets us write to them."""
    nina, rui = person("Nina"), person("Rui")
    EmailAddress.objects.create(user=nina, email=nina.email, primary=True, verified=False)
    EmailAddress.objects.create(user=rui, email=rui.email, primary=True, verified=True)
    EmailAddress.objects.create(user=rui, email="novo@example.org", verified=False)  # he is about to change it
    found = released(c)
    assert {"Rui"} == names(audience.people(found)) & {"Nina", "Rui"}
    assert found.reach == User.objects.count() - 1


def test_one_covers_another_if_it_names_all_that_the_other_does(c: SimpleNamespace) -> None:
    all_, body, bodies = written(c), written(c, agencies=[c.a]), written(c, agencies=[c.a, c.b])
    sphere = written(c, spheres=[c.sphere])
    assert [audience.covers(wider, body) for wider in (all_, body, bodies, sphere)] == [True, True, True, False]
    assert [audience.covers(body, other) for other in (all_, bodies, sphere)] == [False, False, False]


def test_to_a_body_or_sphere_belongs_whose_membership_is_confirmed_and_in_force(c: SimpleNamespace) -> None:
    claims, left, now = person("Nina"), person("Rui"), worktime.now()
    Membership.objects.create(user=claims, agency=c.a)
    Membership.objects.create(user=left, agency=c.a, started_at=now, confirmed_at=now, ended_at=now)
    assert concerned(released(c, agencies=[c.a])) == {"Ana", "Gil"}
    assert concerned(released(c, spheres=[c.sphere])) == {"Ana", "Gil", "Eva"}
    empty = written(c, spheres=[c.other_sphere])
    Announcement.objects.filter(pk=empty.pk).update(release_at=worktime.now())
    assert concerned(Announcement.objects.get(pk=empty.pk)) == set()


def test_to_a_product_belongs_who_asked_about_it_lately_or_follows(c: SimpleNamespace) -> None:
    now = worktime.now()
    with time_machine.travel(now - timedelta(days=370)):
        opened(c, by=c.eva)
    with time_machine.travel(now - timedelta(days=360)):
        ticket = opened(c)
    follow(ticket, person("Ivo"))
    opened(c, by=c.gil, offering=another_product(c))
    announcement = released(c, products=[c.product])
    assert concerned(announcement) == {"Ana", "Ivo"}
    with time_machine.travel(now + timedelta(days=30)):
        assert concerned(announcement) == {"Ana", "Ivo"}  # reckoned from its going out, whenever somebody looks
        opened(c, by=c.eva)
        assert concerned(announcement) == {"Ana", "Ivo", "Eva"}


def test_any_of_what_is_named_is_enough(c: SimpleNamespace) -> None:
    opened(c, by=c.eva)
    assert concerned(released(c, agencies=[c.a], products=[c.product])) == {"Ana", "Gil", "Eva"}


def test_who_is_not_signed_in_is_told_what_everybody_is(c: SimpleNamespace) -> None:
    public, _ = released(c), released(c, spheres=[c.sphere])
    assert list(Announcement.objects.filter(audience.concerns(AnonymousUser()))) == [public]


@pytest.mark.parametrize("fields", [{}, {"agencies": 1, "spheres": 1, "products": 1}], ids=["all", "named"])
def test_counting_is_one_query(
    c: SimpleNamespace, fields: dict[str, int], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    given = {"agencies": [c.a, c.b], "spheres": [c.sphere], "products": [c.product]} if fields else {}
    announcement = written(c, **given)
    with django_assert_num_queries(1):
        audience.count(announcement)


def test_of_some_people_only_those_are_asked_about(c: SimpleNamespace) -> None:
    announcement = released(c, spheres=[c.sphere])
    assert names(audience.people(announcement, among=[c.ana.pk, c.bia.pk])) == {"Ana"}
    assert names(audience.people(announcement, among=[])) == set()
    assert names(audience.people(released(c), among=[c.bia.pk])) == {"Bia"}
