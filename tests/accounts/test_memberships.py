"""Joining, confirming and leaving, also by two requests at once."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection

import worktime
from accounts import memberships
from accounts.models import Agency, Membership, User
from catalog.models import Sphere


@pytest.fixture
def rows(transactional_db: None) -> SimpleNamespace:
    sphere = Sphere.objects.create(slug="executivo-federal", name="Executivo Federal")
    bodies = [
        Agency.objects.create(
            slug=f"o{number}", name="O", acronym="O", sphere=sphere, power="executivo", legal_nature="autarquia"
        )
        for number in range(4)
    ]
    return SimpleNamespace(ana=User.objects.create_user("ana@example.org", name="Ana"), bodies=bodies)


def at_once(*acts: object) -> list[object]:
    """What each act gave back or raised, all begun together, each on a connection of its own."""

    def run(act: object) -> object:
        try:
            return act()
        except (memberships.TooManyBodies, Membership.DoesNotExist) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_presses_at_once_join_once(rows: SimpleNamespace) -> None:
    first, second = at_once(*[lambda: memberships.join(rows.ana, rows.bodies[0])] * 2)
    assert first == second == Membership.objects.get()


def test_the_limit_holds_for_requests_at_once(rows: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memberships, "LIMIT", 2)
    results = at_once(*[lambda body=body: memberships.join(rows.ana, body) for body in rows.bodies])
    assert results.count(memberships.TooManyBodies) == 2
    assert Membership.objects.count() == 2


def test_of_confirming_and_ending_at_once_the_end_stands(rows: SimpleNamespace) -> None:
    membership = memberships.join(rows.ana, rows.bodies[0])
    at_once(
        lambda: memberships.confirm(membership.pk, by=rows.ana),
        lambda: memberships.end(membership.pk, by=rows.ana),
    )
    assert Membership.objects.get().ended_at is not None


def test_who_left_may_come_back_unconfirmed(rows: SimpleNamespace) -> None:
    first = memberships.join(rows.ana, rows.bodies[0])
    memberships.confirm(first.pk, by=rows.ana)
    memberships.end(first.pk, by=rows.ana)
    with pytest.raises(Membership.DoesNotExist):
        memberships.confirm(first.pk, by=rows.ana)
    second = memberships.join(rows.ana, rows.bodies[0])
    assert (second.pk != first.pk, second.confirmed_at) == (True, None)
    assert Membership.objects.get(pk=first.pk).ended_at <= worktime.now()
