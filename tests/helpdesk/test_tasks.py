"""When the mail of a day is put together."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
import time_machine

from catalog.models import Holiday
from helpdesk import tasks
from notifications import digests
from tests.cast import office_hours
from worktime import BRASILIA

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("at", "composed"),
    [
        (datetime(2026, 11, 23, 7, 59, 59, tzinfo=BRASILIA), False),
        (datetime(2026, 11, 23, 8, 0, tzinfo=BRASILIA), True),
        (datetime(2026, 11, 23, 23, 0, tzinfo=BRASILIA), True),  # nothing ran before
        (datetime(2026, 11, 21, 9, 0, tzinfo=BRASILIA), False),  # a Saturday
        (datetime(2026, 12, 25, 9, 0, tzinfo=BRASILIA), False),
        (datetime(2026, 12, 24, 9, 0, tzinfo=BRASILIA), True),  # half a day
    ],
)
def test_from_8h_on_of_working_days(at: datetime, composed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    office_hours()
    Holiday.objects.create(date=date(2026, 12, 24), name="Véspera", works_until=time(13))
    asked: list[datetime] = []
    monkeypatch.setattr(digests, "compose", asked.append)
    with time_machine.travel(at, tick=False):
        tasks.compose_digests()
    assert asked == ([at] if composed else [])
