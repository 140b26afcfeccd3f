"""Spreadsheets: what they hold is text, whatever somebody wrote."""

from __future__ import annotations

import csv
import io

import pytest

from govbr import sheets


def read(data: bytes) -> list[list[str]]:
    """As a Brazilian spreadsheet reads it."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.parametrize(
    "written",
    [
        "=1+1",
        "+55",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u200b=1",
        "＝1",
        "=cmd|' /C calc'!A0",
        "\n-1",
        "\0=1",
        "\u00a0@x",
    ],
)
def test_formulas_become_text(written: str) -> None:
    """CVE-2019-14749 and its kin: a subject that the spreadsheet of the reader runs."""
    cell = read(b"".join(sheets.lines([[written]])))[0][0]
    assert cell.startswith("'")
    assert cell[1:] == written.replace("\0", "")


@pytest.mark.parametrize("written", ["Ação", "1-2", "a=b", 'diz "não"; e sai', "linha 1\nlinha 2", "", "'x"])
def test_other_words_stay_as_they_are(written: str) -> None:
    assert read(b"".join(sheets.lines([[written, "fim"]]))) == [[written, "fim"]]


def test_lines_and_numbers_as_a_brazilian_spreadsheet_reads_them() -> None:
    assert b"".join(sheets.lines([["Nº", "Órgão"], [-5, "A"]])) == b"\xef\xbb\xbf" + "Nº;Órgão\r\n-5;A\r\n".encode()


def test_half_a_character_breaks_nothing() -> None:
    assert read(b"".join(sheets.lines([["a\ud800b"]]))) == [["a?b"]]


def test_the_download_has_its_name_and_is_no_page() -> None:
    response = sheets.response("chamados", [["a"]])
    assert response["Content-Disposition"] == 'attachment; filename="chamados.csv"'
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
