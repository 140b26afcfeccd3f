"""Why tickets came about: the causes that the team noted when it resolved them (docs/adr/0014), most frequent first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from reports import figures, tally
from tickets.states import Closure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from catalog.models import Cause
    from reports.periods import Period

MOST: Final = 10
"""Causes of one product that are shown; the others are counted together."""
MEANING: Final = (
    "Chamados resolvidos no período, pela causa que a equipe anotou ao resolver. Um chamado reaberto e resolvido conta de novo."
    " Chamados que o próprio solicitante resolveu não têm causa."
)


@dataclass(frozen=True, slots=True)
class Frequent:
    """How often one cause was noted; ``pk`` is empty for what is counted together."""

    pk: int | None
    name: str
    now: int
    before: int
    year_before: int

    @property
    def trend(self) -> str:
        """Against the period before, in words."""
        if self.now == self.before:
            return "Igual ao período anterior"
        return "Mais que no período anterior" if self.now > self.before else "Menos que no período anterior"


def frequent(mine: Q, causes: QuerySet[Cause], spans: Sequence[Period]) -> list[tuple[str, list[Frequent]]]:
    """By the name of the product that the cause is of; of each the most frequent in the first of the three spans.

    Of ``causes`` alone: those that the reader may read, by product. One query for them.
    """
    told = tally.counts_by(
        mine & Q(closure=Closure.RESOLVED), "cause", dict(enumerate(figures.ended_in(span) for span in spans))
    )
    found = [
        (product, Frequent(pk, name, *told[pk].values()))
        for pk, product, name in causes.values_list("pk", "product__name", "name")
        if pk in told
    ]
    return [
        (product, _first(sorted((one for _, one in rows), key=lambda one: (-one.now, -one.before))))
        for product, rows in groupby(found, key=itemgetter(0))
    ]


def _first(found: list[Frequent]) -> list[Frequent]:
    first, rest = found[:MOST], found[MOST:]
    if rest:
        first.append(
            Frequent(None, "Outras", sum(r.now for r in rest), sum(r.before for r in rest), sum(r.year_before for r in rest))
        )
    return first
