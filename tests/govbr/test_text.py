"""Folding and formatting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbr.text import fold, format_cnpj, format_cpf, format_phone, mask_cpf


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ação", "acao"),
        ("NÃO CONSTA", "nao consta"),
        ("São João d'El-Rei", "sao joao d'el-rei"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_folding_drops_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_numbers_are_written_as_people_read_them() -> None:
    assert format_cpf("12345678909") == "123.456.789-09"
    assert mask_cpf("12345678909") == "***.456.789-**"
    assert format_cnpj("12ABC34501DE35") == "12.ABC.345/01DE-35"
    assert format_phone("61998765432") == "(61) 99876-5432"
    assert format_phone("6134110000") == "(61) 3411-0000"


@pytest.mark.parametrize("value", ["", "1234567890", "123456789012345", "123.456.789-09", "12345678909\n", "<b>"])
def test_what_is_no_number_is_left_as_it_is(value: str) -> None:
    assert format_cpf(value) == value
    assert mask_cpf(value) == ""
    assert format_cnpj(value) == value


@given(st.text(max_size=20))
def test_a_masked_cpf_never_shows_the_digits_that_identify(value: str) -> None:
    shown = mask_cpf(value)
    assert shown == "" or (len(shown) == 14 and shown.startswith("***.") and shown.endswith("-**"))
