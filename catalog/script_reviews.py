"""Which scripts somebody has to read again, and the words that mark them wherever they are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

import worktime

if TYPE_CHECKING:
    from datetime import date

    from catalog.models import SupportScript


def today() -> date:
    """In Brasília."""
    return worktime.now().astimezone(worktime.BRASILIA).date()


def reasons(script: SupportScript, day: date) -> list[str]:
    """Why it has to be read again, in pt-BR; empty where it has not."""
    said = []
    if script.holds is False:
        said.append("não vale mais")
    if script.holds is None:
        said.append("falta confirmar se vale")
    if script.valid_until is not None and script.valid_until < day:
        said.append(f"validade terminou em {script.valid_until:%d/%m/%Y}")
    if script.review_due is not None and script.review_due < day:
        said.append(f"revisão venceu em {script.review_due:%d/%m/%Y}")
    return said


def is_due(day: date) -> Q:
    """The same as a condition, of those that are on the air."""
    late = Q(valid_until__lt=day) | Q(review_due__lt=day)
    return Q(active=True) & (Q(holds=None) | Q(holds=False) | late)
