"""What stands beside a list: the views that everybody has, those that people kept, and the queues; counted on demand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.http import urlencode

from tickets.admin.queue import counters
from tickets.admin.queue.everybodys import EVERYBODYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tickets.admin.queue.counters import Counts
    from tickets.admin.queue.offers import Offers


@dataclass(frozen=True, slots=True)
class View:
    name: str
    query: str
    """The address's, to be put behind the list's."""
    current: bool
    count: int | None = None
    """``None`` where it was not counted."""
    pk: int = 0
    """Of one that somebody kept."""
    changeable: bool = False
    most: int = counters.SHOWN

    @property
    def counted(self) -> bool:
        return self.count is not None

    @property
    def more(self) -> bool:
        """Whether there are more than are counted."""
        return self.count is not None and self.count > self.most

    @property
    def shown(self) -> str:
        return f"{self.most}+" if self.more else str(self.count)


@dataclass(frozen=True, slots=True)
class Beside:
    """The groups, each with its title; empty ones are left out."""

    everybodys: list[View]
    own: list[View]
    shared: list[View]
    queues: list[View]

    @property
    def current_is_kept(self) -> bool:
        """Whether what narrows the list has a name already."""
        return any(view.current for view in (*self.everybodys, *self.own, *self.shared, *self.queues))


def drawn(
    offered: Offers, chosen: Mapping[str, str] | None, kept: list[dict[str, str]], counts: Counts | None = None
) -> Beside:
    """``chosen`` is all that narrows the list; ``kept`` are the values of ``offered.views``; counts come in their order."""
    every = len(EVERYBODYS)
    counted = counts.views if counts is not None else [None] * (every + len(kept))
    views = [
        View(view.name, _query(wanted), bool(wanted) and wanted == chosen, count, view.pk, view.changeable)
        for view, wanted, count in zip(offered.views, kept, counted[every:], strict=True)
    ]
    shared = {view.pk for view in offered.views if view.shared}
    return Beside(
        everybodys=[
            View(view.name, _query(view.chosen), view.chosen == chosen, count)
            for view, count in zip(EVERYBODYS, counted[:every], strict=True)
        ],
        own=[view for view in views if view.pk not in shared],
        shared=[view for view in views if view.pk in shared],
        queues=[
            View(
                name,
                _query({"fila": queue}),
                chosen == {"fila": queue},
                counts.queues.get(queue, 0) if counts is not None else None,
            )
            for queue, name in offered.queues
        ],
    )


def _query(chosen: Mapping[str, str]) -> str:
    return f"?{urlencode(chosen)}" if chosen else "?"
