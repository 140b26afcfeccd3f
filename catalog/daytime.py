"""Times of a day as minutes since 0h, so that a day can end at 24h."""

import re

DAY = 24 * 60

_WRITTEN = re.compile(r"([0-9]{1,2}):([0-9]{2})")


def parse(text: str) -> int:
    """The minutes of ``"8:00"``, ``"08:00"`` or ``"24:00"``. Raises ``ValueError`` for anything else."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"Not a time of day: {text!r}")
    hours, minutes = int(found[1]), int(found[2])
    if minutes > 59 or hours * 60 + minutes > DAY:
        raise ValueError(f"Not a time of day: {text!r}")
    return hours * 60 + minutes


def written(minutes: int) -> str:
    """As a form shows it: ``"08:00"``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
