"""What the filters of a queue offer to one person, and the views that he sees: all of it in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

MOST_VIEWS: Final = 40
"""Saved views beside a list; the rest are found by the palette's page."""
NAME: Final = "coalesce(nullif(person.social_name, ''), nullif(person.name, ''), person.email)"
"""``accounts.models.DISPLAY_NAME``."""

OFFERS: Final = f"""
    WITH seen AS (
        SELECT id, name, core_system_id FROM catalog_product
        WHERE id = ANY(%(products)s) OR core_system_id = ANY(%(cores)s) OR %(every)s
    )
    SELECT
        (SELECT json_agg(json_build_array(id::text, name) ORDER BY name) FROM seen),
        (
            SELECT json_agg(json_build_array(id::text, name) ORDER BY position, name) FROM catalog_supporttype
            WHERE core_system_id IN (SELECT core_system_id FROM seen)
        ),
        (SELECT json_agg(json_build_array(id::text, name) ORDER BY position, name) FROM catalog_sphere),
        (
            SELECT json_agg(DISTINCT jsonb_build_array(person.id::text, {NAME}))
            FROM catalog_productrole held JOIN accounts_user person ON person.id = held.user_id
            WHERE held.role = 'owner' AND held.ended_at IS NULL AND held.product_id IN (SELECT id FROM seen)
        ),
        (
            SELECT json_agg(json_build_array(queue.id::text, queue.name) ORDER BY queue.name)
            FROM catalog_queue queue JOIN seen ON seen.id = queue.product_id
            WHERE queue.level = %(level)s AND queue.active
                AND (queue.id = ANY(%(queues)s) OR seen.core_system_id = ANY(%(cores)s) OR %(every)s)
        ),
        (
            SELECT json_agg(json_build_array(id, name, chosen, queue_id) ORDER BY queue_id IS NOT NULL, name)
            FROM (
                SELECT id, name, chosen, queue_id FROM tickets_savedview
                WHERE level = %(level)s AND (owner_id = %(user)s AND queue_id IS NULL OR queue_id = ANY(%(queues)s))
                ORDER BY queue_id IS NOT NULL, name LIMIT {MOST_VIEWS}
            ) kept
        ),
        (SELECT acronym FROM accounts_agency WHERE id = %(agency)s),
        (
            SELECT {NAME} FROM accounts_user person
            WHERE person.id = %(colleague)s AND EXISTS (
                SELECT FROM accounts_rolegrant held
                JOIN catalog_queue queue ON queue.id = held.queue_id JOIN seen ON seen.id = queue.product_id
                WHERE held.user_id = person.id
            )
        )
"""  # noqa: S608 - of our own constants
"""By hand (docs/adr/0017). Which views are seen, ``saved_views.seen_by`` says too; a test holds the two together."""

Listed = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved view as a list shows it."""

    pk: int
    name: str
    chosen: dict[str, str]
    shared: bool
    changeable: bool
    """Whether the person may call it otherwise or throw it away (``saved_views.changed_by``)."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Values and words of the filters whose lists are kept in the database."""

    products: Listed
    types: Listed
    spheres: Listed
    owners: Listed
    queues: Listed
    views: list[Kept]
    bodies: Listed
    """The body that the address names by its id, and its acronym; none where it names none."""
    colleagues: Listed
    """The same of somebody who works, or worked, a queue of these products, and his name."""


def to(request: HttpRequest, user: User, level: str) -> Offers:
    """One query a request."""
    known: Offers | None = vars(request).get("queue_offers")
    if known is None:
        known = read(user, level, request.GET.get("orgao", ""), request.GET.get("atendente", ""))
        vars(request)["queue_offers"] = known
    return known


def read(user: User, level: str, agency: str = "", colleague: str = "") -> Offers:
    """As ``to``, of what is not asked by a list's address."""
    managed = [grant for grant in user.active_grants if grant.role == "manager"]
    asked: dict[str, Any] = {
        "user": user.pk,
        "level": level,
        "products": [grant.queue.product_id for grant in user.active_grants if grant.queue is not None],
        "queues": list(user.queue_ids("analyst", "lead")),
        "cores": [grant.core_system_id for grant in managed if grant.core_system_id],
        "every": any(grant.agency_id for grant in managed),  # a body's manager may meet any product
        "agency": _id(agency),
        "colleague": _id(colleague),
    }
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, asked)
        *lists, views, acronym, name = cursor.fetchone()
    products, types, spheres, owners, queues = ([(value, words) for value, words in found or ()] for found in lists)
    return Offers(
        products=products,
        types=types,
        spheres=spheres,
        owners=sorted(owners, key=lambda owner: owner[1].casefold()),
        queues=queues,
        views=[
            Kept(pk, name, chosen, shared=queue is not None, changeable=queue is None or queue in user.queue_ids("lead"))
            for pk, name, chosen, queue in views or ()
        ],
        bodies=[(agency, acronym)] if acronym else [],
        colleagues=[(colleague, name)] if name else [],
    )


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
