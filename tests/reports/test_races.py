"""Several workers at once, on real PostgreSQL: a month is frozen and told once, corrected once, and each report leaves once.

And nothing is packed into columns that somebody is about to write otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection, transaction

from notifications import preferences
from notifications.kinds import How
from notifications.models import Notice
from reports import months, packing, publishing, schedules
from reports.models import ClosedFigures, ClosedMonth, CycleFact, FactColumn, Gathered, Publication
from reports.periods import month
from tests import cast
from tests.cast import MONDAY
from tests.reports.freezing import gathered
from tickets import lifecycle
from tickets.states import Status

IN_DECEMBER = MONDAY + timedelta(days=14)


@pytest.fixture
def c(transactional_db: None) -> SimpleNamespace:
    """A ticket of November that is final, and gathered."""
    c = cast.full_cast()
    with time_machine.travel(MONDAY, tick=False):
        c.solved = cast.at_status(c, Status.CLOSED)
    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        lifecycle.finalize(c.solved.pk, request_id=cast.form())
    preferences.choose(c.duda.pk, {schedules.WEEKLY.group.slug: How.MAIL})
    with time_machine.travel(IN_DECEMBER, tick=False):
        gathered()
    return c


def at_once(call: Callable[[], object], times: int = 3) -> list[object]:
    """The call in so many threads and connections, released together; results, or what kept it from anything."""
    start = Barrier(times)

    def run(_: int) -> object:
        try:
            start.wait(timeout=10)
            return call()
        except months.NothingToCorrect as refusal:
            return refusal
        finally:
            connection.close()

    with time_machine.travel(IN_DECEMBER, tick=False), ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_everything_happens_once(c: SimpleNamespace) -> None:
    assert Counter(at_once(months.freeze_due))[1] == 1
    assert ClosedMonth.objects.count() == 1
    assert ClosedFigures.objects.count() == 4
    assert Counter(at_once(publishing.publish_due))[1] == 1
    assert Publication.objects.count() == 1

    CycleFact.objects.update(resolution_breached=True, all_in_time=False)
    made = at_once(partial(months.correct, c.core, month(2026, 11), by=c.duda, reason="Feriado."))
    assert sum(isinstance(one, ClosedMonth) for one in made) == 1
    assert list(ClosedMonth.objects.order_by("pk").values_list("version", flat=True)) == [1, 2]

    at_once(partial(schedules.compose, IN_DECEMBER))
    assert Notice.objects.filter(kind=schedules.WEEKLY.kind).count() == 1


def test_facts_that_are_being_written_are_not_packed(c: SimpleNamespace) -> None:
    def facts() -> list[int]:
        (columns,) = packing.pieces({"priority"})
        return [int(value) for value in columns["priority"]]

    assert packing.pack() == 1
    before = facts()
    with transaction.atomic():
        Gathered.objects.select_for_update().get()
        fact = CycleFact.objects.get()
        packing.unpack([fact.ticket_id])
        CycleFact.objects.update(priority=fact.priority + 1)
        # Beside it another worker packs nothing, and who reads meanwhile reads what stood there.
        assert at_once(packing.pack) == [0, 0, 0]
        assert at_once(facts) == [before, before, before]
    assert not FactColumn.objects.exists()
    assert sorted(at_once(packing.pack))[-1] == 1
    assert facts() == [before[0] + 1]
