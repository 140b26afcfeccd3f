"""How many tickets a list, its views and its queues have: all in one query, none counted further than it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from tickets.models import Ticket
    from tickets.querysets import TicketQuerySet

SHOWN: Final = 99
"""A view with more is told as ``99+``."""


@dataclass(frozen=True, slots=True)
class Counts:
    listed: int
    views: list[int]
    queues: dict[str, int]
    """Queue id → open tickets in sight; those with none are left out."""


def read(
    listed: QuerySet[Ticket], most: int, views: Sequence[TicketQuerySet], queues: Sequence[str], in_queues: TicketQuerySet
) -> Counts:
    """Of the list, ``most`` at most; of each view and of each of the queues ``SHOWN`` and one more at most."""
    counted: list[tuple[str, Sequence[Any]]] = [_bounded(listed, most)]
    counted += [_bounded(view, SHOWN + 1) for view in views]
    counted.append(_by_queue(in_queues, queues))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for sql, _ in counted)}", [value for _, values in counted for value in values])
        first, *found, by_queue = cursor.fetchone()
    return Counts(first, found, json.loads(by_queue) if by_queue else {})


def _bounded(tickets: QuerySet[Ticket], most: int) -> tuple[str, Sequence[Any]]:
    try:
        sql, values = tickets.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) counted)", values  # noqa: S608 - the queryset's own, with its parameters


def _by_queue(tickets: TicketQuerySet, queues: Sequence[str]) -> tuple[str, Sequence[Any]]:
    """For each queue an index is read until there are enough: the conditions are put together once for all of them."""
    try:
        sql, values = tickets.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return "NULL", ()
    one = f"SELECT count(*) AS n FROM ({sql} AND tickets_ticket.queue_id = queue.id LIMIT {SHOWN + 1}) counted"  # noqa: S608
    each = f"FROM unnest(%s::bigint[]) queue(id), LATERAL ({one}) found WHERE found.n > 0"
    return f"(SELECT json_object_agg(queue.id, found.n)::text {each})", ([int(queue) for queue in queues], *values)
