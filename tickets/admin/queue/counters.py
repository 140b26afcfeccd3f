"""How many tickets a list has, and its views and queues: the latter in one query, none counted further than it is shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection

from tickets.admin.queue.everybodys import EVERYBODYS, SIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet

    from tickets.admin.queue.filtering import Viewer
    from tickets.models import Ticket
    from tickets.querysets import TicketQuerySet

SHOWN: Final = 99
"""A view with more is told as ``99+``."""


@dataclass(frozen=True, slots=True)
class Counts:
    views: list[int]
    """Everybody's, then those that people keep."""
    queues: dict[str, int]
    """Queue id → open tickets in sight; those with none are left out."""


def of_list(listed: QuerySet[Ticket], most: int) -> int:
    """How many a list has, ``most`` at most."""
    sql, values = _bounded(listed, most)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", values)
        (count,) = cursor.fetchone()
    return int(count)


def read(desk: TicketQuerySet, *, kept: Sequence[TicketQuerySet], queues: Sequence[str], by: Viewer) -> Counts:
    """Of each view and of each queue ``SHOWN`` and one more at most.

    ``desk`` are all open tickets that the person may come to; ``kept`` those of the views that people keep.
    """
    counted = [*_of_the_desk(desk, queues, by), *(_bounded(view, SHOWN + 1) for view in kept)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sql for sql, _ in counted)}", [value for _, values in counted for value in values])
        by_queue, *views = cursor.fetchone()
    return Counts(views, json.loads(by_queue) if by_queue else {})


def _bounded(tickets: QuerySet[Ticket], most: int) -> tuple[str, Sequence[Any]]:
    """In the order in which they are listed: without one the planner reads the table, the oldest tickets first."""
    try:
        sql, values = tickets.values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT count(*) FROM ({sql}) counted)", values  # noqa: S608 - the queryset's own, with its parameters


def _of_the_desk(desk: TicketQuerySet, queues: Sequence[str], by: Viewer) -> Iterator[tuple[str, Sequence[Any]]]:
    """By queue, then by view. The conditions of the desk are put together once for all of them."""
    try:
        sql, within = desk.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        yield "NULL", ()
        yield from (("0", ()) for _ in EVERYBODYS)
        return
    one = f"SELECT count(*) AS n FROM ({sql} AND {SIGHT} AND queue_id = queue.id LIMIT {SHOWN + 1}) counted"  # noqa: S608
    each = f"FROM unnest(%s::bigint[]) queue(id), LATERAL ({one}) found WHERE found.n > 0"
    yield f"(SELECT json_object_agg(queue.id, found.n)::text {each})", ([int(queue) for queue in queues], *within, by.at)
    for view in EVERYBODYS:
        condition, values = view.of(by)
        yield f"(SELECT count(*) FROM ({sql} AND {condition} LIMIT {SHOWN + 1}) counted)", (*within, *values)  # noqa: S608
