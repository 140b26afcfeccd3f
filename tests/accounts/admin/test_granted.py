"""The base of every admin keeps people within the core systems of their grants and deletes nothing."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.admin import AdminSite
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import modelform_factory
from django.http import HttpRequest
from django.test import RequestFactory

from accounts import rights
from accounts.admin import GrantedAdmin
from accounts.models import RoleGrant, User
from catalog.models import CoreSystem, Product


class ProductDesk(GrantedAdmin[Product]):
    view_roles = rights.READ_CATALOG
    edit_roles = rights.EDIT_CATALOG
    core_system_path = "core_system"
    list_filter = ("active",)


@pytest.fixture
def desk() -> ProductDesk:
    return ProductDesk(Product, AdminSite())


@pytest.fixture
def foreign(catalog: SimpleNamespace) -> Product:
    core = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="x")
    return Product.objects.create(core_system=core, slug="p", name="P", description="x", purpose="x")


def request_of(user: User | AnonymousUser) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


ROLES = {
    # role: (sees own, edits own, sees foreign, edits foreign)
    "requester": (False, False, False, False),
    "analyst": (False, False, False, False),
    "lead": (False, False, False, False),
    "manager": (True, False, False, False),
    "curator": (True, True, False, False),
    "dpo": (False, False, False, False),
    "ombudsman": (False, False, False, False),
    "admin": (True, True, True, True),
}


@pytest.mark.parametrize("role", ROLES)
def test_rows_within_and_outside_of_the_grant(
    desk: ProductDesk, foreign: Product, catalog: SimpleNamespace, with_role: Callable[[str], User], role: str
) -> None:
    request = request_of(with_role(role))
    rows = (catalog.product, foreign)
    answers = tuple(may(request, row) for row in rows for may in (desk.has_view_permission, desk.has_change_permission))
    assert answers == ROLES[role]
    sees_own, edits_own, sees_foreign, _ = ROLES[role]
    assert set(desk.get_queryset(request)) == {row for row, seen in zip(rows, (sees_own, sees_foreign), strict=True) if seen}
    assert desk.has_add_permission(request) == edits_own
    assert desk.has_module_permission(request) == sees_own
    assert not any(desk.has_delete_permission(request, row) for row in (*rows, None))


def test_a_visitor_sees_nothing(desk: ProductDesk, catalog: SimpleNamespace) -> None:
    request = request_of(AnonymousUser())
    assert not desk.has_view_permission(request)
    assert not desk.has_module_permission(request)
    assert not desk.get_queryset(request).exists()


def test_who_reads_here_and_edits_there_edits_only_there(
    desk: ProductDesk, foreign: Product, catalog: SimpleNamespace, person: Callable[..., User]
) -> None:
    both = person("duda@example.org")
    RoleGrant.objects.create(user=both, role="manager", core_system=catalog.core)
    RoleGrant.objects.create(user=both, role="curator", core_system=foreign.core_system)
    request = request_of(both)
    assert set(desk.get_queryset(request)) == {catalog.product, foreign}
    assert not desk.has_change_permission(request, catalog.product)
    assert desk.has_change_permission(request, foreign)


@pytest.mark.parametrize("change", [True, False])
def test_no_row_is_moved_or_added_out_of_the_grant(
    desk: ProductDesk, foreign: Product, catalog: SimpleNamespace, with_role: Callable[[str], User], change: bool
) -> None:
    request = request_of(with_role("curator"))
    row = catalog.product if change else Product(slug="n", name="N", description="x", purpose="x")
    row.core_system = foreign.core_system
    form = modelform_factory(Product, fields=["name"])()
    with pytest.raises(PermissionDenied), transaction.atomic():
        desk.save_model(request, row, form, change)
    assert list(Product.objects.filter(core_system=foreign.core_system)) == [foreign]
    assert Product.objects.count() == 2


@pytest.mark.parametrize(
    ("lookup", "allowed"),
    [
        ("active", True),
        ("active__exact", True),
        ("active__in", True),
        ("active__regex", False),
        ("activex", False),
        ("name", False),
        ("slug__startswith", False),
        ("core_system__grants__user__password__startswith", False),
        ("exact", False),
    ],
)
def test_the_address_filters_only_by_what_the_page_offers(
    desk: ProductDesk, with_role: Callable[[str], User], lookup: str, allowed: bool
) -> None:
    assert desk.lookup_allowed(lookup, "1", request_of(with_role("admin"))) == allowed
