"""Facts as columns of numbers, which a wide panel reads in a moment (docs/adr/0054).

A block is what there is of so many tickets. Of each block and column the database keeps the values one after another, as
bytes, in the order of ticket and cycle. A block whose facts change is thrown away in the same transaction; until the job
packs it again, whoever reads it packs it for himself. So columns never say other than the facts.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from django.db import connection, models, transaction
from django.db.models import Count

from reports.models import CycleFact, FactColumn, Gathered

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from numpy.typing import NDArray

Columns = dict[str, "NDArray[Any]"]
"""Name → values; all as long as each other."""

BLOCK: Final = 8192
"""Tickets of which a block holds the facts."""
PIECE: Final = 16
"""Blocks that are in memory at once: a few megabytes."""
TURN: Final = 8
"""Blocks that the job packs under one lock: about a quarter of a second."""
EPOCH: Final = date(2000, 1, 1)
NO_DAY: Final = -(2**15)
NONE: Final = -1
"""What an empty number, or an empty reference, is packed as. No duration and no id is negative."""
UNPACKED: Final = ("id", "ticket", "ordinal", "as_of")
NAMES: Final = tuple(field.name for field in CycleFact._meta.concrete_fields if field.name not in UNPACKED)

ORDER: Final = "ORDER BY ticket_id, ordinal"
BLOCKS: Final = f"""
    WITH RECURSIVE of(block) AS (
        (SELECT ticket_id / {BLOCK} FROM reports_cyclefact ORDER BY ticket_id LIMIT 1)
        UNION ALL
        SELECT (
            SELECT ticket_id / {BLOCK} FROM reports_cyclefact WHERE ticket_id >= (of.block + 1) * {BLOCK}
            ORDER BY ticket_id LIMIT 1
        ) FROM of WHERE of.block IS NOT NULL
    ) SELECT block FROM of WHERE block IS NOT NULL"""  # noqa: S608 - a number of ours
"""One look into the index for each block: the first ticket of the next one that has any."""
HEAD: Final = struct.Struct(">11sii")
"""What a binary copy begins with (PostgreSQL, COPY, "Binary Format"): a signature, flags, the length of what more there is."""
FIELDS: Final = struct.Struct(">h")
LENGTH: Final = struct.Struct(">i")
END: Final = -1


def code(word: str) -> int:
    """A word of a short list as a number of two bytes, as the database makes it too; a test says that no two share one."""
    return int.from_bytes(hashlib.md5(word.encode(), usedforsecurity=False).digest()[:2]) - 2**15


def day(value: date) -> int:
    return (value - EPOCH).days


def _bytes_of(name: str) -> str:
    """SQL: one fact's value as bytes."""
    field = CycleFact._meta.get_field(name)
    column = f'"{field.column}"'  # type: ignore[union-attr]  # of the table itself
    match field:
        case models.BooleanField():
            return f"boolsend({column})"
        case models.DateField():
            return f"int2send(coalesce({column} - DATE '{EPOCH}', {NO_DAY})::int2)"
        case models.CharField():
            return f"int2send((('x' || left(md5({column}), 4))::bit(16)::int - 32768)::int2)"
        case models.PositiveSmallIntegerField():
            return f"int2send({column})"
        case _:
            return f"int4send(coalesce({column}, {NONE})::int4)"


def _shape(name: str) -> str:
    field = CycleFact._meta.get_field(name)
    if isinstance(field, models.BooleanField):
        return "?"
    return ">i2" if isinstance(field, (models.DateField, models.CharField, models.PositiveSmallIntegerField)) else ">i4"


SHAPES: Final = {name: _shape(name) for name in NAMES}


