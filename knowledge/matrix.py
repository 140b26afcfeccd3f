"""All that is offered, as one table: product × support type × sphere."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.urls import reverse

from catalog import offers


@dataclass(frozen=True, slots=True)
class Cell:
    """One support type of a product in one sphere; without an address it is not offered there."""

    sphere: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    support_type: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Block:
    """One product."""

    slug: str
    name: str
    former_name: str
    purpose: str
    rows: list[Row] = field(default_factory=list)


def matrix() -> tuple[list[str], list[Block]]:
    """The spheres in their order, and the products by name with what is offered for each. One query."""
    offered = (
        offers.offerings()
        .select_related("product__core_system", "support_type", "sphere")
        .order_by("product__name", "product_id", "support_type__position", "support_type__name", "sphere__position")
    )
    found = list(offered)
    spheres = sorted({offering.sphere for offering in found}, key=lambda sphere: (sphere.position, sphere.name))
    places: dict[int, dict[str, dict[int, str]]] = {}
    blocks: dict[int, Block] = {}
    for offering in found:
        product, kind, sphere = offering.product, offering.support_type, offering.sphere
        blocks.setdefault(product.pk, Block(product.slug, product.name, product.former_name, product.purpose))
        address = reverse("open-form", args=[product.core_system.slug, sphere.slug, product.slug, kind.slug])
        places.setdefault(product.pk, {}).setdefault(kind.name, {})[sphere.pk] = address
    for pk, kinds in places.items():
        for name, addresses in kinds.items():
            cells = [Cell(sphere.name, addresses.get(sphere.pk, "")) for sphere in spheres]
            blocks[pk].rows.append(Row(name, cells))
    return [sphere.name for sphere in spheres], list(blocks.values())
