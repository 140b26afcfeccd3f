"""Several small look-ups in one statement: the database answers each at once, and the way there is what takes time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Model, QuerySet

    Part = str | QuerySet[Any, Any]

Row = dict[str, Any]
Found = TypeVar("Found", bound="Model")


def rows_of(parts: Mapping[str, Part], values: Mapping[str, Any]) -> dict[str, list[Row]]:
    """What each part finds, as the database writes it in JSON, in the part's own order. One query.

    A part is SQL of our own constants, whose ``%(name)s`` stand among ``values``, or a queryset with ``.values()``.
    """
    written: dict[str, Any] = dict(values)
    statements = []
    for name, part in parts.items():
        sql = part if isinstance(part, str) else _named(name, part, written)
        statements.append(f"(SELECT coalesce(json_agg(part), '[]') FROM ({sql}) part)" if sql else "'[]'::json")  # noqa: S608 - of our own constants
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements)}", written)
        return dict(zip(parts, cursor.fetchone(), strict=True))


def _named(name: str, part: QuerySet[Any, Any], written: dict[str, Any]) -> str:
    """A queryset's SQL with its parameters by name; empty where it can find nothing."""
    try:
        sql, params = part.query.sql_with_params()
    except EmptyResultSet:
        return ""
    places = [f"{name}_{number}" for number in range(len(params))]
    written.update(zip(places, params, strict=True))
    pieces = sql.split("%s")
    return "".join(piece + f"%({place})s" for piece, place in zip(pieces, places, strict=False)) + pieces[-1]


def models_of(model: type[Found], rows: Sequence[Row]) -> list[Found]:
    """The same as rows of a model, with the columns that were read."""
    fields = [field for field in model._meta.concrete_fields if rows and field.column in rows[0]]
    names = [field.attname for field in fields]
    return [model.from_db("default", names, [field.to_python(row[str(field.column)]) for field in fields]) for row in rows]
