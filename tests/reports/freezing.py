"""Frozen months for the tests of other things."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import worktime
from reports import gathering, overview, periods
from reports.models import ClosedFigures, ClosedMonth
from reports.months import facts_of


def frozen(c: SimpleNamespace, first: date, version: int = 1, **fields: Any) -> ClosedMonth:
    """A month as it would be frozen from the facts that there are: all of it, without its parts."""
    closed = ClosedMonth.objects.create(
        core_system=c.core, month=first, version=version, definitions=1, closed_at=worktime.now(), **fields
    )
    told = overview.reckoned(facts_of(c.core), periods.month(first.year, first.month), first)
    ClosedFigures.objects.create(closed=closed, part=ClosedFigures.Part.ALL, told=overview.written(told))
    return closed


def gathered() -> None:
    """Bring the facts up to now."""
    while gathering.gather():
        pass
