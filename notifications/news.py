"""When the line of news waits: then none of it is mailed, and none of it stands in anybody's list of notices.

Nothing is lost by it: each notice stays as it is until the time is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.models import Notice

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_REASONS: list[Callable[[datetime], bool]] = []


def wait_while(reason: Callable[[datetime], bool]) -> None:
    """Hold the news at the moments of which ``reason`` is true. Called from an app's ``ready()``.

    Raises ``ValueError`` for one that is known already.
    """
    if reason in _REASONS:
        raise ValueError(f"{reason!r} holds the news already.")
    _REASONS.append(reason)


def are_held(at: datetime) -> bool:
    """Whether news wait at that moment. One query for each reason, which is one."""
    return any(reason(at) for reason in _REASONS)


def lines_open(at: datetime) -> list[Notice.Line]:
    """The lines of which something may be said at that moment."""
    return [Notice.Line.OWN] if are_held(at) else list(Notice.Line)
