"""Form fields for the kinds of number that Brazilian forms ask for.

Each takes the number with or without its mask, gives it back without, and says in one clear
sentence what is wrong with it. A form shown again keeps what was typed.
"""

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from govbr.text import format_cnpj, format_cpf, format_nup, format_phone

AREA_CODES = frozenset(
    f"{tens}{units}"
    for tens, all_units in enumerate(
        ["123456789", "12478", "1234578", "123456789", "1345", "123456789", "134579", "123456789", "123456789"], start=1
    )
    for units in all_units
)
"""The area codes in use (Anatel, Plano Geral de Códigos Nacionais)."""


def check_digit(number: str, weights: Iterable[int]) -> str:
    """Modulus 11 over the characters' ASCII codes less 48, as Receita Federal counts digits and letters alike."""
    rest = sum((ord(character) - 48) * weight for character, weight in zip(number, weights, strict=True)) % 11
    return str(0 if rest < 2 else 11 - rest)


def cpf_check_digits(first_nine: str) -> str:
    """The two digits that end the CPF that begins with these nine."""
    first = check_digit(first_nine, range(10, 1, -1))
    return first + check_digit(first_nine + first, range(11, 1, -1))


def cnpj_check_digits(first_twelve: str) -> str:
    """The two digits that end the CNPJ that begins with these twelve digits or capital letters (IN RFB 2.229/2024)."""
    weights = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    first = check_digit(first_twelve, weights)
    return first + check_digit(first_twelve + first, [6, *weights])


def nup_check_digits(base: str) -> str:
    """The two digits that end the NUP that begins with these 15, 13 (year of two digits) or 19.

    Modulus 11 with weights growing from 2 at the right (Portaria Interministerial MJSP/ME 11/2019, annex); of the number of
    21 digits, which a revoked rule foresaw and some systems gave out, modulus 97 (Portaria Interministerial 705/2015, annex).
    """
    if len(base) == 19:
        return f"{98 - int(base) * 100 % 97:02}"
    first = _nup_digit(base)
    return first + _nup_digit(base + first)


def _nup_digit(number: str) -> str:
    total = sum(int(digit) * weight for weight, digit in enumerate(reversed(number), start=2))
    return str((11 - total % 11) % 10)


class NumberField(forms.CharField):
    """A number of a public register: shown with its mask, stored without."""

    mask: ClassVar[str] = r"[\s.\-/]"
    attributes: ClassVar[dict[str, str]]

    def to_python(self, value: Any) -> str:
        return re.sub(self.mask, "", super().to_python(value) or "").upper()

    def prepare_value(self, value: Any) -> Any:
        return self.masked(value) if isinstance(value, str) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), **self.attributes}

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (code := self.fault(value)):
            raise ValidationError(self.error_messages[code], code=code, params={"typed": len(value)})

    def masked(self, value: str) -> str:
        """The number as people read it; anything else as it is."""
        raise NotImplementedError

    def fault(self, value: str) -> str | None:
        """The key of the sentence that says what is wrong, if anything is."""
        raise NotImplementedError


class CpfField(NumberField):
    """A CPF: 11 digits, of which the last two check the others."""

    attributes = {"inputmode": "numeric", "autocomplete": "off", "data-mask": "cpf"}
    default_error_messages = {
        "characters": "O CPF tem só números. Retire as letras e os outros sinais.",
        "length": "O CPF tem 11 números, e aqui há %(typed)s. Confira se falta ou sobra algum.",
        "repeated": "Este CPF não existe: todos os números são iguais.",
        "check": "Este CPF não é válido. Confira se algum número está trocado.",
    }

    def masked(self, value: str) -> str:
        return format_cpf(value)

    def fault(self, value: str) -> str | None:
        if not re.fullmatch("[0-9]+", value):
            return "characters"
        if len(value) != 11:
            return "length"
        if len(set(value)) == 1:
            return "repeated"
        return None if value[9:] == cpf_check_digits(value[:9]) else "check"


class CnpjField(NumberField):
    """A CNPJ: 12 digits or, since July 2026, capital letters too, then two check digits."""

    attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "data-mask": "cnpj"}
    default_error_messages = {
        "characters": "O CNPJ tem só números e letras sem acento, e os dois últimos são números.",
        "length": "O CNPJ tem 14 números ou letras, e aqui há %(typed)s. Confira se falta ou sobra algum.",
        "repeated": "Este CNPJ não existe: todos os números são iguais.",
        "check": "Este CNPJ não é válido. Confira se algum número ou letra está trocado.",
    }

    def masked(self, value: str) -> str:
        return format_cnpj(value)

    def fault(self, value: str) -> str | None:
        if not re.fullmatch("[0-9A-Z]+", value):
            return "characters"
        if len(value) != 14:
            return "length"
        if not re.fullmatch("[0-9]{2}", value[12:]):
            return "characters"
        if len(set(value)) == 1:
            return "repeated"
        return None if value[12:] == cnpj_check_digits(value[:12]) else "check"


class NupField(NumberField):
    """A NUP: 17 digits; 15 in numbers of before 2000, whose year has two, and 21 in a format that was foreseen once."""

    attributes = {"inputmode": "numeric", "autocomplete": "off", "data-mask": "nup"}
    default_error_messages = {
        "characters": "O NUP tem só números. Retire as letras e os outros sinais.",
        "length": "O NUP tem 17 números, e aqui há %(typed)s. Os antigos têm 15 ou 21.",
        "repeated": "Este NUP não existe: todos os números são iguais.",
        "check": "Este NUP não é válido. Confira se algum número está trocado.",
    }

    def masked(self, value: str) -> str:
        return format_nup(value)

    def fault(self, value: str) -> str | None:
        if not re.fullmatch("[0-9]+", value):
            return "characters"
        if len(value) not in (15, 17, 21):
            return "length"
        if len(set(value)) == 1:
            return "repeated"
        return None if value[-2:] == nup_check_digits(value[:-2]) else "check"


class PhoneField(NumberField):
    """A Brazilian telephone with its area code: 10 digits, or 11 for a mobile; ``+55`` and the trunk's 0 are dropped."""

    widget = forms.TextInput(attrs={"type": "tel"})
    mask = r"[\s.\-/()]"
    attributes = {"inputmode": "tel", "autocomplete": "tel-national", "data-mask": "phone"}
    default_error_messages = {
        "characters": "O telefone tem só números. Retire as letras e os outros sinais.",
        "length": "Digite o telefone com DDD: 10 números para fixo, 11 para celular. Aqui há %(typed)s.",
        "area": "Este DDD não existe. Comece pelos dois números do DDD da sua cidade.",
        "mobile": "O número de celular começa com 9 depois do DDD.",
        "landline": "O número fixo começa com 2, 3, 4 ou 5 depois do DDD. Se for celular, ponha o 9 na frente.",
    }

    def to_python(self, value: Any) -> str:
        return re.sub(r"\A(\+55)?0?(?=[1-9])", "", super().to_python(value))

    def masked(self, value: str) -> str:
        return format_phone(value)

    def fault(self, value: str) -> str | None:
        if not re.fullmatch("[0-9]+", value):
            return "characters"
        if len(value) not in (10, 11):
            return "length"
        if value[:2] not in AREA_CODES:
            return "area"
        if len(value) == 11:
            return None if value[2] == "9" else "mobile"
        return None if value[2] in "2345" else "landline"
