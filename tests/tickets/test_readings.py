"""Who read a ticket is kept once for each person and hour."""

from datetime import timedelta
from types import SimpleNamespace

import time_machine

import worktime
from tests.cast import MONDAY, opened
from tickets.models import TicketReading
from tickets.readings import note_reading


def test_a_reading_is_kept_once_an_hour_for_each_person(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY + timedelta(minutes=5), tick=False):
        ticket = opened(c)
        note_reading(ticket, c.bia)
        with worktime.shifted(timedelta(minutes=54)):
            note_reading(ticket, c.bia)
        note_reading(ticket, c.lia)
        with worktime.shifted(timedelta(minutes=55)):
            note_reading(ticket, c.bia)
    kept = TicketReading.objects.order_by("pk").values_list("user__name", "hour")
    assert list(kept) == [("Bia", MONDAY), ("Lia", MONDAY), ("Bia", MONDAY + timedelta(hours=1))]
