"""Kept answers read as people write them, and a CPF never shows whole."""

import pytest

from catalog.models import FormField
from tickets.answers import shown
from tickets.models import Answer

Kind = FormField.Kind


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.TEXT, "SEI 4.1", "SEI 4.1"),
        (Kind.CHOICE, "Produção", "Produção"),
        (Kind.CPF, "12345678909", "***.456.789-**"),
        (Kind.CPF, "", ""),
        (Kind.CNPJ, "12345678000195", "12.345.678/0001-95"),
        (Kind.PHONE, "61998765432", "(61) 99876-5432"),
        (Kind.BOOLEAN, "sim", "Sim"),
        (Kind.BOOLEAN, "nao", "Não"),
        (Kind.DATE, "2026-11-23", "23/11/2026"),
        (Kind.DATE, "ontem", "ontem"),
        (Kind.DATETIME, "2026-11-23T13:05:00+00:00", "23/11/2026 às 10:05"),
        (Kind.DATETIME, "2026-11-23T10:05", "23/11/2026 às 10:05"),
        (Kind.DATETIME, "", ""),
    ],
)
def test_an_answer_is_shown(kind: str, value: str, text: str) -> None:
    assert shown(Answer(kind=kind, value=value)) == text
