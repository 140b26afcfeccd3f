"""Short names, explained where a text first uses them (Lei 15.263/2025 asks for it)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from govbr.text import fold

_DATA: Final[dict[str, Any]] = json.loads((Path(__file__).parent / "siglas.json").read_text(encoding="utf-8"))
KNOWN: Final[dict[str, str]] = _DATA["siglas"]
"""Short name → what it stands for, or what it is."""
EVERYDAY: Final = frozenset[str](_DATA["de_todos"])
"""Those that everybody knows, and parts of names: they need no explanation."""

_USED = re.compile(r"(?<![\w./@-])(" + "|".join(sorted(KNOWN, key=len, reverse=True)) + r")(?![\w/@-]|\.\w)")
_APART = re.compile(r"(`[^`]*`|\]\([^)]*\)|https?://\S+)")
"""Code and addresses, in which nothing is explained."""


def unexplained(text: str) -> dict[str, str]:
    """The short names that a text uses and does not explain itself, in their order, each with its meaning."""
    return {name: KNOWN[name] for name in _left_to_say(text)}


def explained(text: str) -> str:
    """Markdown with what each short name stands for after its first use: ``SEI (Sistema Eletrônico de Informações)``.

    Left alone where the text itself explains it, in headings, code and addresses.
    """
    left = _left_to_say(text)

    def first(found: re.Match[str]) -> str:
        name = found[1]
        if name not in left:
            return name
        del left[name]
        return f"{name} ({KNOWN[name]})"

    lines = []
    for line in text.split("\n"):
        parts = [line] if line.startswith("#") else _APART.split(line)
        lines.append("".join(part if n % 2 or line.startswith("#") else _USED.sub(first, part) for n, part in enumerate(parts)))
    return "\n".join(lines)


def _left_to_say(text: str) -> dict[str, None]:
    """In the order of their first use. Every question of every form is asked for them: most use none."""
    used = dict.fromkeys(found[1] for found in _USED.finditer(text))
    said = fold(text) if used else ""
    return {name: None for name in used if f"({name})" not in text and fold(KNOWN[name]) not in said}
