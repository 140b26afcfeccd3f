"""What texts name instead of figures: ``{{ espera }}`` is filled in when a page is shown, from a fixed list of names.

Never by the template engine: what curators write runs nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

NAMES: Final = {
    "horario": "horario",
    "espera": "prazos",
    "lembrete": "prazos",
    "reabertura": "prazos",
    "quantos_produtos": "catalogo",
    "encarregado": "",
}
"""Placeholder → the subject that it speaks of (``knowledge.models.Subject``), if any."""
LISTED: Final = ", ".join(f"{{{{ {name} }}}}" for name in NAMES)

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


def named(text: str) -> set[str]:
    """The known placeholders in a text."""
    return {name for name in _names(text) if name in NAMES}


def unknown(text: str) -> list[str]:
    """What stands in double braces and is no placeholder, in the order of the alphabet."""
    return sorted({name for name in _names(text) if name not in NAMES})


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; a name that ``words`` lacks stays as it is."""
    return _PLACEHOLDER.sub(lambda found: words.get(found[1].strip(), found[0]), text)


def _names(text: str) -> list[str]:
    return [name.strip() for name in _PLACEHOLDER.findall(text)]
