"""CPF, CNPJ and telephone fields: what they take, what they store, what they say."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from govbr.fields import (
    AREA_CODES,
    CnpjField,
    CpfField,
    NumberField,
    NupField,
    PhoneField,
    cnpj_check_digits,
    cpf_check_digits,
    nup_check_digits,
)
from govbr.text import format_cnpj, format_cpf, format_nup, format_phone

DIGITS = "0123456789"
LETTERS_TOO = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def fault_of(field: NumberField, value: str) -> str:
    with pytest.raises(forms.ValidationError) as caught:
        field.clean(value)
    (sentence,) = caught.value.messages
    assert sentence.endswith(".")
    assert "%(" not in sentence
    return str(caught.value.code)


@pytest.mark.parametrize("typed", ["12345678909", "123.456.789-09", " 123 456 789 09 ", "123456789-09"])
def test_a_cpf_is_stored_as_its_digits(typed: str) -> None:
    assert CpfField().clean(typed) == "12345678909"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1234567890", "length"),
        ("123456789090", "length"),
        ("111.111.111-11", "repeated"),
        ("12345678900", "check"),
        ("1234567890a", "characters"),
        ("١٢٣٤٥٦٧٨٩٠٩", "characters"),
        ("12345678909;", "characters"),
        ("", "required"),
    ],
)
def test_a_wrong_cpf_is_told_by_its_fault(typed: str, fault: str) -> None:
    assert fault_of(CpfField(), typed) == fault


@given(st.text(DIGITS, min_size=9, max_size=9))
def test_every_cpf_with_its_check_digits_is_taken_and_no_other_of_the_hundred(first: str) -> None:
    right = first + cpf_check_digits(first)
    taken = []
    for last in range(100):
        try:
            taken.append(CpfField().clean(f"{first}{last:02}"))
        except forms.ValidationError:
            continue
    assert taken == ([] if len(set(right)) == 1 else [right])
    assert CpfField().to_python(format_cpf(right)) == right


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),  # the example that Receita Federal published
        ("12abc34501de35", "12ABC34501DE35"),
        ("11.222.333/0001-81", "11222333000181"),
    ],
)
def test_a_cnpj_with_digits_or_letters_is_stored_without_mask(typed: str, stored: str) -> None:
    assert CnpjField().clean(typed) == stored


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("1122233300018", "length"),
        ("112223330001811", "length"),
        ("00000000000000", "repeated"),
        ("11222333000182", "check"),
        ("12ABC34501DE3A", "characters"),
        ("12ÃBC34501DE35", "characters"),
        ("", "required"),
    ],
)
def test_a_wrong_cnpj_is_told_by_its_fault(typed: str, fault: str) -> None:
    assert fault_of(CnpjField(), typed) == fault


@given(st.text(LETTERS_TOO, min_size=12, max_size=12).filter(lambda first: len(set(first)) > 1))
def test_every_cnpj_with_its_check_digits_is_taken(first: str) -> None:
    right = first + cnpj_check_digits(first)
    assert CnpjField().clean(format_cnpj(right)) == right
    wrong = first + f"{(int(right[12:]) + 1) % 100:02}"
    assert fault_of(CnpjField(), wrong) == "check"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("(61) 99876-5432", "61998765432"),
        ("61 3411.0000", "6134110000"),
        ("+55 61 99876-5432", "61998765432"),
        ("061 99876-5432", "61998765432"),
        ("(55) 3220-0000", "5532200000"),
    ],
)
def test_a_phone_is_stored_as_area_code_and_digits(typed: str, stored: str) -> None:
    assert PhoneField().clean(typed) == stored


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("99876-5432", "length"),
        ("3411-0000", "length"),
        ("619987654321", "length"),
        ("(20) 99876-5432", "area"),
        ("0800 978 9005", "area"),
        ("61 89876-5432", "mobile"),
        ("61 9876-5432", "landline"),
        ("ramal 22", "characters"),
        ("+1 212 555 0100", "characters"),
        ("", "required"),
    ],
)
def test_a_wrong_phone_is_told_by_its_fault(typed: str, fault: str) -> None:
    assert fault_of(PhoneField(), typed) == fault


@given(st.sampled_from(sorted(AREA_CODES)), st.text(DIGITS, min_size=8, max_size=8))
def test_every_mobile_of_every_area_is_taken_with_its_mask(area: str, rest: str) -> None:
    assert PhoneField().clean(format_phone(f"{area}9{rest}")) == f"{area}9{rest}"


@given(st.text())
@pytest.mark.parametrize("field", [CpfField(), CnpjField(), PhoneField()], ids=lambda field: type(field).__name__)
def test_whatever_is_typed_is_taken_or_refused_with_a_sentence(field: NumberField, typed: str) -> None:
    try:
        value = field.clean(typed)
    except forms.ValidationError as refusal:
        said = refusal.messages
    else:
        said = ["taken"]
        assert field.clean(value) == value
    assert len(said) == 1
    assert said[0]


class Person(forms.Form):
    cpf = CpfField(label="CPF")
    cnpj = CnpjField(label="CNPJ", required=False)
    phone = PhoneField(label="Telefone", required=False)


def test_an_optional_number_left_empty_is_empty() -> None:
    form = Person({"cpf": "123.456.789-09"})
    assert form.is_valid()
    assert form.cleaned_data == {"cpf": "12345678909", "cnpj": "", "phone": ""}


def test_a_stored_number_is_shown_with_its_mask_and_has_not_changed() -> None:
    form = Person({"cpf": "123.456.789-09"}, initial={"cpf": "12345678909"})
    assert not form.has_changed()
    assert 'value="123.456.789-09"' in str(Person(initial={"cpf": "12345678909"})["cpf"])


def test_a_refused_form_keeps_what_was_typed() -> None:
    form = Person({"cpf": "123.456.789-0x"})
    assert not form.is_valid()
    assert 'value="123.456.789-0x"' in str(form["cpf"])


def test_keyboards_and_browsers_know_what_is_asked() -> None:
    form = Person()
    assert 'inputmode="numeric"' in str(form["cpf"])
    assert 'autocapitalize="characters"' in str(form["cnpj"])
    phone = str(form["phone"])
    assert 'type="tel"' in phone
    assert 'autocomplete="tel-national"' in phone


@pytest.mark.parametrize(
    "typed",
    [
        *("23037.001380/2021-11", "23037.001434/2021-48", "60041.001093/2020-97", "19974.001455/2024-49"),  # published ones
        *("23037001380202111", " 23037 001380 2021 11 "),
    ],
)
def test_a_nup_is_stored_as_its_digits(typed: str) -> None:
    kept = NupField().clean(typed)
    assert kept.isdigit()
    assert len(kept) == 17
    assert NupField().clean(format_nup(kept)) == kept


@given(st.integers(0, 10**5 - 1), st.integers(0, 10**6 - 1), st.integers(70, 99))
def test_old_numbers_with_a_year_of_two_digits_are_taken(unit: int, number: int, year: int) -> None:
    base = f"{unit:05}{number:06}{year}"
    whole = base + nup_check_digits(base)
    assert NupField().clean(format_nup(whole)) == whole
    assert format_nup(whole)[13:] == f"{year}-{whole[-2:]}"


def test_a_number_of_21_digits_is_checked_by_modulus_97() -> None:
    base = "0000123000004562016"
    whole = base + nup_check_digits(base)
    assert int(whole) % 97 == 1
    assert NupField().clean("0000123.00000456/2016-" + whole[-2:]) == whole


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("23037.001380/2021-12", "check"),
        ("32037.001380/2021-11", "check"),
        ("2303700138020211", "length"),
        ("230370013802021111", "length"),
        ("23037.001380/2021-1x", "characters"),
        ("0" * 17, "repeated"),
        ("", "required"),
    ],
)
def test_a_wrong_nup_is_told_by_its_fault(typed: str, fault: str) -> None:
    assert fault_of(NupField(), typed) == fault
