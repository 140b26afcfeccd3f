"""The kinds of notice. Apps register theirs when they start; notifications itself knows none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from notifications.models import Notice

Data = dict[str, int | str]


@dataclass(frozen=True)
class Kind:
    context: Callable[[Data], dict[str, object]]
    label: str


_KINDS: dict[str, Kind] = {}


def register(kind: str, *, context: Callable[[Data], dict[str, object]], label: str) -> None:
    """Make a kind known. Called from an app's ``ready()``.

    ``context`` turns a notice's ids into what its templates ``notifications/<kind>.{subject.txt,
    txt,html}`` say; its ``url`` is the path that the notice leads to. ``label`` is its line in the
    inbox and may name keys of the data (``"Resposta no chamado {number}"``), so that a list of
    notices costs no look-up. Raises ``ValueError`` where the kind is taken.
    """
    if kind in _KINDS:
        raise ValueError(f"The kind of notice {kind!r} is registered twice.")
    _KINDS[kind] = Kind(context, label)


def registered() -> list[str]:
    return sorted(_KINDS)


def context_of(notice: Notice) -> dict[str, object]:
    """What the notice is about. Raises ``KeyError`` for a kind that nobody registers, and whatever its app raises."""
    return _KINDS[notice.kind].context(notice.data)


def title_of(notice: Notice) -> str:
    """The notice in one line. Old notices outlive their kinds, so this never fails."""
    known = _KINDS.get(notice.kind)
    return known.label.format_map(defaultdict(str, notice.data)) if known else "Aviso"
