"""Each kind of question of the catalog: its form field, its answer as kept, and its answer as read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from catalog.models import FormField
from govbr.fields import CnpjField, CpfField, NupField, PhoneField
from govbr.text import format_cnpj, format_nup, format_phone, mask_cpf
from tickets.models import REDACTED
from worktime import moment_said

Kind = FormField.Kind

SHORT = 200
"""Characters of a short text whose question names no limit."""
LONG = 8_000
"""Characters of a long text whose question names no limit."""
YEARS: Final = range(1990, 2101)
"""Years that a date may be of; others are slips of the finger."""

YES, NO = "sim", "nao"


class LongTextField(forms.CharField):
    """Several lines. A line break counts as one character, as browsers count it, though they send two."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class WebAddressField(forms.URLField):
    default_validators = [
        URLValidator(schemes=["http", "https"], message="Digite o endereço completo, como https://sei.orgao.gov.br.")
    ]


def in_known_years(value: date) -> None:
    if value.year not in YEARS:
        raise ValidationError(f"Confira o ano: aceitamos de {YEARS[0]} a {YEARS[-1]}.", code="year")


def field_for(asked: FormField) -> forms.Field:
    """The form field of a question, of any kind but body and file, with its sentences for what is wrong."""
    field = BUILDERS[Kind(asked.kind)](asked)
    field.label, field.help_text, field.required = asked.label, asked.help_text, asked.required
    field.widget.is_required = asked.required
    field.suggestions = list(asked.suggestions)  # type: ignore[attr-defined]  # the tag {% control %} offers them
    return field


def _text(asked: FormField) -> forms.Field:
    return forms.CharField(max_length=asked.max_length or SHORT, error_messages=FILL)


def _long_text(asked: FormField) -> forms.Field:
    return LongTextField(max_length=asked.max_length or LONG, error_messages=FILL)


def _choice(asked: FormField) -> forms.Field:
    choices = [("", "Escolha uma opção"), *((option, option) for option in asked.options)]
    messages = {"required": "Escolha uma opção.", "invalid_choice": "Escolha uma das opções da lista."}
    return forms.ChoiceField(choices=choices, error_messages=messages)


def _boolean(asked: FormField) -> forms.Field:
    return forms.BooleanField(error_messages={"required": "Marque para continuar."})


def _email(asked: FormField) -> forms.Field:
    return forms.EmailField(
        max_length=254, error_messages={**FILL, "invalid": "Digite um e-mail completo, como nome@orgao.gov.br."}
    )


def _url(asked: FormField) -> forms.Field:
    invalid = "Digite o endereço completo, como https://sei.orgao.gov.br."
    return WebAddressField(max_length=400, assume_scheme="https", error_messages={**FILL, "invalid": invalid})


def _date(asked: FormField) -> forms.Field:
    return forms.DateField(
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        validators=[in_known_years],
        error_messages={**FILL, "invalid": "Digite a data com dia, mês e ano, como 23/11/2026."},
    )


def _datetime(asked: FormField) -> forms.Field:
    return forms.DateTimeField(
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S"],
        validators=[in_known_years],
        error_messages={**FILL, "invalid": "Digite a data e a hora, como 23/11/2026 14:30."},
    )


FILL: Final = {"required": "Preencha este campo."}
BUILDERS: Final[dict[Kind, Callable[[FormField], forms.Field]]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _long_text,
    Kind.CHOICE: _choice,
    Kind.BOOLEAN: _boolean,
    Kind.PHONE: lambda asked: PhoneField(error_messages=FILL),
    Kind.CPF: lambda asked: CpfField(error_messages=FILL),
    Kind.EMAIL: _email,
    Kind.URL: _url,
    Kind.CNPJ: lambda asked: CnpjField(error_messages=FILL),
    Kind.DATETIME: _datetime,
    Kind.DATE: _date,
    Kind.NUP: lambda asked: NupField(error_messages=FILL),
}


def as_kept(value: object) -> str:
    """The canonical text of a cleaned value; empty for no answer.

    ``sim``/``nao`` for a mark; ISO 8601 for dates, moments in UTC, whatever zone they were typed in.
    """
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def as_read(kind: str, value: str) -> str:
    """A kept answer as people read it: with its mask, in Brasília's time, the CPF partly hidden; a redacted one as it is."""
    read = READERS.get(Kind(kind)) if REDACTED not in value else None
    return read(value) if read is not None and value else value


def _moment(value: str) -> str:
    return moment_said(datetime.fromisoformat(value))


READERS: Final[dict[Kind, Callable[[str], str]]] = {
    Kind.BOOLEAN: lambda value: "Sim" if value == YES else "Não",
    Kind.CPF: mask_cpf,
    Kind.CNPJ: format_cnpj,
    Kind.PHONE: format_phone,
    Kind.NUP: format_nup,
    Kind.DATE: lambda value: f"{date.fromisoformat(value):%d/%m/%Y}",
    Kind.DATETIME: _moment,
}
