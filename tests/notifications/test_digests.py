"""One mail a person and working day, of what waited for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notifications import delivery, digests, preferences
from notifications.kinds import Group, How
from notifications.models import Notice
from notifications.preferences import DIGEST
from tests.cast import MONDAY
from tests.notifications.conftest import Enqueue

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(ana: User, optional: Group, enqueue: Enqueue) -> list[Notice]:
    """Two notices of Ana's that wait for the digest."""
    preferences.choose(ana.pk, {optional.slug: How.DIGEST})
    with time_machine.travel(MONDAY - timedelta(hours=1), tick=False):
        made = [enqueue(ana, 10000001), enqueue(ana, 10000002)]
        delivery.deliver_due()
    return made


def test_one_mail_tells_of_all(ana: User, waiting: list[Notice], mailoutbox: list[object]) -> None:
    with time_machine.travel(MONDAY, tick=False):
        assert digests.compose(MONDAY) == 1
        assert digests.compose(MONDAY) == 0
        delivery.deliver_due()
        delivery.deliver_due()
    (mail,) = mailoutbox
    assert mail.subject == "Resumo do dia: 2 novidades no Portal de Serviços"  # type: ignore[attr-defined]
    assert mail.to == ["ana@example.org"]  # type: ignore[attr-defined]
    for text in (mail.body, mail.alternatives[0][0]):  # type: ignore[attr-defined]
        for notice in waiting:
            assert notice.title in text
            assert f"/avisos/{notice.pk}/" in text
        assert "23/11/2026, 9h" in text
    assert "/avisos/sair/" in mail.extra_headers["List-Unsubscribe"]  # type: ignore[attr-defined]
    digest = Notice.objects.get(kind=DIGEST)
    assert set(Notice.objects.filter(digest=digest, state="digested")) == set(waiting)
    assert digest.read_at is not None


def test_nothing_is_sent_where_nothing_waits(ana: User, optional: Group, enqueue: Enqueue) -> None:
    enqueue(ana)
    assert digests.compose(MONDAY) == 0
    assert not Notice.objects.filter(kind=DIGEST).exists()


def test_what_comes_later_waits_for_the_next_day(ana: User, waiting: list[Notice], enqueue: Enqueue) -> None:
    digests.compose(MONDAY)
    late = enqueue(ana, 10000003)
    delivery.deliver_due()
    assert digests.compose(MONDAY + timedelta(hours=5)) == 0
    late.refresh_from_db()
    assert (late.state, late.digest) == ("to_digest", None)
    assert digests.compose(MONDAY + timedelta(days=1)) == 1
    late.refresh_from_db()
    assert late.state == "digested"
    assert Notice.objects.filter(digest=late.digest).count() == 1


def test_the_day_is_that_of_brasilia(ana: User, waiting: list[Notice], enqueue: Enqueue) -> None:
    digests.compose(MONDAY.replace(hour=11))
    enqueue(ana, 10000003)
    delivery.deliver_due()
    assert digests.compose((MONDAY + timedelta(days=1)).replace(hour=2)) == 0  # 23h of Monday


def test_everybody_gets_his_own(ana: User, eva: User, optional: Group, waiting: list[Notice], enqueue: Enqueue) -> None:
    preferences.choose(eva.pk, {optional.slug: How.DIGEST})
    hers = enqueue(eva, 10000009)
    delivery.deliver_due()
    assert digests.compose(MONDAY) == 2
    hers.refresh_from_db()
    assert [n.pk for n in Notice.objects.filter(digest=hers.digest)] == [hers.pk]


def test_a_long_digest_says_how_many_more(
    ana: User, waiting: list[Notice], mailoutbox: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digests, "MOST", 1)
    digests.compose(MONDAY)
    delivery.deliver_due()
    assert "E mais 1." in mailoutbox[0].body  # type: ignore[attr-defined]


def test_people_who_had_theirs_cost_nothing(
    ana: User, waiting: list[Notice], enqueue: Enqueue, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    digests.compose(MONDAY)
    enqueue(ana, 10000003)
    delivery.deliver_due()
    with django_assert_num_queries(3):  # whether news wait, for whom something waits, who had his
        digests.compose(MONDAY)


@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_send_one(ana: User, waiting: list[Notice]) -> None:
    def compose() -> int:
        try:
            return digests.compose(MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        made = [future.result() for future in [workers.submit(compose) for _ in range(4)]]
    assert sum(made) == 1
    assert Notice.objects.filter(kind=DIGEST).count() == 1
    assert Notice.objects.filter(state="digested").count() == 2
