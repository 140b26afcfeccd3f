"""Tables as the spreadsheets of Brazilian offices open them: CSV with a mark of UTF-8, ``;`` and Windows' line ends."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final

from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK: Final = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for the code page of the machine."""
FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What a cell begins with that a spreadsheet would reckon, send or run (CWE-1236); full width counts in some."""

Cell = str | int


def defused(cell: Cell) -> Cell:
    """The cell as text that no spreadsheet takes for a formula. Numbers are ours and stay numbers."""
    if isinstance(cell, int):
        return cell
    text = cell.replace("\0", "")
    bare = "".join(sign for sign in text[:20] if sign.isprintable() and not sign.isspace())
    return f"'{text}" if bare.startswith(FORMULA) or text[:1] in {"\t", "\r", "\n"} else text


class _Line:
    """What ``csv`` writes to: hands back each line."""

    def write(self, line: str) -> bytes:
        return line.encode(errors="replace")


def lines(rows: Iterable[Iterable[Cell]]) -> Iterator[bytes]:
    """The file line by line; nothing is kept but the row in hand."""
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield MARK
    for row in rows:
        yield writer.writerow([defused(cell) for cell in row])


def response(name: str, rows: Iterable[Iterable[Cell]]) -> StreamingHttpResponse:
    """The table as a download called ``name``.csv, sent while its rows are read."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(lines(rows), content_type="text/csv; charset=utf-8", headers=headers)
