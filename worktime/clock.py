"""The only reader of the clock (DESIGN §5)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

BRASILIA = ZoneInfo("America/Sao_Paulo")

OFFSET_VARIABLE = "DEMO_CLOCK_OFFSET"


def offset() -> timedelta:
    """How far the demo's clock is ahead of the machine's, in seconds in the environment.

    The environment is read at each call, so that every process started with the variable,
    and a command that shifts itself, sees the same time. Outside the demo the settings refuse
    to start with it. Raises ``ValueError`` when the variable is not a number.
    """
    return timedelta(seconds=float(os.environ.get(OFFSET_VARIABLE) or 0))


def now() -> datetime:
    """The current moment, aware, in UTC, shifted by the demo's offset."""
    return datetime.now(UTC) + offset()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Within the block this process lives ``by`` later (earlier when negative) than before."""
    before = os.environ.get(OFFSET_VARIABLE)
    os.environ[OFFSET_VARIABLE] = str((offset() + by).total_seconds())
    try:
        yield
    finally:
        if before is None:
            del os.environ[OFFSET_VARIABLE]
        else:
            os.environ[OFFSET_VARIABLE] = before
