"""Pages of a list that nobody counts: one row more than is shown tells whether there is a next page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row")

LAST: Final = 500
"""The last page that is shown: what is older is found by filters."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: list[Row]
    number: int
    more: bool


def number_of(asked: str, last: int = LAST) -> int:
    """The page that an address asks for; the first where it makes no sense."""
    return min(int(asked), last) if asked.isascii() and asked.isdigit() and len(asked) < 5 and int(asked) else 1


def page_of(found: QuerySet[Any, Row], asked: str, size: int) -> Page[Row]:
    """That page of the rows, ``size`` a page, or the first where there is nothing so far on. One query, or two."""
    number = number_of(asked)
    rows = list(found[(number - 1) * size : number * size + 1])
    if not rows and number > 1:
        return page_of(found, "1", size)
    return Page(rows[:size], number, len(rows) > size and number < LAST)
