"""Files of tables, read back by an independent reader: complete, typed, and without a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from reports import export_files
from reports.export_files import FORMATS, Cell, Table

FACTS = [("Lista", "Abertos"), ("=Filtro", "+1")]
WRITTEN = [
    *("=1+1", "+55", "-2", "@SUM(A1)", "\t=1", " =1", '"=1', "=cmd|' /C calc'!A0", "＝1", '=HYPERLINK("http://example.org")'),
    *("Ação & <b>", "https://example.org/", "001", "a\nb", "  duas  margens  "),
]


def written(kind: str, rows: list[list[Cell]], headings: tuple[str, ...] = ("Número", "Assunto", "Dia")) -> bytes:
    target = io.BytesIO()
    FORMATS[kind].write(target, Table(FACTS, headings, iter(rows)))
    return target.getvalue()


def sheets_of(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_somebody_wrote_is_text_as_it_was(kind: str) -> None:
    found = sheets_of(written(kind, [[number, text, date(2026, 11, 23)] for number, text in enumerate(WRITTEN)]))
    assert list(found) == ["Sobre", "Dados"]
    assert found["Sobre"] == [list(fact) for fact in FACTS]
    assert found["Dados"][0] == ["Número", "Assunto", "Dia"]
    assert [row[1] for row in found["Dados"][1:]] == WRITTEN
    assert [(row[0], row[2]) for row in found["Dados"][1:]] == [(n, date(2026, 11, 23)) for n in range(len(WRITTEN))]


@pytest.mark.parametrize(
    ("kind", "member", "mark"), [("xlsx", "xl/worksheets/sheet2.xml", b"<f>"), ("ods", "content.xml", b":formula")]
)
def test_no_cell_is_a_formula(kind: str, member: str, mark: bytes) -> None:
    data = written(kind, [[1, text, None] for text in WRITTEN])
    with ZipFile(io.BytesIO(data)) as package:
        assert b"1+1" in package.read(member)
        assert mark not in package.read(member)


def test_csv_has_the_facts_then_the_rows_defused() -> None:
    data = written("csv", [[7, "=1+1", date(2026, 11, 3)], [-5, "Ação; fim", None]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";")) == [
        ["Lista", "Abertos"],
        ["'=Filtro", "'+1"],
        [],
        ["Número", "Assunto", "Dia"],
        ["7", "'=1+1", "03/11/2026"],
        ["-5", "Ação; fim", ""],
    ]


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_past_the_rows_of_a_sheet_it_goes_on_in_another(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_files, "ROWS", 3)
    for count, told in ((0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])):
        found = sheets_of(written(kind, [[number, "x", None] for number in range(count)]))
        data = [rows for name, rows in found.items() if name.startswith("Dados")]
        assert [len(rows) - 1 for rows in data] == told
        assert all(rows[0] == ["Número", "Assunto", "Dia"] for rows in data)
        assert [row[0] for rows in data for row in rows[1:]] == list(range(count))


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_signs_that_no_xml_holds_and_endless_text_break_nothing(kind: str) -> None:
    data = written(kind, [[1, "a\0\x0b\ud800\ufffeb", None], [2, "á" * 40_000, None]])
    if kind != "csv":
        rows = sheets_of(data)["Dados"]
        assert rows[1][1] == "a?b"
        assert rows[2][1] == "á" * export_files.LONGEST
