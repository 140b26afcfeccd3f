"""The person of a session comes with the rights that the person looked up otherwise has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Model
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import Agency, Membership, RoleGrant, User
from accounts.signed_in import WithRights

Make = Callable[..., User]
ROLES = ("requester", "focal_point", "analyst", "lead", "manager", "curator", "dpo", "ombudsman", "admin")


def values(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("role", ROLES)
def test_it_is_the_same_in_one_query(
    with_role: Callable[[str], User], role: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    known = with_role(role)
    with django_assert_num_queries(1):
        person = WithRights().get_user(known.pk)
        assert person is not None
        grants, bonds = person.active_grants, person.active_memberships
        queues = [grant.queue for grant in grants]
        places = [(bond.agency, bond.agency.sphere) for bond in bonds]
    known = User.objects.get(pk=known.pk)
    assert values(person) == values(known)
    assert [values(grant) for grant in grants] == [values(grant) for grant in known.active_grants]
    assert [queue and values(queue) for queue in queues] == [g.queue and values(g.queue) for g in known.active_grants]
    assert [values(bond) for bond in bonds] == [values(bond) for bond in known.active_memberships]
    assert [(values(a), values(s)) for a, s in places] == [
        (values(bond.agency), values(bond.agency.sphere)) for bond in known.active_memberships
    ]


def test_what_has_ended_is_left_out(with_role: Callable[[str], User], agency: Agency) -> None:
    lead = with_role("lead")
    Membership.objects.create(user=lead, agency=agency, started_at=worktime.now(), ended_at=worktime.now())
    RoleGrant.objects.filter(user=lead).update(ended_at=worktime.now())
    person = WithRights().get_user(lead.pk)
    assert person is not None
    assert person.active_grants == person.active_memberships == []


def test_a_closed_or_unknown_account_is_nobody(person: Make) -> None:
    assert WithRights().get_user(person("ana@example.org", is_active=False).pk) is None
    assert WithRights().get_user(0) is None


def test_what_was_read_may_be_saved(person: Make) -> None:
    known = person("ana@example.org")
    found = WithRights().get_user(known.pk)
    assert found is not None
    found.phone = "61999990000"
    found.save()
    assert User.objects.get(pk=known.pk).phone == "61999990000"
    found.refresh_from_db()
