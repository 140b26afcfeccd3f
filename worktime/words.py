"""Hours and moments as people read them, everywhere alike: ``8h``, ``14h32``, ``22/11/2026, 4h41``.

Hours are those of Brasília. No zero stands before the hour, and no minutes where there are none, as the Manual de
Redação da Presidência da República writes them.
"""

from __future__ import annotations

from datetime import datetime

from worktime.clock import BRASILIA


def clock_said(minutes: int) -> str:
    """So many minutes since 0h: ``8h``, ``8h05``, ``24h``."""
    return f"{minutes // 60}h{minutes % 60:02}" if minutes % 60 else f"{minutes // 60}h"


def hour_said(at: datetime) -> str:
    """``4h41``; ``18h``. Seconds are cut, so a last moment is never shown later than it is."""
    there = at.astimezone(BRASILIA)
    return clock_said(there.hour * 60 + there.minute)


def at_hour_said(at: datetime) -> str:
    """``às 4h41``; ``à 1h``."""
    return f"{'às' if at.astimezone(BRASILIA).hour > 1 else 'à'} {hour_said(at)}"


def moment_said(at: datetime) -> str:
    """``22/11/2026, 4h41``."""
    return f"{at.astimezone(BRASILIA):%d/%m/%Y}, {hour_said(at)}"
