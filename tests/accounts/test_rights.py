"""DESIGN §8, where it does not hang on one ticket."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser

import worktime
from accounts import rights
from accounts.models import Agency, Membership, RoleGrant, User
from catalog.models import CoreSystem

Make = Callable[..., User]
EVERYBODY = ("requester", "focal_point", "analyst", "lead", "manager", "curator", "dpo", "ombudsman", "admin")


@pytest.mark.parametrize("role", EVERYBODY)
def test_only_administrators_edit_accounts(with_role: Callable[[str], User], role: str) -> None:
    assert rights.edits_accounts(with_role(role)) == (role == "admin")


@pytest.mark.parametrize("role", EVERYBODY)
def test_curators_and_administrators_edit_the_catalog(
    with_role: Callable[[str], User], catalog: SimpleNamespace, role: str
) -> None:
    assert rights.edits_catalog(with_role(role), catalog.core.pk) == (role in {"curator", "admin"})


def test_a_curator_keeps_to_his_core_systems(with_role: Callable[[str], User], catalog: SimpleNamespace) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="x")
    curator = with_role("curator")
    assert not rights.edits_catalog(curator, other.pk)
    assert rights.core_systems(curator, "curator") == {catalog.core.pk}
    assert rights.core_systems(with_role("admin"), "curator", "admin") is None
    assert rights.edits_catalog(User.objects.get(email="admin@example.org"), other.pk)


def test_a_manager_of_a_body_is_no_manager_of_a_core_system(person: Make, agency: Agency) -> None:
    duda = person("duda@example.org")
    RoleGrant.objects.create(user=duda, role="manager", agency=agency)
    assert rights.core_systems(duda, "manager") == set()


def test_nobody_signed_in_holds_nothing(catalog: SimpleNamespace) -> None:
    nobody = AnonymousUser()
    assert not rights.holds(nobody, *RoleGrant.Role.values)
    assert not rights.edits_catalog(nobody, catalog.core.pk)
    assert not rights.led_agencies(nobody).exists()
    assert not rights.kept_memberships(nobody).exists()


def test_a_focal_point_keeps_the_others_of_his_own_body(person: Make, agency: Agency, other_agency: Agency) -> None:
    gil, ana, eva = (person(f"{name}@example.org") for name in ("gil", "ana", "eva"))
    Membership.objects.create(user=gil, agency=agency, role="ponto-focal", confirmed_at=worktime.now())
    kept = Membership.objects.create(user=ana, agency=agency)
    Membership.objects.create(user=eva, agency=agency, started_at=worktime.now(), ended_at=worktime.now())
    Membership.objects.create(user=eva, agency=other_agency)
    assert list(rights.kept_memberships(gil)) == [kept]
    assert not rights.kept_memberships(ana).exists()
