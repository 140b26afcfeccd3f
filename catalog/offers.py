"""What may be asked for, and with which form: the steps that lead to opening a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Q, QuerySet

from catalog.models import CoreSystem, FormField, Offering, Product, Sphere, SupportType
from files.intake import Policy

MEGABYTE = 1024 * 1024


def offerings() -> QuerySet[Offering]:
    """The offerings open to the public: they and all they stand on are active."""
    return Offering.objects.filter(
        active=True,
        sphere__active=True,
        product__active=True,
        support_type__active=True,
        product__core_system__active=True,
    )


def is_open(offering: Offering | None) -> bool:
    """The same of one offering, read with its sphere, product, core system and type."""
    if offering is None or not offering.active:
        return False
    product = offering.product
    return all(part.active for part in (offering.sphere, product, offering.support_type, product.core_system))


def core_systems() -> QuerySet[CoreSystem]:
    """The core systems that offer something, by name. One query."""
    return CoreSystem.objects.filter(pk__in=offerings().values("product__core_system"))


def spheres_of(core_slug: str) -> QuerySet[Sphere]:
    """The spheres in which a core system offers something, in their order. One query."""
    return Sphere.objects.filter(pk__in=offerings().filter(product__core_system__slug=core_slug).values("sphere"))


def products_in(core_slug: str, sphere_slug: str) -> QuerySet[Product]:
    """The products of a core system with something on offer in a sphere, by name. One query."""
    found = offerings().filter(product__core_system__slug=core_slug, sphere__slug=sphere_slug)
    return Product.objects.filter(pk__in=found.values("product"))


def support_types_of(core_slug: str, sphere_slug: str, product_slug: str) -> QuerySet[SupportType]:
    """What is offered for a product in a sphere, in the catalog's order. One query."""
    found = offerings().filter(product__core_system__slug=core_slug, sphere__slug=sphere_slug, product__slug=product_slug)
    return SupportType.objects.filter(pk__in=found.values("support_type"))


def offering_at(core_slug: str, sphere_slug: str, product_slug: str, type_slug: str) -> Offering:
    """The offering at an address, with its core system, queues and names, in one query.

    Raises ``Offering.DoesNotExist`` where there is none or something on the way is inactive.
    """
    return (
        offerings()
        .select_related("sphere", "product__core_system", "support_type", "n2_queue", "n3_queue")
        .get(
            product__core_system__slug=core_slug,
            sphere__slug=sphere_slug,
            product__slug=product_slug,
            support_type__slug=type_slug,
        )
    )


def fields_of(offering: Offering) -> list[FormField]:
    """The questions of an offering's form, in order. One query."""
    found = FormField.objects.filter(
        Q(product=offering.product_id) | Q(product__isnull=True), support_type=offering.support_type_id, active=True
    )
    return in_order(found.order_by("position", "pk"))


def in_order(found: Iterable[FormField]) -> list[FormField]:
    """The questions of a support type and of a product, each by position, as one form.

    A product's field takes the place of the support type's field of the same name; its other
    fields come before the first file field, so that evidence and consent stay last.
    """
    common: dict[str, FormField] = {}
    own: dict[str, FormField] = {}
    for asked in found:
        (common if asked.product_id is None else own)[asked.name] = asked
    form = [own.pop(name, asked) for name, asked in common.items()]
    files = (n for n, asked in enumerate(form) if asked.kind == FormField.Kind.FILE)
    place = next(files, len(form))
    return [*form[:place], *own.values(), *form[place:]]


def asked_of(questions: Sequence[FormField], answers: Mapping[str, str]) -> list[FormField]:
    """Those of a form's questions that are asked where these answers are given, as kept (``sim`` for a mark).

    A question that hangs on one that is not asked is not asked either; where the form lacks that one, it is.
    """
    by_name = {asked.name: asked for asked in questions}

    def is_asked(question: FormField, through: frozenset[str] = frozenset()) -> bool:
        other = by_name.get(question.show_if_field)
        if other is None or question.name in through:
            return True
        return answers.get(other.name, "") in question.show_if_values and is_asked(other, through | {question.name})

    return [question for question in questions if is_asked(question)]


def attachment_policy(offering: Offering) -> Policy:
    """What files may be sent with an offering: the limits of its core system."""
    core = offering.product.core_system
    return Policy(max_bytes=core.max_file_mb * MEGABYTE, max_files=core.max_files, extensions=frozenset(core.file_extensions))
