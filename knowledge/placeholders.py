"""What texts name instead of figures: ``{{ espera }}`` is filled in when a page is shown, from a fixed list of names.

Never by the template engine: what curators write runs nowhere.
"""

from __future__ import annotations

from typing import Final

from govbr.placeholders import filled, names

__all__ = ["LISTED", "NAMES", "filled", "named", "unknown"]

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


def named(text: str) -> set[str]:
    """The known placeholders in a text."""
    return {name for name in names(text) if name in NAMES}


def unknown(text: str) -> list[str]:
    """What stands in double braces and is no placeholder, in the order of the alphabet."""
    return sorted({name for name in names(text) if name not in NAMES})
