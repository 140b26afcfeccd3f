"""Bringing rows in step with a file, without undoing what people edited since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import connection, models

from catalog.catalog_file_entry import Values
from catalog.models import CatalogRow

Row = TypeVar("Row", bound=CatalogRow)

LOCK = 7_320_115
"""Two loads at once wait for each other on this advisory lock."""


@dataclass
class Count:
    """What happened to the rows of one table."""

    label: str
    in_file: int = 0
    created: int = 0
    updated: int = 0
    reactivated: int = 0
    deactivated: int = 0
    edited: list[str] = field(default_factory=list)
    """Rows that somebody edited since they were loaded, and that were left alone."""

    @property
    def changed(self) -> int:
        return self.created + self.updated + self.reactivated + self.deactivated

    def __str__(self) -> str:
        done = {
            "criação": self.created,
            "alteração": self.updated,
            "reativação": self.reactivated,
            "desativação": self.deactivated,
        }
        said = ", ".join(f"{what} {number}" for what, number in done.items() if number) or "nada mudou"
        return f"{self.label.capitalize()}: {self.in_file} no arquivo; {said}."


class Sync:
    """One load. A row edited since it was last loaded is left alone and named in the count, unless ``overwrite``.

    A row that the file no longer has is deactivated, never deleted, and comes back with it; rows
    that no file ever had are left alone. Must be made within a transaction.
    """

    def __init__(self, overwrite: bool) -> None:
        self.overwrite = overwrite
        self.counts: list[Count] = []
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])

    def count(self, model: type[models.Model], in_file: int) -> Count:
        count = Count(str(model._meta.verbose_name_plural), in_file=in_file)
        self.counts.append(count)
        return count

    def described(self, row: CatalogRow) -> str:
        """How a row is called in the count."""
        return str(row)

    def table(
        self, model: type[Row], key: tuple[str, ...], wanted: list[Values], present: models.QuerySet[Row]
    ) -> dict[tuple[Any, ...], int]:
        """Brings one table in step; gives the primary key of each row of the file. ``key`` tells rows apart."""
        count = self.count(model, len(wanted))
        # Locked, so that what a curator saves meanwhile is neither missed nor overwritten.
        locked = present.select_for_update(of=("self",))
        rows = {tuple(getattr(row, name) for name in key): row for row in locked}
        new: list[Row] = []
        changed: list[Row] = []
        names = [*wanted[0], "active"] if wanted else ["active"]
        kept = {}
        for values in wanted:
            place = tuple(values[name] for name in key)
            goal = {**values, "active": True}
            row = rows.pop(place, None)
            if row is None:
                row = model(**goal, loaded_digest=digest(model, goal))
                new.append(row)
            elif self._bring(row, goal, count):
                changed.append(row)
            kept[place] = row
        for row in rows.values():
            if row.active and row.loaded_digest and self._bring(row, _values(row, names) | {"active": False}, count):
                changed.append(row)
        model._default_manager.bulk_create(new)
        model._default_manager.bulk_update(changed, [*names, "loaded_digest"])
        count.created = len(new)
        return {place: row.pk for place, row in kept.items()}

    def _bring(self, row: CatalogRow, goal: Values, count: Count) -> bool:
        """Sets the row to what the file says, unless somebody edited it; whether it has to be saved."""
        model = type(row)
        now, then = _values(row, goal), digest(model, goal)
        if digest(model, now) == then:
            adopted, row.loaded_digest = row.loaded_digest != then, then
            return adopted
        if digest(model, now) != row.loaded_digest and not self.overwrite:
            count.edited.append(self.described(row))
            return False
        if goal["active"] == row.active:
            count.updated += 1
        elif goal["active"]:
            count.reactivated += 1
        else:
            count.deactivated += 1
        for name, value in goal.items():
            setattr(row, name, value)
        row.loaded_digest = then
        return True


def _values(row: CatalogRow, names: Iterable[str]) -> Values:
    return {name: getattr(row, name) for name in names}


def digest(model: type[CatalogRow], values: Values) -> str:
    """SHA-256 of the values that differ from the model's defaults.

    Defaults stay out, so that a column added to a table later makes no row look edited.
    """
    defaults = {field.attname: field.get_default() for field in model._meta.concrete_fields}
    told = {name: value for name, value in values.items() if value != defaults[name]}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()
