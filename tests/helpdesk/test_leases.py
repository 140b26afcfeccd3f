"""A lease has one holder, also when several ask in the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from helpdesk import leases
from helpdesk.models import Lease

TERM = timedelta(seconds=30)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("expired", [False, True])
def test_of_eight_at_once_one_wins(expired: bool) -> None:
    if expired:
        leases.take("duty", "gone", timedelta(seconds=-1))

    def ask(number: int) -> bool:
        try:
            return leases.take("duty", f"holder {number}", TERM)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert answers.count(True) == 1
    assert Lease.objects.get().holder == f"holder {answers.index(True)}"


@pytest.mark.django_db
def test_a_refusal_changes_nothing() -> None:
    leases.take("duty", "first", TERM)
    before = Lease.objects.values().get()
    assert not leases.take("duty", "second", TERM)
    assert Lease.objects.values().get() == before


@pytest.mark.django_db
def test_the_holder_renews() -> None:
    leases.take("duty", "first", TERM)
    assert leases.take("duty", "first", 2 * TERM)
    lease = Lease.objects.get()
    assert lease.expires_at - lease.renewed_at == 2 * TERM


@pytest.mark.django_db
def test_age_is_that_of_the_last_sign() -> None:
    assert leases.age("duty") is None
    leases.show("duty", "first", TERM)
    leases.show("duty", "second", TERM)
    age = leases.age("duty")
    assert age is not None
    assert timedelta(0) <= age < timedelta(seconds=30)
    assert Lease.objects.get().holder == "second"
