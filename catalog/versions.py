"""Version numbers as people write them."""

import re

_OLDER = re.compile(r"\b(anterior|inferior|abaixo|menor|antes)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,4}(?:\.[0-9]{1,4})*(?![0-9])")
_NEWER = re.compile(r"\b(superior|acima|maior|posterior|a partir)", re.IGNORECASE)


def is_older(answer: str, *, than: str) -> bool:
    """Whether a version as people write it ("SEI 3.1.7", "Anterior à 4.0") is older than another.

    The first number in the answer counts; one of five digits or more is a date or a code.
    "Anterior à X" is older than X and all above it. "Superior a X", and an answer without a
    number ("Não sei"), tell nothing: not older.
    """
    number = _NUMBER.search(answer)
    if number is None or _NEWER.search(answer):
        return False
    given, bound = _parts(number[0]), _parts(than)
    if _OLDER.search(answer):
        return given <= bound
    return given < bound


def _parts(version: str) -> tuple[int, ...]:
    """``"4.0"`` and ``"4"`` are the same version: trailing zeros do not count."""
    parts = [int(part) for part in version.split(".")]
    while parts and parts[-1] == 0:
        parts.pop()
    return tuple(parts)
