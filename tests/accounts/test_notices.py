"""Who hears of bonds with bodies, roles and absences: whom it concerns, and not who did it himself."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

import worktime
from accounts import absences, memberships, notices, roles
from accounts.models import RoleGrant
from notifications import kinds
from notifications.models import Notice
from tests import cast
from tests.cast import fresh, person
from tests.tickets.admin.desk import signed_in

WEEK = timedelta(days=7)


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    return cast.full_cast()


def told() -> list[tuple[str, str]]:
    """Kind and address of what was queued since the last look, in order of both."""
    found = sorted(Notice.objects.values_list("kind", "recipient__email"))
    Notice.objects.all().delete()
    return found


def test_a_bond_is_asked_confirmed_and_ended(c: SimpleNamespace) -> None:
    nina = person("Nina")
    bond = memberships.join(nina, c.a)
    memberships.join(nina, c.a)
    assert told() == [("membership_asked", c.gil.email)]
    memberships.confirm(bond.pk, by=c.gil)
    memberships.confirm(bond.pk, by=c.gil)
    assert told() == [("membership_confirmed", nina.email)]
    memberships.end(bond.pk, by=c.gil)
    assert told() == [("membership_ended", nina.email)]


def test_one_that_nobody_confirmed_is_refused_and_who_leaves_himself_knows(c: SimpleNamespace) -> None:
    nina = person("Nina")
    bond = memberships.join(nina, c.a)
    told()
    memberships.end(bond.pk, by=c.gil)
    assert told() == [("membership_refused", nina.email)]
    again = memberships.join(nina, c.a)
    told()
    memberships.end(again.pk, by=nina)
    assert told() == []


def test_only_the_focal_point_of_the_body_reads_who_asks(c: SimpleNamespace) -> None:
    memberships.join(person("Nina"), c.a)
    notice = Notice.objects.get()
    assert kinds.may_be_read(notice, fresh(c.gil))
    assert not kinds.may_be_read(notice, fresh(c.eva))
    c.gil.memberships.update(ended_at=worktime.now())
    assert not kinds.may_be_read(notice, fresh(c.gil))


def test_a_role_is_told_when_it_is_given_and_when_it_ends(c: SimpleNamespace) -> None:
    admin = person("Admin")
    RoleGrant.objects.create(user=admin, role="admin")
    nina = person("Nina")
    signed_in(admin).post("/admin/accounts/rolegrant/add/", {"user": nina.email, "role": "analyst", "queue": c.n2.pk})
    grant = RoleGrant.objects.get(user=nina)
    assert told() == [("role_given", nina.email)]
    roles.end(grant.pk, by=admin)
    roles.end(grant.pk, by=admin)
    assert told() == [("role_ended", nina.email)]


def test_an_absence_is_told_to_both_but_not_to_who_declared_it(c: SimpleNamespace) -> None:
    now = worktime.now()
    times = {"starts_at": now + WEEK, "ends_at": now + 2 * WEEK}
    absence = absences.declare(c.bia, **times, substitute=c.beto, by=c.lia)
    assert told() == [("absence_declared", c.bia.email), ("absence_substitute", c.beto.email)]
    absences.end(absence.pk, by=c.bia)
    assert told() == [("absence_ended", c.beto.email)]
    absences.declare(c.bia, **times, substitute=None, by=c.bia)
    assert told() == []


def test_what_is_owed_is_no_choice() -> None:
    owed = {*notices.OF_MEMBERSHIP, *notices.OF_ROLE, *notices.OF_ABSENCE}
    assert {kinds.group_of(kind) for kind in owed} == {None}
