"""Who knows what: first among those to whom a ticket may be given."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import RoleGrant
from catalog.models import SupportType
from tickets import rules
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import Skill, Ticket

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django_stubs_ext import WithAnnotations

    from accounts.models import User
    from catalog.models import Queue


class Fit(TypedDict):
    knows: bool
    load: int


def fit_for(tickets: Collection[Ticket], at: datetime) -> QuerySet[WithAnnotations[User, Fit]]:
    """Who is present and may be given tickets of these queues; who knows a kind that they are of comes first. One query.

    ``load`` is how many open tickets each holds.
    """
    kinds = {(ticket.queue_id, ticket.offering.support_type_id) for ticket in tickets}
    known = Q(pk=None)
    for queue, kind in kinds:
        known |= Q(queue=queue, support_type=kind)
    held = (
        Ticket.objects.open().filter(assignee=OuterRef("pk")).order_by().values("assignee").annotate(n=Count("pk")).values("n")
    )
    people = rules.takers({queue for queue, _ in kinds}, at).annotate(
        knows=Exists(Skill.objects.filter(known, user=OuterRef("pk"))),
        load=Coalesce(Subquery(held, output_field=IntegerField()), 0),
    )
    return cast("QuerySet[WithAnnotations[User, Fit]]", people.order_by("-knows", "name", "pk"))


def told(person: User) -> str:
    """``Bia · conhece este tipo · 4 em aberto``, of somebody that ``fit_for`` read; else the name alone."""
    read = vars(person)
    knows = " · conhece este tipo" if read.get("knows") else ""
    return f"{person.display_name}{knows} · {read['load']} em aberto" if "load" in read else person.display_name


def kinds_of(queue: Queue) -> QuerySet[SupportType]:
    """The kinds of request that are asked for of the queue's product."""
    return SupportType.objects.filter(offerings__product=queue.product_id, active=True).distinct().order_by("position", "name")


def may_edit(user: User, queue: Queue) -> bool:
    return queue.pk in user.queue_ids(RoleGrant.Role.LEAD)


def keep(user: User, queue: Queue, kinds: Collection[SupportType], *, by: User) -> None:
    """What this person knows in this queue is these kinds, and no others. Again, it changes nothing.

    Raises ``IllegalMove`` for who does not lead the queue, and ``Incomplete`` where the person does not work it.
    """
    if not may_edit(by, queue):
        raise IllegalMove("Só quem lidera a fila muda as habilidades.")
    with transaction.atomic():
        # One at a time for each person, so that two leads leave what one of them chose.
        type(user).objects.select_for_update(no_key=True).get(pk=user.pk)
        if queue.pk not in user.queue_ids(RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD):
            raise Incomplete(f"{user.display_name} não trabalha mais nesta fila.")
        Skill.objects.filter(user=user, queue=queue).exclude(support_type__in=kinds).delete()
        Skill.objects.bulk_create([Skill(user=user, queue=queue, support_type=kind) for kind in kinds], ignore_conflicts=True)
