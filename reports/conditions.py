"""Conditions on facts, asked of columns (``reports.packing``) instead of the database: the same ``Q``, the same facts."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import models
from django.db.models import Q
from numpy.typing import NDArray

from reports.models import CycleFact
from reports.packing import EPOCH, NO_DAY, NONE, code, day

if TYPE_CHECKING:
    from reports.packing import Columns

JOINS: Final = {Q.AND: np.logical_and, Q.OR: np.logical_or}
ORDERS: Final = {"": operator.eq, "gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt}
FEW: Final = 8
Mask = NDArray[np.bool_]
"""One truth for each fact."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``names`` are the columns that it asks; at least one of any name is there when it is asked."""

    names: frozenset[str]
    of: Callable[[Columns], Mask]


def condition(q: Q) -> Condition:
    """A ``Q`` of a fact's columns and, by one query now, of what they refer to.

    Raises ``NotImplementedError`` for what no report asks: "not", and lookups beyond those below.
    """
    if q.negated or q.connector not in JOINS:
        raise NotImplementedError(q)
    parts = [condition(part) if isinstance(part, Q) else _compared(*part) for part in q.children]  # type: ignore[misc]
    if not parts:
        return Condition(frozenset(), lambda columns: np.ones(len(next(iter(columns.values()))), bool))
    join = JOINS[q.connector]
    return Condition(
        frozenset().union(*(part.names for part in parts)),
        lambda columns: reduce(join, (part.of(columns) for part in parts)),
    )


def _compared(lookup: str, value: Any) -> Condition:
    name, _, how = lookup.partition("__")
    field = CycleFact._meta.get_field(name)
    empty = NO_DAY if isinstance(field, models.DateField) else NONE
    if how == "isnull" or value is None:
        return _asked(name, lambda values: (values == empty) == (value is None or value))
    if isinstance(field, models.ForeignKey) and how not in ("", "in"):
        how, value = "in", field.related_model._default_manager.filter(**{how: value}).values_list("pk", flat=True)
    if how == "in":
        numbers = [_number(field, one) for one in value]
        return _asked(name, lambda values: _among(values, numbers))
    if how == "range":
        low, high = (_number(field, one) for one in value)
        return _asked(name, lambda values: (values >= low) & (values <= high) & (values != empty))
    if how == "iso_week_day":
        return _asked(name, lambda values: (values + EPOCH.isoweekday() - 1) % 7 + 1 == int(value))
    if how not in ORDERS:
        raise NotImplementedError(lookup)
    compare, number = ORDERS[how], _number(field, value)
    return _asked(name, lambda values: compare(values, number) & (values != empty))


def _among(values: NDArray[Any], numbers: list[int]) -> Mask:
    """``np.isin`` takes as long for one number as for a hundred."""
    if len(numbers) > FEW:
        return np.isin(values, numbers)
    return reduce(np.logical_or, (values == number for number in numbers), np.zeros(len(values), bool))


def _asked(name: str, of: Callable[[NDArray[Any]], Mask]) -> Condition:
    return Condition(frozenset({name}), lambda columns: of(columns[name]))


def _number(field: Any, value: Any) -> int:
    """A value as it is packed."""
    match value:
        case models.Model():
            return int(value.pk)
        case date():
            return day(value)
        case str() if isinstance(field, models.CharField):
            return code(value)
        case _:
            return int(value)
