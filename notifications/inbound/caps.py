"""How much we answer by machine: a few mails an address and day, whoever asks and however often.

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


def may_answer(address: str) -> bool:
    """Whether this address may be sent one more automatic mail today (day of Brasília); counts it if so."""
    if not address:
        return False
    day = worktime.now().astimezone(worktime.BRASILIA).date()
    row = {"address": address.lower()[:320], "day": day}
    AnsweredByMachine.objects.bulk_create([AnsweredByMachine(**row)], ignore_conflicts=True)
    return bool(AnsweredByMachine.objects.filter(**row, count__lt=A_DAY).update(count=F("count") + 1))


def forget() -> int:
    """The counts of past days go; how many."""
    before = worktime.now().astimezone(worktime.BRASILIA).date() - KEPT
    return AnsweredByMachine.objects.filter(day__lt=before).delete()[0]
