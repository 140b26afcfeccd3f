"""Files that spreadsheet programs open: read again by other programs than the one that wrote them."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from reports import sheets
from reports.sheets import FORMATS, Sheet

FORMULAS = (
    '=HYPERLINK("http://evil.example";"x")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    ' "=1+1',
    "|cmd",
    "\n=1",
    "%0A=1",
)
WORDS = ("Órgão “X” & <b>Y</b>; a,b", "linha 1\nlinha 2", "")
"""Text of people that breaks what is badly escaped."""
DAY = datetime(2026, 11, 2)  # noqa: DTZ001 - a day, as openpyxl reads it


def sample(rows: Any = None) -> Sheet:
    given = [[text, 3, 2.5, date(2026, 11, 2), None] for text in (*FORMULAS, *WORDS)] if rows is None else rows
    return Sheet(
        "Título", [("Período", "novembro de 2026"), ("=Filtro", "@tudo")], ["=Texto", "Número", "Horas", "Dia", "Nada"], given
    )


def written(kind: str, sheet: Sheet) -> bytes:
    out = io.BytesIO()
    FORMATS[kind].write(sheet, out)
    return out.getvalue()


def test_csv_opens_in_brazil_and_holds_no_formula() -> None:
    raw = written("csv", sample())
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[:4] == [
        ["Período", "novembro de 2026"],
        ["'=Filtro", "'@tudo"],
        [],
        ["'=Texto", "Número", "Horas", "Dia", "Nada"],
    ]
    assert [row[0] for row in lines[4:]] == [*(f"'{text.replace(chr(13), '')}" for text in FORMULAS), *WORDS]
    assert {tuple(row[1:]) for row in lines[4:]} == {("3", "2,5", "02/11/2026", "")}


def test_xlsx_holds_text_numbers_and_days() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", sample())))
    assert book.sheetnames == ["Sobre", "Dados"]
    assert [[cell.value for cell in row] for row in book["Sobre"]] == [
        ["Título", None], ["Período", "novembro de 2026"], ["=Filtro", "@tudo"],
    ]  # fmt: skip
    cells = list(book["Dados"])[1:]
    assert {row[0].data_type for row in cells} <= {"s", "inlineStr", "n"}  # "f" is a formula; an empty text is an empty cell
    assert [str(row[0].value or "").strip() for row in cells] == [
        text.replace("\r", "").strip() for text in (*FORMULAS, *WORDS)
    ]
    assert {(row[1].value, row[2].value, row[3].value, row[4].value) for row in cells} == {(3, 2.5, DAY, None)}


def test_ods_holds_text_numbers_and_days(tmp_path: Path) -> None:
    file = tmp_path / "t.ods"
    file.write_bytes(written("ods", sample()))
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["Sobre", "Dados"]
    rows = book.get_sheet_by_name("Dados").to_python()[1:]
    assert [str(row[0]).strip() for row in rows] == [text.replace("\r", "").strip() for text in (*FORMULAS, *WORDS)]
    assert {(row[1], row[2], row[3]) for row in rows} == {(3, 2.5, date(2026, 11, 2))}


def test_what_is_too_long_for_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sheets, "MOST", 3)
    for count, names in ((0, ["Dados"]), (3, ["Dados"]), (4, ["Dados", "Dados 2"]), (7, ["Dados", "Dados 2", "Dados 3"])):
        given = [[str(n)] for n in range(count)]
        book = openpyxl.load_workbook(io.BytesIO(written("xlsx", sample(given))))
        assert book.sheetnames == ["Sobre", *names]
        assert [row[0].value for name in names for row in list(book[name])[1:]] == [str(n) for n in range(count)]
        file = tmp_path / f"{count}.ods"
        file.write_bytes(written("ods", sample(given)))
        assert CalamineWorkbook.from_path(str(file)).sheet_names == ["Sobre", *names]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_spreadsheet_program_opens_it_and_reckons_nothing(kind: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt-get install libreoffice-calc-nogui"
    (tmp_path / f"t.{kind}").write_bytes(written(kind, sample()))
    # A CSV is told apart by its options: semicolons, quotation marks, UTF-8, and formulas taken for what they look like.
    reads = ["--infilter=CSV:59,34,76,1,,0,false,true,false,false,false"] if kind == "csv" else []
    to_csv = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,true,false,false,-1"
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", *reads, "--convert-to", to_csv]
    subprocess.run([*command, f"t.{kind}", "--outdir", "out"], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    (made,) = (path for path in (tmp_path / "out").iterdir() if "Sobre" not in path.name)
    text = made.read_text()  # formulas, had there been any, as formulas
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") if len(row) > 3 and row[1] == "3"]
    mark = "'" if kind == "csv" else ""
    assert [row[0].strip().removeprefix(mark).strip() for row in rows] == [
        text.replace("\r", "").strip() for text in (*FORMULAS, *WORDS)
    ]
