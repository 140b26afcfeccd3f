"""Panels that are kept ready: the same as reckoned now, for the same reader, and never older than the facts."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import worktime
from reports import figures, gathering, keeping, overview
from reports.access import scope_of
from reports.keeping import Question, Told
from reports.models import CycleFact, KeptPanel
from reports.periods import month
from tests import cast
from tests.cast import form, fresh, opened
from tickets import lifecycle
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
SPANS = (month(2026, 11), month(2026, 10))


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for status in (Status.QUEUED, Status.CLOSED):
            c.ticket = cast.at_status(c, status)
        gathering.gather()
    return c


def question(c: SimpleNamespace, name: str = "duda", **asked: str) -> Question:
    return Question(scope_of(fresh(getattr(c, name))), asked, SPANS)


def now(asked: Question) -> Told:
    """Reckoned from the facts, whatever is kept."""
    facts = CycleFact.objects.filter(asked.holds())
    return Told({span: overview.reckoned(facts, span, TODAY) for span in SPANS}, figures.openings(facts, SPANS[0]))


def test_what_is_kept_is_what_is_reckoned(c: SimpleNamespace) -> None:
    asked = question(c, nivel="N2")
    first = keeping.told(asked, TODAY)
    with CaptureQueriesContext(connection) as queries:
        again = keeping.told(asked, TODAY)
    assert first == again == now(asked)
    assert len(queries) == 2


def test_a_change_of_the_facts_is_seen_at_once(c: SimpleNamespace) -> None:
    before = keeping.told(question(c), TODAY)
    with worktime.shifted(cast.MONDAY - worktime.now()):
        opened(c)
        gathering.gather()
    told = keeping.told(question(c), TODAY)
    assert told == now(question(c)) != before
    assert KeptPanel.objects.count() == 1


def test_another_day_is_reckoned_anew(c: SimpleNamespace) -> None:
    keeping.told(question(c), TODAY)
    later = TODAY + timedelta(days=100)
    assert not keeping.told(question(c), later).overviews[SPANS[0]].cohorts[3].provisional


def test_each_reader_and_filter_has_its_own(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        opened(c, by=c.eva)
        gathering.gather()
    asked = [question(c), question(c, "gil"), question(c, nivel="N3")]
    told = [keeping.told(one, TODAY).overviews[SPANS[0]].counts["abertos"] for one in (*asked, *asked)]
    assert told == [3, 2, 0] * 2


def test_the_job_reckons_what_was_looked_at_lately(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY + timedelta(hours=1) - worktime.now()):
        keeping.told(question(c), TODAY)
        keeping.told(question(c, "gil"), TODAY)
        long_ago = worktime.now() - keeping.READY - timedelta(hours=1)
        KeptPanel.objects.filter(question__scope__systems=[]).update(asked_at=long_ago)
        lifecycle.reopen(c.ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
        gathering.gather()
        assert keeping.refresh() == 1
        assert keeping.refresh() == 0
    assert KeptPanel.objects.count() == 1
    asked = question(c)
    with CaptureQueriesContext(connection) as queries:
        told = keeping.told(asked, TODAY)
    assert len(queries) == 2
    assert told == now(asked)


def test_facts_written_anew_leave_nothing_kept(c: SimpleNamespace) -> None:
    keeping.told(question(c), TODAY)
    gathering.anew()
    assert not KeptPanel.objects.exists()
