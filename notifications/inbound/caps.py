"""How much we answer by machine: a few mails an address and day, and not many a day to all strangers together.

Counted in a table, so that all servers count alike. Two machines that take each other for people stop here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import F

import worktime
from notifications.models import AnsweredByMachine

A_DAY: Final = 3
KEPT: Final = timedelta(days=7)
"""The address of somebody who may have no account is kept no longer."""

STRANGERS: Final = "*"
"""Counts them all, where an address stands; it is none."""
TO_STRANGERS: Final = 200
"""Letters a day. More senders than that are a machine's, and the addresses forged: our answers would be its spam."""


def may_answer(address: str) -> bool:
    """Whether this address may be sent one more automatic mail today (day of Brasília); counts it if so."""
    return bool(address) and _one_more(address.lower()[:320], A_DAY)


def may_answer_stranger(address: str) -> bool:
    """The same for who is nobody's account that we know of: not more than ``TO_STRANGERS`` of them all a day."""
    return may_answer(address) and _one_more(STRANGERS, TO_STRANGERS)


def _one_more(address: str, most: int) -> bool:
    day = worktime.now().astimezone(worktime.BRASILIA).date()
    row = {"address": address, "day": day}
    AnsweredByMachine.objects.bulk_create([AnsweredByMachine(**row)], ignore_conflicts=True)
    return bool(AnsweredByMachine.objects.filter(**row, count__lt=most).update(count=F("count") + 1))


def forget() -> int:
    """The counts of past days go; how many."""
    before = worktime.now().astimezone(worktime.BRASILIA).date() - KEPT
    return AnsweredByMachine.objects.filter(day__lt=before).delete()[0]
