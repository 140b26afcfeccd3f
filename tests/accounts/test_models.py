"""What the database itself refuses, and what a person is told to hold."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

import worktime
from accounts.models import Agency, Membership, RoleGrant, User

Make = Callable[..., User]


def refused(constraint: str, act: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        act()


def test_an_address_serves_one_account_whatever_its_case(person: Make) -> None:
    person("Ana@Example.org")
    assert User.objects.get_by_natural_key("ANA@example.ORG").email == "ana@example.org"
    refused("email", lambda: User.objects.create_user("ANA@EXAMPLE.ORG", name="Outra"))
    refused("user_email_in_lower_case", lambda: User.objects.create(email="Ana@example.org", name="Outra"))
    assert User.objects.count() == 1


@pytest.mark.parametrize("cpf", ["123", "1234567890a", "529.982.247"])
def test_a_cpf_has_eleven_digits(person: Make, cpf: str) -> None:
    refused("user_cpf_has_11_digits", lambda: person("ana@example.org", cpf=cpf))


def test_a_cpf_serves_one_account_and_none_serves_many(person: Make) -> None:
    person("ana@example.org", cpf="52998224725")
    person("bia@example.org")
    person("caio@example.org")
    refused("cpf", lambda: person("eva@example.org", cpf="52998224725"))


def test_a_cpf_is_shown_in_part(person: Make) -> None:
    assert person("ana@example.org", cpf="52998224725").masked_cpf == "***.982.247-**"
    assert person("bia@example.org").masked_cpf == ""


def test_people_are_called_by_their_social_name(person: Make) -> None:
    user = person("ana@example.org", name="Nome Civil", social_name="Ana Moura")
    assert (user.display_name, user.get_full_name(), user.get_short_name(), str(user)) == (
        "Ana Moura",
        "Ana Moura",
        "Ana",
        "Ana Moura",
    )


@pytest.mark.parametrize("field", ["name", "social_name"])
def test_a_name_stays_on_one_line(person: Make, field: str) -> None:
    user = person("ana@example.org")
    setattr(user, field, "Ana\nBcc: todos@example.org")
    with pytest.raises(ValidationError) as refusal:
        user.full_clean()
    assert set(refusal.value.message_dict) == {field}


def test_a_body_does_not_supervise_itself(agency: Agency) -> None:
    refused("agency_does_not_supervise_itself", lambda: Agency.objects.filter(pk=agency.pk).update(supervising_body=agency))


def test_one_membership_in_force_for_each_body(person: Make, agency: Agency) -> None:
    ana = person("ana@example.org")
    first = Membership.objects.create(user=ana, agency=agency)
    refused("membership_one_in_force", lambda: Membership.objects.create(user=ana, agency=agency))
    first.ended_at = worktime.now()
    first.save()
    Membership.objects.create(user=ana, agency=agency)
    assert Membership.objects.count() == 2


def test_memberships_and_grants_end_after_they_start(person: Make, agency: Agency) -> None:
    ana = person("ana@example.org")
    before = worktime.now() - timedelta(days=1)
    refused("membership_ends_after_start", lambda: Membership.objects.create(user=ana, agency=agency, ended_at=before))
    refused("grant_ends_after_start", lambda: RoleGrant.objects.create(user=ana, role="dpo", ended_at=before))


SCOPES = ("queue", "core_system", "agency", None)
FITTING = {
    "analyst": {"queue"},
    "lead": {"queue"},
    "manager": {"core_system", "agency"},
    "curator": {"core_system"},
    "dpo": {None},
    "ombudsman": {None},
    "admin": {None},
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", RoleGrant.Role.values)
def test_each_role_has_its_kind_of_scope(person: Make, catalog: SimpleNamespace, agency: Agency, role: str, scope: str) -> None:
    ana = person("ana@example.org")
    fields = {scope: {"queue": catalog.n2, "core_system": catalog.core, "agency": agency}[scope]} if scope else {}
    if scope in FITTING[role]:
        RoleGrant.objects.create(user=ana, role=role, **fields)
        # The same again is one too many, without scope too.
        refused("grant_one_in_force", lambda: RoleGrant.objects.create(user=ana, role=role, **fields))
    else:
        refused("grant_scope_fits_role", lambda: RoleGrant.objects.create(user=ana, role=role, **fields))


def test_only_grants_in_force_count(person: Make, catalog: SimpleNamespace) -> None:
    bia = person("bia@example.org")
    RoleGrant.objects.create(user=bia, role="analyst", queue=catalog.n2)
    RoleGrant.objects.create(user=bia, role="lead", queue=catalog.n3, ended_at=worktime.now() + timedelta(seconds=1))
    bia = User.objects.get(pk=bia.pk)
    assert bia.is_staff
    assert bia.holds("analyst")
    assert not bia.holds("lead", "admin")
    assert bia.queue_ids("analyst", "lead") == {catalog.n2.pk}


def test_a_closed_account_holds_nothing(person: Make, catalog: SimpleNamespace, agency: Agency) -> None:
    bia = person("bia@example.org", is_active=False)
    RoleGrant.objects.create(user=bia, role="admin")
    Membership.objects.create(user=bia, agency=agency, role="ponto-focal", confirmed_at=worktime.now())
    assert not bia.is_staff
    assert not bia.holds("admin")
    assert bia.focal_agency_ids() == set()


def test_a_focal_point_counts_once_confirmed_and_while_in_force(person: Make, agency: Agency) -> None:
    gil = person("gil@example.org")
    membership = Membership.objects.create(user=gil, agency=agency, role="ponto-focal")
    assert User.objects.get(pk=gil.pk).focal_agency_ids() == set()
    membership.confirmed_at = worktime.now()
    membership.save()
    assert User.objects.get(pk=gil.pk).focal_agency_ids() == {agency.pk}
    membership.ended_at = worktime.now()
    membership.save()
    assert User.objects.get(pk=gil.pk).focal_agency_ids() == set()


def test_no_permission_of_django_gives_a_right(person: Make) -> None:
    admin = person("admin@example.org")
    RoleGrant.objects.create(user=admin, role="admin")
    assert not admin.has_perm("accounts.change_user")
    assert not admin.has_module_perms("accounts")
