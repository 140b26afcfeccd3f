"""Delivery through a real mail server: at least once, in order, and nobody waits for another's fault."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

import worktime
from accounts.models import User
from notifications import batches, delivery, outbox
from notifications.delivery import LEASE, deliver_due
from notifications.models import Notice
from notifications.sending import Failure, Fault
from notifications.tasks import deliver
from tests.notifications.conftest import Enqueue
from tests.notifications.smtp_sink import Sink, listening

pytestmark = pytest.mark.django_db


def test_what_is_due_is_sent_once_in_the_order_it_came(ana: User, eva: User, enqueue: Enqueue, sink: Sink) -> None:
    notices = [enqueue(ana, 10000001), enqueue(eva, 10000001), enqueue(ana, 10000002)]
    assert deliver_due() == 3
    assert sink.recipients == ["ana@example.org", "eva@example.org", "ana@example.org"]
    assert "10000002" in sink.letters[2].get_body(("plain",)).get_content()
    for notice in notices:
        notice.refresh_from_db()
        assert (notice.state, notice.attempts, notice.leased_until, notice.last_error) == ("sent", 1, None, "")
        assert notice.sent_at is not None
    assert deliver_due() == 0
    assert len(sink.letters) == 3


def test_news_wait_for_what_concerns_somebody(ana: User, eva: User, enqueue: Enqueue, sink: Sink) -> None:
    enqueue(ana, 1, line=Notice.Line.NEWS)
    enqueue(eva, 2, line=Notice.Line.NEWS)
    enqueue(ana, 3)
    assert deliver_due() == 3
    assert sink.recipients == ["ana@example.org", "eva@example.org", "ana@example.org"]
    assert "chamado 3" in sink.letters[0].get_body(("plain",)).get_content()


def test_a_limit_leaves_the_rest_to_the_next_time(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    for number in range(3):
        enqueue(ana, number)
    assert deliver_due(limit=2) == 2
    deliver()
    assert len(sink.letters) == 3


def test_a_server_that_is_down_costs_no_try_and_the_line_waits(ana: User, enqueue: Enqueue, port: int) -> None:
    first, second = enqueue(ana, 1), enqueue(ana, 2)
    for _ in range(20):
        assert deliver_due() == 0
    first.refresh_from_db()
    assert (first.state, first.attempts, first.leased_until) == ("pending", 0, None)
    assert first.last_error.startswith("ConnectionRefusedError")
    server = Sink()
    controller = listening(server, port)
    try:
        assert deliver_due() == 2
    finally:
        controller.stop()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.last_error) == (second.state, second.last_error) == ("sent", "")
    assert [letter["Message-ID"] for letter in server.letters] == [f"<notice-{n.pk}@127.0.0.1>" for n in (first, second)]


def test_a_poisoned_notice_stops_with_itself(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    poisoned, healthy = enqueue(ana, 1, poison=1), enqueue(ana, 2)
    assert deliver_due() == 1
    poisoned.refresh_from_db()
    healthy.refresh_from_db()
    assert (poisoned.state, poisoned.attempts, poisoned.last_error) == ("pending", 1, "Poison: no such thing")
    assert healthy.state == "sent"


def test_a_worker_killed_after_its_claim_leaves_the_notice_to_another(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    first, second = enqueue(ana, 1), enqueue(ana, 2)
    assert delivery.claim() == [first]
    assert deliver_due() == 0  # neither the claimed one nor, before it, the later one
    with worktime.shifted(LEASE + timedelta(seconds=1)):
        assert deliver_due() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts) == ("sent", 2)
    assert [letter["Message-ID"] for letter in sink.letters] == [f"<notice-{n.pk}@127.0.0.1>" for n in (first, second)]


def test_a_notice_that_kills_its_workers_dies_too(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    notice = enqueue(ana)
    for kill in range(8):
        with worktime.shifted(kill * 2 * LEASE):
            assert delivery.claim() == [notice]
    with worktime.shifted(20 * LEASE):
        assert deliver_due() == 0
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("dead", "O envio foi interrompido 8 vezes.")
    assert sink.letters == []


def test_a_late_worker_does_not_undo_what_another_did(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    enqueue(ana)
    (late,) = delivery.claim()
    with worktime.shifted(LEASE * 2):
        assert deliver_due() == 1
    batches.postpone(late, Failure(Fault.MESSAGE, "TimeoutError"))
    late.refresh_from_db()
    assert (late.state, late.last_error) == ("sent", "")


def test_an_account_that_was_closed_gets_no_mail(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    notice = enqueue(ana)
    ana.is_active = False
    ana.save()
    assert deliver_due() == 0
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("dead", "A conta do destinatário está inativa.")
    assert sink.letters == []


def test_a_kind_of_a_newer_release_waits_for_its_worker(ana: User, sink: Sink) -> None:
    with transaction.atomic():
        outbox.enqueue("of_tomorrow", to=ana, data={}, dedupe_key="a")
    assert deliver_due() == 0
    notice = Notice.objects.get()
    assert (notice.state, notice.attempts) == ("pending", 0)


def test_no_time_left_means_no_new_notice(ana: User, enqueue: Enqueue, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue(ana)
    monkeypatch.setattr(delivery, "RUN", timedelta(seconds=-1))
    assert deliver_due() == 0
    assert sink.letters == []


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_send_each_notice_once_and_in_order(
    ana: User, eva: User, bia: User, enqueue: Enqueue, sink: Sink
) -> None:
    people = [ana, eva, bia]
    for number in range(8):
        for person in people:
            enqueue(person, number)
    start = Barrier(3)

    def work(_: int) -> int:
        try:
            start.wait(5)
            return sum(deliver_due() for _ in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == 24
    assert not Notice.objects.exclude(state="sent", attempts=1).exists()
    assert len({letter["Message-ID"] for letter in sink.letters}) == len(sink.letters) == 24
    for person in people:
        mine = [letter for letter in sink.letters if letter["To"] == person.email]
        in_order = Notice.objects.filter(recipient=person).order_by("created_at")
        assert [letter["Message-ID"] for letter in mine] == [f"<notice-{notice.pk}@127.0.0.1>" for notice in in_order]


@pytest.mark.django_db(transaction=True)
def test_of_one_person_only_one_notice_is_ever_claimed(ana: User, enqueue: Enqueue) -> None:
    for number in range(20):
        enqueue(ana, number)
    start = Barrier(4)

    def work(_: int) -> int:
        try:
            claimed = 0
            for _ in range(25):
                start.wait(5)
                claimed += len(delivery.claim())
                start.wait(5)
                Notice.objects.filter(leased_until__isnull=False).update(leased_until=None, attempts=0)
                start.wait(5)
            return claimed
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 25
