"""What the forms of the workbench offer to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet, Value

import worktime
from catalog.models import Queue
from catalog.offers import offerings
from govbr.text import fold
from tickets import skills

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django_stubs_ext import WithAnnotations

    from accounts.models import User
    from catalog.models import Cause, SupportScript
    from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Choices:
    """What an answer that closes offers to choose from, read with the rest of the page. A form that has none asks by itself."""

    causes: list[Cause]
    scripts: list[SupportScript]


def takers_of(ticket: Ticket) -> QuerySet[WithAnnotations[User, skills.Fit]]:
    """Everybody to whom it may be given now, who knows its kind first."""
    return skills.fit_for([ticket], worktime.now()).exclude(pk=ticket.requester_id)


def destinations(ticket: Ticket) -> QuerySet[Any, Any]:
    """Where a ticket may be transferred: the offerings of its sphere, and the other queues of its level."""
    offered = offerings().filter(sphere=ticket.offering.sphere_id).exclude(pk=ticket.offering_id)
    queues = Queue.objects.filter(active=True, level=ticket.level, product__core_system=ticket.product.core_system_id)
    named: QuerySet[Any, Any] = offered.order_by().annotate(
        kind=Value("offering"), place=F("pk"), of_product=F("product__name"), called=F("support_type__name")
    )
    others: QuerySet[Any, Any] = queues.exclude(pk=ticket.queue_id).annotate(
        kind=Value("queue"), place=F("pk"), of_product=Value(""), called=F("name")
    )
    columns = ("kind", "place", "of_product", "called")
    return named.values(*columns).union(others.values(*columns))


def grouped(ticket: Ticket, found: Iterable[dict[str, Any]]) -> list[Any]:
    """The destinations as choices: offerings by product, and the other queues."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for to in sorted(found, key=lambda to: (to["kind"], fold(to["of_product"]), fold(to["called"]))):
        group = groups.setdefault(to["of_product"] or f"Só mudar de fila ({ticket.level})", [])
        group.append((f"{to['kind']}-{to['place']}", to["called"]))
    return [("", "Escolha"), *groups.items()]
