"""What the catalog knows of a ticket's case, for who works on it: the known situations and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from catalog import conditions
from catalog.models import RoutingRule
from tickets import completeness, routing
from tickets.admin.bench.commands import COMMANDS
from tickets.completeness import Item, State
from tickets.models import Ticket
from tickets.states import OPEN, Action

if TYPE_CHECKING:
    from catalog.conditions import Facts
    from catalog.models import FormField
    from tickets.likeness import Card
    from tickets.models import Answer, Attachment

Outcome = RoutingRule.Outcome

DEEDS: Final[dict[str, Action]] = {Outcome.ADVISE_REFUSAL: Action.REFUSE, Outcome.ESCALATE: Action.ESCALATE}
"""The action that an outcome suggests."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What the desk does in a known situation that this ticket seems to be."""

    situation: str
    text: str
    outcome: str
    action: Action | None
    """What it suggests to do, if this person may do it now."""
    label: str
    """Of that action."""


@dataclass(frozen=True, slots=True)
class Guide:
    advice: list[Advice]
    present: list[Item]
    missing: list[Item]
    """What the form requires."""
    helpful: list[Item]
    """What would help and need not be there."""
    question: str
    """For everything that is missing; empty where nothing is."""


def guide_for(
    ticket: Ticket,
    questions: Sequence[FormField],
    known: Iterable[RoutingRule],
    *,
    body: str,
    answers: Sequence[Answer],
    files: Sequence[Attachment],
    similar: Sequence[Card],
    legal: AbstractSet[Action],
) -> Guide | None:
    """The guide of an open ticket; none for one that is closed.

    ``questions`` are those of its form, ``known`` the rules of its core system, ``body`` is its description, ``files``
    are its requester's.
    """
    if ticket.status not in OPEN:
        return None
    facts = _facts(ticket, body, answers, similar)
    rules = routing.holding(known, facts)
    items = completeness.checklist(
        questions,
        ticket.offering.attachment_need,
        answers={answer.name: answer.value for answer in answers},
        has_files=any(found.redacted_at is None for found in files),
        evidence=[rule.requester_text for rule in rules if rule.outcome == Outcome.REQUIRE_EVIDENCE and rule.requester_text],
    )
    return Guide(
        advice=[_advice(rule, facts, legal) for rule in rules],
        present=[item for item in items if item.state == State.PRESENT],
        missing=[item for item in items if item.state == State.REQUIRED],
        helpful=[item for item in items if item.state == State.SUGGESTED],
        question=completeness.question(items),
    )


def _facts(ticket: Ticket, body: str, answers: Sequence[Answer], similar: Sequence[Card]) -> Facts:
    return routing.facts_of(
        ticket.offering,
        answers,
        agency=ticket.agency,
        represents_agency=ticket.agency_situation != Ticket.AgencySituation.NONE,
        text=f"{ticket.subject}\n{body}",
        similar_open=any(_akin(card, ticket) for card in similar),
    )


def _akin(card: Card, ticket: Ticket) -> bool:
    """Whether this is an open ticket of the same requester or body."""
    other = card.whole
    if other is None or not other.open:
        return False
    return other.requester_id == ticket.requester_id or (ticket.agency_id is not None and other.agency_id == ticket.agency_id)


def _advice(rule: RoutingRule, facts: Facts, legal: AbstractSet[Action]) -> Advice:
    # A rule that would not hold without the open ticket like this one speaks of a duplicate.
    twin = facts.similar_open and not conditions.matches(rule, replace(facts, similar_open=False))
    action = Action.CLOSE_DUPLICATE if twin else DEEDS.get(rule.outcome)
    label = COMMANDS[action].label if action in legal and action is not None else ""
    return Advice(rule.situation, rule.analyst_text, rule.get_outcome_display(), action if label else None, label)
