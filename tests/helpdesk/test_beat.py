"""Two beats at once: one leads, the other takes over, the calls are sent once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import Celery
from django.db.models.functions import Now

from helpdesk import beat, celery, leases
from helpdesk.models import Lease
from helpdesk.schedule import SCHEDULE


class Recorder(beat.LeaderScheduler):
    """Keeps what it would send, so that the test needs no broker."""

    def __init__(self, app: Celery) -> None:
        super().__init__(app=app)
        self.sent: list[str] = []

    def apply_entry(self, entry: object, producer: object = None) -> None:
        self.sent.append(entry.name)

    @property
    def producer(self) -> None:
        return None


@pytest.fixture
def app() -> Iterator[Celery]:
    app = Celery("test-beat", set_as_current=False)
    app.conf.beat_schedule = {"job": {"task": "job", "schedule": 0.0}}
    app.conf.result_expires = None
    yield app
    app.close()


@pytest.mark.django_db
def test_of_two_beats_one_sends(app: Celery) -> None:
    first, second = Recorder(app), Recorder(app)
    for _ in range(3):
        first.tick()
        assert second.tick() == beat.WAIT_SECONDS
    assert first.sent == ["job"] * 3
    assert second.sent == []


@pytest.mark.django_db
def test_the_other_one_leads_once_the_lease_ran_out(app: Celery) -> None:
    first, second = Recorder(app), Recorder(app)
    first.tick()
    Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
    second.tick()
    assert second.sent == ["job"]
    first._renew_at = 0.0  # its ten seconds are over
    first.tick()
    assert first.sent == ["job"]


@pytest.mark.django_db
def test_a_fresh_leader_asks_for_every_row_at_once() -> None:
    leader = Recorder(celery.app)
    for _ in SCHEDULE:
        leader.tick()
    assert sorted(leader.sent) == sorted(row.task for row in SCHEDULE)


@pytest.mark.django_db
def test_a_beat_that_stops_is_succeeded_at_once(app: Celery) -> None:
    first, second = Recorder(app), Recorder(app)
    first.tick()
    first.close()
    second.tick()
    assert second.sent == ["job"]


@pytest.mark.django_db
def test_a_late_stop_takes_nothing_from_the_successor(app: Celery) -> None:
    first, second = Recorder(app), Recorder(app)
    first.tick()
    Lease.objects.update(expires_at=Now() - timedelta(seconds=1))
    second.tick()
    first.close()
    assert leases.take(beat.LEASE, second.holder, beat.TERM)
    assert not leases.take(beat.LEASE, first.holder, beat.TERM)
