"""What the known situations of the catalog say of one request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from catalog.models import Offering, Priority

if TYPE_CHECKING:
    from accounts.models import Agency

IMPACT: Final = {
    "Sistema parado para todos": Priority.URGENT,
    "Função essencial parada": Priority.HIGH,
    "Há contorno possível": Priority.MEDIUM,
    "Baixo impacto": Priority.LOW,
}
"""The form's ``impacto`` → first priority (DESIGN §4)."""


class Given(Protocol):
    """An answer as a form gives it."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...


def first_priority(offering: Offering, answers: Sequence[Given], *, agency: Agency | None, text: str) -> Priority:
    """That of a routing rule which names one, else of the form's impact, else the offering's."""
    impact = next((IMPACT.get(answer.value) for answer in answers if answer.name == "impacto"), None)
    return impact or Priority(offering.default_priority)
