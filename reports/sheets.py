"""Tables as files that spreadsheet programs open: CSV, XLSX, ODS (docs/adr/0052).

Row by row, whatever their number: what is in memory does not grow with it. Text is text in every format, never a formula.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Sequence

Cell = str | int | float | date | None
"""Of times only those in words: a spreadsheet knows no time zone."""

MOST: Final = 1_000_000
"""Rows of one sheet, for programs stop at 1,048,576, headings included. More go on the next sheet."""
LONGEST: Final = 32_000
"""Letters of one cell: XLSX takes 32,767."""
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
"""What a cell of a CSV must not begin with (OWASP, CSV injection), spaces and quotation marks before it aside."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``about`` are lines of a label and a value: what this is, of when, narrowed by what."""

    title: str
    about: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_csv(sheet: Sheet, out: IO[bytes]) -> None:
    """As spreadsheet programs in Brazil open it: UTF-8 with a mark, semicolons, decimal commas, CRLF."""
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    try:
        writer = csv.writer(text, delimiter=";")
        writer.writerows([_plain(value) for value in line] for line in sheet.about)
        writer.writerow([])
        writer.writerow([_plain(heading) for heading in sheet.headings])
        writer.writerows([_plain(value) for value in row] for row in sheet.rows)
    finally:
        text.detach()  # what is written into stays open


def _text(value: str) -> str:
    """Without what no format can hold: control characters other than tabs and ends of lines."""
    return "".join(letter for letter in value[:LONGEST] if letter >= " " or letter in "\t\n")


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        words = _text(value)
        return f"'{words}" if words.lstrip(" \u00a0\"'").startswith(FORMULA) else words
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value).replace(".", ",")


def write_xlsx(sheet: Sheet, out: IO[bytes]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        for title, lines, heading in _pages(sheet):
            page = book.add_worksheet(title)
            page.set_column(0, 40, 18)
            for at, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, str):
                        page.write_string(at, column, _text(value), bold if at in heading else None)
                    elif isinstance(value, date):
                        page.write_datetime(at, column, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - a day
                    elif value is not None:
                        page.write_number(at, column, value)


def write_ods(sheet: Sheet, out: IO[bytes]) -> None:
    """By hand: no library writes it without holding all of it (OpenDocument 1.3, part 3)."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", ODS, zipfile.ZIP_STORED)
        packed.writestr("META-INF/manifest.xml", MANIFEST)
        with packed.open("content.xml", "w", force_zip64=True) as content:
            content.write(CONTENT.encode())
            for title, lines, _ in _pages(sheet):
                content.write(f"<table:table table:name={quoteattr(title)}>".encode())
                while piece := "".join(map(_ods_row, islice(lines, 500))):
                    content.write(piece.encode())
                content.write(b"</table:table>")
            content.write(b"</office:spreadsheet></office:body></office:document-content>")


def _pages(sheet: Sheet) -> Iterator[tuple[str, Iterator[Sequence[Cell]], range]]:
    """Sheets of at most ``MOST`` rows: the name, the lines, and which of these are headings. The first is told of alone."""
    yield "Sobre", iter([(sheet.title,), *sheet.about]), range(1)
    rows, number = iter(sheet.rows), 1
    first = next(rows, None)
    while number == 1 or first is not None:
        lines = chain([tuple(sheet.headings)], [] if first is None else [first], islice(rows, MOST - 1))
        yield "Dados" if number == 1 else f"Dados {number}", lines, range(1)
        first, number = next(rows, None), number + 1


ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
CONTENT: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3">'
    '<office:automatic-styles><number:date-style style:name="day"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="date" style:family="table-cell" style:data-style-name="day"/></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)


def _ods_row(line: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, line))}</table:table-row>"


def _ods_cell(value: Cell) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'table:style-name="date" office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
        return f"<table:table-cell {kind}><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(_text(value))}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


@dataclass(frozen=True, slots=True)
class Format:
    label: str
    content_type: str
    write: Callable[[Sheet, IO[bytes]], Any]


FORMATS: Final = {
    "csv": Format("CSV (texto)", "text/csv; charset=utf-8", write_csv),
    "xlsx": Format("XLSX (Excel)", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", write_xlsx),
    "ods": Format("ODS (LibreOffice)", ODS, write_ods),
}
