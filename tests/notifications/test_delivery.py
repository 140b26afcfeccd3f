"""Delivery through a real mail server: at least once, in order, and nobody waits for another's fault."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from threading import Barrier

import pytest
from django.db import connection, transaction

import worktime
from accounts.models import User
from notifications import delivery, outbox
from notifications.delivery import BACK_OFF, LEASE, deliver_due
from notifications.models import Notice
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
    assert sink.recipients == ["ana@example.org", "ana@example.org", "eva@example.org"]
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


def test_a_refused_address_is_tried_ever_more_rarely_and_then_given_up(
    ana: User, eva: User, enqueue: Enqueue, sink: Sink
) -> None:
    sink.refused = {"ana@example.org"}
    notice = enqueue(ana)
    waited = timedelta()
    for number, pause in enumerate(BACK_OFF, start=1):
        with worktime.shifted(waited):
            assert deliver_due() == 0
            notice.refresh_from_db()
            assert (notice.state, notice.attempts, notice.leased_until) == ("pending", number, None)
            assert "no such mailbox" in notice.last_error
        almost, waited = waited + pause - timedelta(seconds=10), waited + pause + timedelta(seconds=1)
        with worktime.shifted(almost):
            deliver_due()
            notice.refresh_from_db()
            assert notice.attempts == number
    with worktime.shifted(waited):
        deliver_due()
        notice.refresh_from_db()
        assert (notice.state, notice.attempts) == ("dead", 8)
        assert "no such mailbox" in notice.last_error
    with worktime.shifted(waited + timedelta(days=30)):
        assert deliver_due() == 0
        sink.refused = set()
        outbox.retry(Notice.objects.all())
        assert deliver_due() == 1
    assert sink.recipients == ["ana@example.org"]


def test_one_refused_address_holds_up_nobody(ana: User, eva: User, enqueue: Enqueue, sink: Sink) -> None:
    sink.refused = {"ana@example.org"}
    enqueue(ana)
    enqueue(eva)
    assert deliver_due() == 1
    assert sink.recipients == ["eva@example.org"]


def test_a_poisoned_notice_stops_with_itself(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    poisoned, healthy = enqueue(ana, 1, poison=1), enqueue(ana, 2)
    assert deliver_due() == 1
    poisoned.refresh_from_db()
    healthy.refresh_from_db()
    assert (poisoned.state, poisoned.attempts, poisoned.last_error) == ("pending", 1, "Poison: no such thing")
    assert healthy.state == "sent"


def test_a_server_that_hangs_up_after_the_message_gets_the_same_message_again(
    ana: User, eva: User, enqueue: Enqueue, sink: Sink
) -> None:
    sink.drops = 1
    notice = enqueue(ana)
    enqueue(eva)
    assert deliver_due() == 1
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == ("pending", 1)
    assert notice.last_error.startswith(SMTPServerDisconnected.__name__)
    with worktime.shifted(BACK_OFF[0] + timedelta(seconds=1)):
        assert deliver_due() == 1
    assert sink.recipients == ["ana@example.org", "eva@example.org", "ana@example.org"]
    assert sink.letters[0]["Message-ID"] == sink.letters[2]["Message-ID"] != sink.letters[1]["Message-ID"]


def test_a_worker_killed_after_its_claim_leaves_the_notice_to_another(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    first, second = enqueue(ana, 1), enqueue(ana, 2)
    assert delivery.claim() == first
    assert deliver_due() == 0  # neither the claimed one nor, before it, the later one
    with worktime.shifted(LEASE + timedelta(seconds=1)):
        assert deliver_due() == 2
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts) == ("sent", 2)
    assert [letter["Message-ID"] for letter in sink.letters] == [f"<notice-{n.pk}@127.0.0.1>" for n in (first, second)]


WORKER = """
import django
django.setup()
from django.conf import settings
from notifications import delivery, kinds
from tests.notifications import conftest
kinds.register("test_greeting", context=conftest.context, label="Novidade")
settings.TEMPLATES[0]["DIRS"].append(conftest.TEMPLATES)
settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = "django.core.mail.backends.smtp.EmailBackend", False
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
settings.DATABASES["default"]["NAME"] = {database!r}
delivery.deliver_due()
"""


@pytest.mark.django_db(transaction=True)
def test_a_process_killed_while_it_sends_loses_nothing(ana: User, enqueue: Enqueue, sink: Sink, port: int) -> None:
    notice = enqueue(ana)
    sink.stalled = True
    script = WORKER.format(port=port, database=connection.settings_dict["NAME"])
    worker = subprocess.Popen([sys.executable, "-c", script], env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"})
    try:
        for _ in range(600):
            if sink.reached:
                break
            time.sleep(0.05)
    finally:
        worker.kill()
        worker.wait()
    assert sink.reached
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.leased_until is None) == ("pending", 1, False)
    sink.stalled = False
    assert deliver_due() == 0
    with worktime.shifted(LEASE + timedelta(seconds=1)):
        assert deliver_due() == 1
    assert {letter["Message-ID"] for letter in sink.letters} == {f"<notice-{notice.pk}@127.0.0.1>"}


def test_a_notice_that_kills_its_workers_dies_too(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    notice = enqueue(ana)
    for kill in range(8):
        with worktime.shifted(kill * 2 * LEASE):
            assert delivery.claim() == notice
    with worktime.shifted(20 * LEASE):
        assert deliver_due() == 0
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == ("dead", "O envio foi interrompido 8 vezes.")
    assert sink.letters == []


def test_a_late_worker_does_not_undo_what_another_did(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    enqueue(ana)
    late = delivery.claim()
    assert late is not None
    with worktime.shifted(LEASE * 2):
        assert deliver_due() == 1
    delivery.postpone(late, "TimeoutError")
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
                claimed += delivery.claim() is not None
                start.wait(5)
                Notice.objects.filter(leased_until__isnull=False).update(leased_until=None, attempts=0)
                start.wait(5)
            return claimed
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 25
