"""Tables of any length as CSV, XLSX and ODS files, written row by row: nothing is kept but the row in hand (docs/adr/0051).

What somebody wrote stays text. In CSV, which knows no types, ``govbr.sheets`` defuses it; XLSX and ODS type it as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import IO, Final
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import xlsxwriter

from govbr import sheets

Cell = str | int | date | None

ROWS: Final = 1_048_575
"""Rows of one sheet below its headings: what Excel and LibreOffice take. What is more goes on in a further sheet."""
LONGEST: Final = 32_767
"""Characters of one cell, by Excel's limit; the rest of a longer text is left out there."""
ABOUT: Final = "Sobre"
DATA: Final = "Dados"
_ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True, slots=True)
class Table:
    """``facts`` say what is in the file: filters, period, moment, definition. ``rows`` is read once."""

    facts: Sequence[tuple[str, str]]
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Format:
    label: str
    content_type: str
    write: Callable[[IO[bytes], Table], None]
    """Writes the whole table to a file that is open for binary writing and can seek."""


def _csv(target: IO[bytes], table: Table) -> None:
    """The facts, an empty line, the headings, the rows. UTF-8 with its mark, ``;`` and Windows' line ends."""
    rows = chain(table.facts, ((),), (table.headings,), (map(_typed_out, row) for row in table.rows))
    target.writelines(sheets.lines(rows))


def _typed_out(cell: Cell) -> str | int:
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else cell


def _xlsx(target: IO[bytes], table: Table) -> None:
    """Rows wait in temporary files of the library, one a sheet, until the end."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(target, options) as book:
        book.use_zip64()
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        bold = book.add_format({"bold": True})
        about = book.add_worksheet(ABOUT)
        about.set_column(0, 0, 20)
        about.set_column(1, 1, 100)
        for line, (label, value) in enumerate(table.facts):
            about.write_string(line, 0, _clean(label), bold)
            about.write_string(line, 1, _clean(value))
        for name, rows in _sheets(table):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(table.headings) - 1), 18)
            for column, heading in enumerate(table.headings):
                sheet.write_string(0, column, _clean(heading), bold)
            for line, row in enumerate(rows, start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(line, column, cell, day)
                    elif isinstance(cell, int):
                        sheet.write_number(line, column, cell)
                    elif cell:
                        sheet.write_string(line, column, _clean(cell))


def _ods(target: IO[bytes], table: Table) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", _ODS, ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _MANIFEST)
        with package.open("content.xml", "w", force_zip64=True) as content:
            content.write(_BEGIN.encode())
            for name, rows in chain([(ABOUT, iter(table.facts))], _sheets(table)):
                content.write(f"<table:table table:name={quoteattr(name)}>".encode())
                if name != ABOUT:
                    content.write(_ods_row(table.headings))
                content.writelines(_ods_row(row) for row in rows)
                content.write(b"</table:table>")
            content.write(_END.encode())


def _ods_row(row: Sequence[Cell]) -> bytes:
    # A row without any cell is no row by the format.
    return f"<table:table-row>{''.join(map(_ods_cell, row)) or '<table:table-cell/>'}</table:table-row>".encode()


def _ods_cell(cell: Cell) -> str:
    if isinstance(cell, date):
        return (
            f'<table:table-cell table:style-name="day" office:value-type="date" office:date-value="{cell:%Y-%m-%d}">'
            f"<text:p>{cell:%d/%m/%Y}</text:p></table:table-cell>"
        )
    if isinstance(cell, int):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    if not cell:
        return "<table:table-cell/>"
    # Runs of spaces and the spaces at an end count for one in a paragraph; the value beside it keeps them.
    text = escape(_clean(cell))
    value = quoteattr(_clean(cell), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in text.splitlines())
    return f'<table:table-cell office:value-type="string" office:string-value={value}>{paragraphs}</table:table-cell>'


def _sheets(table: Table) -> Iterator[tuple[str, Iterator[Sequence[Cell]]]]:
    """The sheets of the data: each name with its rows, which must be read before the next is asked for. One at least."""
    rows, number = iter(table.rows), 1
    first = next(rows, None)
    while first is not None or number == 1:
        head = () if first is None else (first,)
        yield DATA if number == 1 else f"{DATA} {number}", chain(head, islice(rows, ROWS - len(head)))
        first, number = next(rows, None), number + 1


def _clean(text: str) -> str:
    """Without what XML cannot hold, and no longer than a cell takes."""
    kept = "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
    return kept.encode(errors="replace").decode().replace("\ufffe", "").replace("\uffff", "")[:LONGEST]


FORMATS: Final = {
    "csv": Format("CSV", "text/csv; charset=utf-8", _csv),
    "xlsx": Format("XLSX, do Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "ods": Format("ODS, do LibreOffice", _ODS, _ods),
}
"""By the ending of the file's name."""

_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_BEGIN: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3">'
    '<office:automatic-styles><number:date-style style:name="dmy"><number:day number:style="long"/><number:text>/</number:text>'
    '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>'
    '<style:style style:name="day" style:family="table-cell" style:data-style-name="dmy"/></office:automatic-styles>'
    "<office:body><office:spreadsheet>"
)
_END: Final = "</office:spreadsheet></office:body></office:document-content>"
