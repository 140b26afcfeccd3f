"""Letting announcements out: everybody whom one concerns once, in pieces, behind what concerns tickets."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import User
from catalog.models import ElectoralPeriod
from community import notices, sending, writing
from community.models import Announcement, AnnouncementEvent
from notifications import delivery
from notifications import sending as mail
from notifications.batches import Batch
from notifications.models import Notice
from tests import cast
from tests.cast import form, opened, person
from tests.community.telling import released

State, Action = Announcement.State, AnnouncementEvent.Action
DAY = timedelta(days=1)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(sending, "PIECE", 3)
    monkeypatch.setattr(sending, "HELD_AT_ONCE", 3)
    return 3


def told(announcement: Announcement) -> list[int]:
    return list(notices.of(announcement).order_by("recipient").values_list("recipient", flat=True))


def people() -> list[int]:
    return list(User.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))


def fresh(announcement: Announcement) -> Announcement:
    return Announcement.objects.get(pk=announcement.pk)


def test_everybody_gets_one_notice_piece_by_piece(c: SimpleNamespace, small_pieces: int) -> None:
    User.objects.filter(pk=c.eva.pk).update(is_active=False)
    announcement = released(c)
    assert sending.send_due() == 4
    assert told(announcement) == people()
    done = fresh(announcement)
    assert (done.state, done.served, done.reach) == (State.SENT, 9, 9)
    assert [event.action for event in done.events.all()][2:] == [Action.BEGIN, Action.FINISH]
    assert not sending.left()
    assert sending.send_due() == 0
    assert len(told(announcement)) == 9


def test_only_whom_it_concerns_gets_one(c: SimpleNamespace, small_pieces: int) -> None:
    announcement = released(c, agencies=[c.a])
    sending.send_due()
    assert told(announcement) == [c.ana.pk, c.gil.pk]
    assert fresh(announcement).served == 2


def test_the_portal_alone_writes_no_notice(c: SimpleNamespace) -> None:
    announcement = released(c, by_mail=False)
    sending.send_due()
    assert (fresh(announcement).state, told(announcement)) == (State.SENT, [])


def test_nothing_goes_out_before_its_moment(c: SimpleNamespace) -> None:
    announcement = released(c, release_at=worktime.now() + DAY)
    assert sending.send_due() == 0
    assert (fresh(announcement).state, told(announcement)) == (State.SCHEDULED, [])
    with time_machine.travel(worktime.now() + DAY):
        sending.send_due()
        assert fresh(announcement).state == State.SENT


def test_nothing_due_costs_one_query(c: SimpleNamespace, django_assert_num_queries: Any) -> None:
    released(c, release_at=worktime.now() + DAY)
    with django_assert_num_queries(1):
        assert sending.send_due() == 0


def test_in_an_electoral_period_it_waits(c: SimpleNamespace) -> None:
    announcement = released(c)
    period = ElectoralPeriod.objects.create(starts=worktime.now() - DAY, ends=worktime.now() + DAY)
    assert (sending.send_due(), told(announcement)) == (0, [])
    period.delete()
    assert sending.send_due() == 1


def test_what_a_worker_left_another_goes_on_with(
    c: SimpleNamespace, small_pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed within a piece, its transaction leaves nothing of it; the time of a run may end behind any piece."""
    announcement = released(c)
    monkeypatch.setattr(sending, "RUN", timedelta(0))
    for _ in range(3):
        assert sending.send_due() == 0
    clock = iter(range(100))
    monkeypatch.setattr(sending.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sending, "RUN", timedelta(seconds=1.5))
    for done in (1, 2, 3):
        assert sending.send_due() == 1
        assert fresh(announcement).last_served == people()[3 * done - 1]
        assert told(announcement) == people()[: 3 * done]
        assert sending.left()
    sending.send_due()
    assert (told(announcement), fresh(announcement).state) == (people(), State.SENT)


def test_one_that_cannot_be_sent_holds_up_no_other(c: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    bad = released(c)
    with connection.cursor() as cursor:  # as full as a column gets
        cursor.execute("UPDATE community_announcement SET served = 2147483647 WHERE id = %s", [bad.pk])
    good = released(c)
    sending.send_due()
    assert (told(bad), len(told(good))) == ([], 10)
    assert f"announcement pk={bad.pk} failed" in caplog.text


def test_a_piece_costs_the_same_whoever_it_concerns(c: SimpleNamespace) -> None:
    counts = []
    for fields in ({}, {"agencies": [c.a]}, {"products": [c.product], "spheres": [c.sphere]}):
        released(c, **fields)
        with CaptureQueriesContext(
            connection,
        ) as context:
            sending.send_due()
        counts.append(len(context))
    assert counts == [counts[0]] * 3


def test_a_tickets_notice_leaves_before_the_rest_of_an_announcement(c: SimpleNamespace, mailoutbox: list[EmailMessage]) -> None:
    announcement = released(c)
    sending.send_due()
    delivery.deliver_due(limit=3)
    opened(c, by=c.eva)
    delivery.deliver_due(limit=1)
    assert [mail.subject.split(" ")[0] for mail in mailoutbox] == ["Comunicado:"] * 3 + ["[Chamado"]
    delivery.deliver_due()
    assert notices.of(announcement).filter(state=Notice.State.SENT).count() == 10


def test_what_was_stopped_goes_no_further_and_its_waiting_mail_is_held_back(
    c: SimpleNamespace, small_pieces: int, mailoutbox: list[EmailMessage]
) -> None:
    announcement, other = released(c), released(c)
    sending.send_due()
    delivery.deliver_due(limit=2)
    (in_flight,) = delivery.claim(1)
    writing.stop(announcement.pk, by=c.duda, request_id=form())
    assert sending.left()
    assert sending.hold_back() == 7
    assert fresh(announcement).stopping, "one is being sent at this moment"
    assert Batch([in_flight], mail.line()).deliver() == 0
    assert sending.hold_back() == 0
    assert not fresh(announcement).stopping
    delivery.deliver_due()
    counted = notices.of(announcement).values_list("state").annotate(Count("pk")).order_by("state")
    assert list(counted) == [("sent", 2), ("stopped", 8)]
    assert notices.of(other).filter(state="sent").count() == 10


def test_what_was_stopped_in_the_middle_gets_no_more_notices(c: SimpleNamespace) -> None:
    announcement = released(c)
    writing.stop(announcement.pk, by=c.duda, request_id=form())
    assert (sending.send_due(), sending.hold_back(), told(announcement)) == (0, 0, [])
    assert not fresh(announcement).stopping


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_tell_everybody_once(small_pieces: int) -> None:
    c = cast.full_cast()
    for number in range(20):
        person(f"P{number}")
    announcements = [released(c) for _ in range(2)]
    start = Barrier(3)

    def work() -> int:
        try:
            start.wait(timeout=10)
            return sending.send_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        for turn in [pool.submit(work) for _ in range(3)]:
            turn.result()
    sending.send_due()
    for announcement in announcements:
        assert told(announcement) == people()
        assert (fresh(announcement).state, fresh(announcement).served) == (State.SENT, 30)
        assert [event.action for event in announcement.events.all()].count(Action.FINISH) == 1
