"""What the known situations of the catalog say of one request."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from catalog.conditions import BadCondition, Facts, matches
from catalog.models import Offering, Priority, RoutingRule

if TYPE_CHECKING:
    from accounts.models import Agency

logger = logging.getLogger(__name__)

IMPACT: Final = {
    "Sistema parado para todos": Priority.URGENT,
    "Função essencial parada": Priority.HIGH,
    "Há contorno possível": Priority.MEDIUM,
    "Baixo impacto": Priority.LOW,
}
"""The form's ``impacto`` → first priority (DESIGN §4)."""


ERROR_MESSAGE: Final = "mensagem_erro"
"""The answer with the words that the system showed."""


class Given(Protocol):
    """An answer as a form gives it."""

    @property
    def name(self) -> str: ...
    @property
    def value(self) -> str: ...


def facts_of(
    offering: Offering,
    answers: Sequence[Given],
    *,
    agency: Agency | None,
    represents_agency: bool,
    text: str,
    similar_open: bool = False,
) -> Facts:
    """What the routing rules may ask about a request before it is opened.

    ``text`` is the title and the description; the error message of the answers belongs to the words too.
    ``similar_open`` is what ``likeness.has_similar_open`` says, for who shows the rules' advice.
    """
    answered = {answer.name: answer.value for answer in answers}
    return Facts(
        product=offering.product.slug,
        support_type=offering.support_type.slug,
        agency_kind=agency.kind if agency else "",
        agency_slug=agency.slug if agency else "",
        legal_nature=agency.legal_nature if agency else "",
        represents_agency=represents_agency,
        answers=answered,
        text=f"{text}\n{answered.get(ERROR_MESSAGE, '')}",
        similar_open=similar_open,
    )


def rules_for(offering: Offering, facts: Facts) -> list[RoutingRule]:
    """The active rules of the offering's core system whose conditions hold, in their order. One query."""
    return holding(RoutingRule.objects.filter(core_system=offering.product.core_system_id, active=True), facts)


def holding(rules: Iterable[RoutingRule], facts: Facts) -> list[RoutingRule]:
    """Those of the rules whose conditions hold, in their order.

    A rule that cannot be read is logged and left out: a curator's slip must not stop a request.
    """
    found = []
    for rule in rules:
        try:
            if matches(rule, facts):
                found.append(rule)
        except BadCondition:
            logger.exception("Routing rule %s cannot be read", rule.slug)
    return found


def first_priority(offering: Offering, facts: Facts) -> Priority:
    """That of the first rule which names one, else of the form's impact, else the offering's (DESIGN §4)."""
    naming = RoutingRule.objects.filter(core_system=offering.product.core_system_id, active=True, priority__isnull=False)
    named = next((rule.priority for rule in holding(naming, facts)), None)
    return Priority(named or IMPACT.get(facts.answers.get("impacto", "")) or offering.default_priority)
