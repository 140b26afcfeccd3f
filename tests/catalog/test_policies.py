"""Which policy holds for an offering."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from catalog import offers, policies
from catalog.models import CoreSystem, Policy, Product
from tests.cast import default_policy, small_catalog

NOON = datetime(2026, 11, 23, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    catalog = small_catalog()
    catalog.default = Policy.objects.get()
    return catalog


def test_the_narrowest_holds_and_of_its_kind_the_newest(c: SimpleNamespace) -> None:
    assert policies.in_force(c.offering, NOON) == c.default
    later = default_policy(in_force_from=NOON - 2 * SECOND)
    assert policies.in_force(c.offering, NOON) == later
    core = default_policy(core_system=c.core, in_force_from=NOON - timedelta(days=90))
    assert policies.in_force(c.offering, NOON) == core
    product = default_policy(core_system=c.core, product=c.product, in_force_from=NOON - timedelta(days=400))
    assert policies.in_force(c.offering, NOON) == product
    newest = default_policy(core_system=c.core, product=c.product, in_force_from=NOON - SECOND)
    assert policies.in_force(c.offering, NOON) == newest
    assert policies.of_portal(NOON) == later


def test_a_policy_holds_from_its_very_moment(c: SimpleNamespace) -> None:
    coming = default_policy(in_force_from=NOON)
    assert policies.in_force(c.offering, NOON - SECOND) == c.default
    assert policies.in_force(c.offering, NOON) == coming


def test_those_of_others_do_not_count(c: SimpleNamespace) -> None:
    other = CoreSystem.objects.create(slug="scdp", name="SCDP", card_name="SCDP", acronym="SCDP", description="x")
    sibling = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="x", purpose="x")
    default_policy(core_system=other, in_force_from=NOON)
    default_policy(core_system=c.core, product=sibling, in_force_from=NOON)
    assert policies.in_force(c.offering, NOON) == c.default
    assert policies.of_portal(NOON) == c.default


def test_where_none_is_in_force_that_is_an_error(c: SimpleNamespace) -> None:
    before = c.default.in_force_from - SECOND
    with pytest.raises(Policy.DoesNotExist):
        policies.in_force(c.offering, before)
    assert policies.of_portal(before) is None


def test_it_costs_one_query(c: SimpleNamespace, django_assert_num_queries: Any) -> None:
    offering = offers.offering_at("pen", "executivo-federal", "sei", "reportar-erro")
    with django_assert_num_queries(1):
        policies.in_force(offering, NOON)
