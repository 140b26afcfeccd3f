"""Bringing the tables in step with the catalog file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from catalog import catalog_file
from catalog.catalog_file_entry import Values
from catalog.catalog_file_parts import CatalogRows, queue_slug
from catalog.models import (
    CatalogRow,
    Cause,
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
from catalog.syncing import Count, Sync


@transaction.atomic
def load(path: Path, *, overwrite: bool = False) -> list[Count]:
    """Makes the catalog what the file says; the same file again changes nothing.

    A row edited since it was last loaded is left alone and named in the count, unless
    ``overwrite``. A row that the file no longer has is deactivated, never deleted, and comes back
    with it; rows that no file ever had are left alone, and so are other core systems.
    Raises ``BadFile`` before anything is written.
    """
    return _Load(catalog_file.read(path), overwrite).counts


class _Load(Sync):
    def __init__(self, rows: CatalogRows, overwrite: bool) -> None:
        super().__init__(overwrite)
        slug = rows.core_system["slug"]
        core = self.table(CoreSystem, ("slug",), [rows.core_system], CoreSystem.objects.filter(slug=slug))[(slug,)]
        spheres = self.table(Sphere, ("slug",), rows.spheres, _spheres_of(core, [row["slug"] for row in rows.spheres]))
        mine = {"core_system_id": core}
        products = self.table(Product, ("slug",), [row | mine for row in rows.products], Product.objects.filter(**mine))
        types = self.table(
            SupportType, ("slug",), [row | mine for row in rows.support_types], SupportType.objects.filter(**mine)
        )
        queues = self._queues(slug, rows.products, products)
        self.table(
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
        self.table(
            FormField,
            ("support_type_id", "product_id", "name"),
            [
                {name: value for name, value in row.items() if name not in {"product", "support_type"}}
                | {"product_id": products.get((row["product"],)), "support_type_id": types[(row["support_type"],)]}
                for row in rows.fields
            ],
            FormField.objects.filter(support_type__core_system=core).select_related("product", "support_type"),
        )
        self.table(RoutingRule, ("slug",), [row | mine for row in rows.rules], RoutingRule.objects.filter(**mine))
        if rows.causes is not None:
            self.table(
                Cause,
                ("product_id", "slug"),
                [
                    {name: value for name, value in row.items() if name != "product"}
                    | {"product_id": products[(row["product"],)]}
                    for row in rows.causes
                ],
                Cause.objects.filter(product__core_system=core).select_related("product"),
            )

    def described(self, row: CatalogRow) -> str:
        if isinstance(row, Cause):
            return f"{row.product} · {row.name}"
        if isinstance(row, FormField):
            return " · ".join(str(part) for part in (row.support_type, row.product, row.name) if part)
        return super().described(row)

    def _queues(self, core: str, wanted: list[Values], products: dict[tuple[Any, ...], int]) -> dict[str, int]:
        """The N2 and N3 queues of each product; what is missing is created, nothing else touched.

        The queues of a product that vanished stay as they are: tickets may still wait in them.
        """
        names = {
            queue_slug(core, row["slug"], level): (f"{row['name']} · {level}", products[(row["slug"],)], level)
            for row in wanted
            for level in Level
        }
        count = self.count(Queue, len(names))
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
