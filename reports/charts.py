"""What a chart says in one sentence, for who does not see it. The chart itself draws the table that follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports.periods import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Value = float | str | None
"""A number, or one as the table says it: ``93,4%``, a dash where there is none."""
LINES: Final = "lines"
BARS: Final = "bars"
HEATS: Final = 4


def sentence(kind: str, title: str, told: Iterable[Sequence[object]]) -> str:
    """``told``: the rows of the table; of each the first is its name, the second its value."""
    points = [(name(row[0]), row[1]) for row in told]
    known = [(label, value, size) for label, value in points if (size := _size(value)) is not None]
    if not known:
        return f"Gráfico: {title}. Não há números para mostrar."
    top = max(known, key=lambda point: point[2])
    if not top[2]:
        return f"Gráfico: {title}. Todos os números são zero."
    if kind == LINES:
        first, last = known[0], known[-1]
        return (
            f"Gráfico de linhas: {title}. Começa com {_said(first[1])} em {first[0]} e termina com {_said(last[1])}"
            f" em {last[0]}; o maior é {_said(top[1])}, em {top[0]}. A tabela a seguir tem todos os números."
        )
    return f"Gráfico de barras: {title}. O maior é “{top[0]}”, com {_said(top[1])}. A tabela a seguir tem todos os números."


def name(of: object) -> str:
    """A month as ``10/2026``, a figure by its label, anything else as it is."""
    if isinstance(of, Period):
        return f"{of.first:%m/%Y}"
    return str(getattr(of, "label", of))


def heat(count: int, most: int) -> int:
    """How much a cell of a table stands out, from 0 for none to ``HEATS`` for as many as the fullest."""
    return -(-count * HEATS // most) if most else 0


def _size(value: object) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    plain = str(value).rstrip("%").replace(".", "").replace(",", ".")
    return float(plain) if plain.replace(".", "", 1).isdigit() else None


def _said(value: object) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else str(value)
