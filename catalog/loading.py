"""Bringing the tables in step with the catalog file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection, models, transaction
from django.db.models import Q

from catalog import catalog_file
from catalog.catalog_file_entry import Values
from catalog.catalog_file_parts import CatalogRows, queue_slug
from catalog.models import (
    CatalogRow,
    CoreSystem,
    FormField,
    Level,
    Offering,
    Product,
    Queue,
    RoutingRule,
    Sphere,
    SupportType,
)

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


@transaction.atomic
def load(path: Path, *, overwrite: bool = False) -> list[Count]:
    """Makes the catalog what the file says; the same file again changes nothing.

    A row edited since it was last loaded is left alone and named in the count, unless
    ``overwrite``. A row that the file no longer has is deactivated, never deleted, and comes back
    with it; rows that no file ever had are left alone, and so are other core systems.
    Raises ``catalog_file.BadCatalog`` before anything is written.
    """
    rows = catalog_file.read(path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return _Load(rows, overwrite).counts


class _Load:
    def __init__(self, rows: CatalogRows, overwrite: bool) -> None:
        self.overwrite = overwrite
        self.counts: list[Count] = []
        slug = rows.core_system["slug"]
        core = self._sync(CoreSystem, ("slug",), [rows.core_system], CoreSystem.objects.filter(slug=slug))[(slug,)]
        spheres = self._sync(Sphere, ("slug",), rows.spheres, _spheres_of(core, [row["slug"] for row in rows.spheres]))
        mine = {"core_system_id": core}
        products = self._sync(Product, ("slug",), [row | mine for row in rows.products], Product.objects.filter(**mine))
        types = self._sync(
            SupportType, ("slug",), [row | mine for row in rows.support_types], SupportType.objects.filter(**mine)
        )
        queues = self._queues(slug, rows.products, products)
        self._sync(
            Offering,
            ("sphere_id", "product_id", "support_type_id"),
            [
                {
                    "sphere_id": spheres[(row["sphere"],)],
                    "product_id": products[(row["product"],)],
                    "support_type_id": types[(row["support_type"],)],
                    "first_level": row["first_level"],
                    "attachment_need": row["attachment_need"],
                    "n2_queue_id": queues[queue_slug(slug, row["product"], Level.N2)],
                    "n3_queue_id": queues[queue_slug(slug, row["product"], Level.N3)],
                }
                for row in rows.offerings
            ],
            Offering.objects.filter(product__core_system=core).select_related("sphere", "product", "support_type"),
        )
        self._sync(
            FormField,
            ("support_type_id", "product_id", "name"),
            [
                {name: value for name, value in row.items() if name not in {"product", "support_type"}}
                | {"product_id": products.get((row["product"],)), "support_type_id": types[(row["support_type"],)]}
                for row in rows.fields
            ],
            FormField.objects.filter(support_type__core_system=core).select_related("product", "support_type"),
        )
        self._sync(RoutingRule, ("slug",), [row | mine for row in rows.rules], RoutingRule.objects.filter(**mine))

    def _sync(
        self, model: type[Row], key: tuple[str, ...], wanted: list[Values], present: models.QuerySet[Row]
    ) -> dict[tuple[Any, ...], int]:
        """Brings one table in step; gives the primary key of each row of the file."""
        count = Count(str(model._meta.verbose_name_plural), in_file=len(wanted))
        self.counts.append(count)
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
            count.edited.append(_described(row))
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

    def _queues(self, core: str, wanted: list[Values], products: dict[tuple[Any, ...], int]) -> dict[str, int]:
        """The N2 and N3 queues of each product; what is missing is created, nothing else touched.

        The queues of a product that vanished stay as they are: tickets may still wait in them.
        """
        names = {
            queue_slug(core, row["slug"], level): (f"{row['name']} · {level}", products[(row["slug"],)], level)
            for row in wanted
            for level in Level
        }
        count = Count(str(Queue._meta.verbose_name_plural), in_file=len(names))
        self.counts.append(count)
        queues = dict(Queue.objects.filter(slug__in=names).values_list("slug", "pk"))
        new = [
            Queue(slug=slug, name=name, product_id=product, level=level)
            for slug, (name, product, level) in names.items()
            if slug not in queues
        ]
        count.created = len(Queue.objects.bulk_create(new))
        return queues | {queue.slug: queue.pk for queue in new}


def _spheres_of(core: int, named: list[str]) -> models.QuerySet[Sphere]:
    """The spheres that this file decides on: those it names, and those that no other core system uses."""
    elsewhere = Offering.objects.filter(active=True).exclude(product__core_system=core)
    return Sphere.objects.filter(Q(slug__in=named) | ~Q(pk__in=elsewhere.values("sphere")))


def _values(row: CatalogRow, names: Iterable[str]) -> Values:
    return {name: getattr(row, name) for name in names}


def digest(model: type[CatalogRow], values: Values) -> str:
    """SHA-256 of the values that differ from the model's defaults.

    Defaults stay out, so that a column added to a table later makes no row look edited.
    """
    defaults = {field.attname: field.get_default() for field in model._meta.concrete_fields}
    told = {name: value for name, value in values.items() if value != defaults[name]}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _described(row: CatalogRow) -> str:
    if isinstance(row, FormField):
        return " · ".join(str(part) for part in (row.support_type, row.product, row.name) if part)
    return str(row)