def _packing(names: Iterable[str]) -> str:
    """SQL: block, name and bytes of these columns, of the blocks that are its parameter."""
    names = list(names)
    packed = ", ".join(f"string_agg({_bytes_of(name)}, '' {ORDER}) AS c{place}" for place, name in enumerate(names))
    values = ", ".join(f"('{name}', c{place})" for place, name in enumerate(names))
    return (
        "SELECT packed.block, named.name, named.data"  # noqa: S608 - names of columns, and numbers of ours
        f" FROM unnest(%s::bigint[]) AS of(block), LATERAL (SELECT of.block::int, {packed} FROM reports_cyclefact"
        f" WHERE ticket_id >= of.block * {BLOCK} AND ticket_id < (of.block + 1) * {BLOCK} HAVING count(*) > 0) AS packed,"
        f" LATERAL (VALUES {values}) AS named(name, data)"
    )


def unpack(tickets: Iterable[int]) -> None:
    """Throw away the blocks of these tickets: their facts have changed. For the transaction that changes them."""
    FactColumn.objects.filter(block__in={ticket // BLOCK for ticket in tickets}).delete()


def pack() -> int:
    """Pack the blocks that are not; how many. Safe beside itself and beside who writes facts: both take the same lock."""
    done = 0
    while count := _turn():
        done += count
    return done


@transaction.atomic
def _turn() -> int:
    if Gathered.objects.select_for_update(skip_locked=True).first() is None:
        return 0
    whole = FactColumn.objects.values("block").annotate(count=Count("pk")).filter(count=len(NAMES))
    known = set(whole.values_list("block", flat=True))
    blocks = [block for block in _blocks() if block not in known][:TURN]
    if blocks:
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO reports_factcolumn (block, name, data) {_packing(NAMES)}"
                " ON CONFLICT (block, name) DO UPDATE SET data = excluded.data",
                [blocks],
            )
    return len(blocks)


def _blocks() -> list[int]:
    """Those in which there are facts."""
    with connection.cursor() as cursor:
        cursor.execute(BLOCKS)
        return [block for (block,) in cursor.fetchall()]


def pieces(names: Collection[str]) -> Iterator[Columns]:
    """These columns of all facts, a piece at a time; every fact stands in one piece.

    One query, and one for each piece, or two where something is not packed yet.
    """
    blocks = _blocks()
    for start in range(0, len(blocks), PIECE):
        found = _read(blocks[start : start + PIECE], sorted(names))
        yield {name: np.frombuffer(b"".join(found[name]), SHAPES[name]).astype(_own(name)) for name in names}


def _own(name: str) -> str:
    """The same shape in the order of bytes that this machine counts in."""
    return SHAPES[name].replace(">", "=")


def _read(blocks: list[int], names: list[str]) -> dict[str, list[bytes]]:
    """Of each column its bytes in all these blocks, in the same order."""
    kept = defaultdict[int, dict[str, bytes]](dict)
    packed = "SELECT block, name, data FROM reports_factcolumn WHERE block = ANY(%s) AND name = ANY(%s)"
    for block, name, data in _copied(packed, [blocks, names]):
        kept[block][name] = data
    bare = [block for block in blocks if len(kept[block]) < len(names)]
    if bare:
        for block, name, data in _copied(_packing(names), [bare]):
            kept[block][name] = data
    return {name: [kept[block][name] for block in blocks if kept[block]] for name in names}


def _copied(query: str, given: list[Any]) -> Iterator[tuple[int, str, bytes]]:
    """Block, name and bytes of each row. The driver gives bytes as text, twice as long, except in a copy."""
    copy = io.BytesIO()
    with connection.cursor() as cursor:
        asked = cursor.mogrify(query, given).decode()
        cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT binary)", copy)
    rows = copy.getvalue()
    at = HEAD.size + HEAD.unpack_from(rows)[-1]
    while FIELDS.unpack_from(rows, at)[0] != END:
        at += FIELDS.size
        row = []
        for _ in range(3):
            (length,) = LENGTH.unpack_from(rows, at)
            at += LENGTH.size
            row.append(rows[at : at + length])
            at += length
        block, name, data = row
        yield LENGTH.unpack(block)[0], name.decode(), data
