"""The support scripts that suit a ticket, with the reason in words; and those that somebody looks for (docs/adr/0035)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, FloatField, Func, Q, TextField, Value, When

from catalog import script_reviews
from catalog.models import SupportScript
from govbr.search import Matches, any_of, clean, share, stems_by_word, terms
from tickets import likeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from tickets.models import Ticket

MOST: Final = 8
"""Scripts offered at once: what somebody still reads through."""
MOST_WORDS: Final = 300
"""Words of a request that are compared."""
WEIGHTS: Final = [0.1, 0.4, 0.7, 1.0]
"""Of the classes D to A of a script's words: steps, situation, keywords, title."""
SAME_TYPE, SAME_LEVEL, SAME_PRODUCT = 0.15, 0.05, 0.05
"""What these add to the words in common, each of which gives up to 0.6: they part equals, and do not beat a title."""
SHOWN_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    script: SupportScript
    why: str
    """The reason, in pt-BR."""
    warnings: list[str]
    """Why it has to be read again; empty where it holds."""


def suggested(ticket: Ticket, description: str) -> list[Suggestion]:
    """The scripts most like a ticket, the most alike first; what does not hold any more is left out. Two queries.

    Of its product and of those for every product, where they have words in common with subject and
    description, or serve its type of support. Reads the offering's support type and the product.
    """
    stems = _stems_of(ticket, description)
    kind = ticket.offering.support_type.slug
    scripts = _fitting(ticket).exclude(holds=False).filter(_words(stems) | Q(support_types__contains=[kind]))
    return _told(_ranked(scripts, ticket, list(_saying(stems)))[:MOST], ticket, stems)


def searched(ticket: Ticket, typed: str, description: str) -> list[Suggestion]:
    """The scripts of the ticket's core system that have the words; those of its product first. Three queries.

    Whatever is typed, it raises nothing. What does not hold any more is among them, and says so.
    """
    scripts = SupportScript.objects.filter(core_system=ticket.product.core_system_id, active=True)
    found = terms(typed)
    if not found:
        return []
    for term in found:
        scripts = scripts.filter(Matches(F("words"), term.in_text))
    stems = _stems_of(ticket, description)
    return _told(_ranked(scripts, ticket, list(_saying(stems)))[:MOST], ticket, stems)


def usable(ticket: Ticket, pk: str) -> SupportScript | None:
    """The script of that id, if it may serve the ticket; of what is no id, none."""
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return _fitting(ticket).filter(pk=int(pk)).first()


def _fitting(ticket: Ticket) -> QuerySet[SupportScript]:
    own = Q(product=ticket.product_id) | Q(product=None, core_system=ticket.product.core_system_id)
    return SupportScript.objects.filter(own, active=True)


def _stems_of(ticket: Ticket, description: str) -> dict[str, list[str]]:
    """The words of subject and description that say something, with their stems; one query."""
    text = clean(f"{ticket.subject} {description}", 8_000)
    common = set(re.findall(r"\w+", likeness.common_words(ticket.product).casefold()))
    typed = dict.fromkeys(word for word in re.findall(r"\w{3,}", text) if word.casefold() not in common)
    return stems_by_word(list(typed)[:MOST_WORDS])


def _saying(stems: dict[str, list[str]]) -> Iterable[str]:
    return dict.fromkeys(stem for found in stems.values() for stem in found)


def _words(stems: dict[str, list[str]]) -> Q:
    from_words = list(_saying(stems))
    return Q(Matches(F("words"), any_of(from_words))) if from_words else Q(pk__in=[])


def _ranked(scripts: QuerySet[SupportScript], ticket: Ticket, stems: list[str]) -> QuerySet[SupportScript]:
    def plus(condition: Q, worth: float) -> Case:
        return Case(When(condition, then=Value(worth)), default=Value(0.0), output_field=FloatField())

    score = (
        plus(Q(support_types__contains=[ticket.offering.support_type.slug]), SAME_TYPE)
        + plus(Q(level=ticket.level), SAME_LEVEL)
        + plus(Q(product=ticket.product_id), SAME_PRODUCT)
    )
    if stems:
        # Of all the words of the request a share; what counts is how many there are in common.
        score = score + share(F("words"), stems, weights=WEIGHTS) * Value(float(len(stems)))
    own_stems = Func(F("words"), function="tsvector_to_array", output_field=ArrayField(TextField()))
    return scripts.annotate(score=score, stems=own_stems).select_related("product").order_by("-score", "title", "pk")


def _told(scripts: QuerySet[SupportScript], ticket: Ticket, stems: dict[str, list[str]]) -> list[Suggestion]:
    day = script_reviews.today()
    return [Suggestion(script, _why(script, ticket, stems), script_reviews.reasons(script, day)) for script in scripts]


def _why(script: SupportScript, ticket: Ticket, stems: dict[str, list[str]]) -> str:
    own = set(vars(script)["stems"])
    shared: dict[str, str] = {}
    for word, found in stems.items():
        for stem in own.intersection(found):
            shared.setdefault(stem, word)
    said = ["do mesmo produto" if script.product_id == ticket.product_id else _product(script)]
    if ticket.offering.support_type.slug in script.support_types:
        said.append("do mesmo tipo de suporte")
    words = list(dict.fromkeys(word.lower() for word in shared.values()))[:SHOWN_WORDS]
    if words:
        said.append(f"com palavras em comum: {', '.join(words)}")
    return f"{'; '.join(said)}.".capitalize()


def _product(script: SupportScript) -> str:
    return f"de {script.product.name}" if script.product is not None else "serve para todo produto"
