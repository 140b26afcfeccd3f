"""How a kept answer of the offering's form is read."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import worktime
from catalog.models import FormField
from govbr.text import format_cnpj, format_phone, mask_cpf

if TYPE_CHECKING:
    from tickets.models import Answer

Kind = FormField.Kind


def shown(answer: Answer) -> str:
    """The answer as people write it; a CPF masked, a moment in Brasília's time.

    What does not parse is shown as it was kept: an old answer never breaks a page.
    """
    value = answer.value
    match answer.kind:
        case Kind.CPF:
            text = mask_cpf(value)
        case Kind.CNPJ:
            text = format_cnpj(value)
        case Kind.PHONE:
            text = format_phone(value)
        case Kind.BOOLEAN:
            text = {"sim": "Sim", "nao": "Não"}.get(value, value)
        case Kind.DATE:
            text = _day(value)
        case Kind.DATETIME:
            text = _moment(value)
        case _:
            text = value
    return text


def _day(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except ValueError:
        return value


def _moment(value: str) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.tzinfo is not None:
        moment = moment.astimezone(worktime.BRASILIA)
    return f"{moment:%d/%m/%Y às %H:%M}"
