"""Where on each ticket of a list a search found its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from govbr import search as text_search
from govbr.excerpts import Excerpt, excerpt, stems
from tickets.forms.kinds import as_read
from tickets.search import number_in
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govbr.search import Term
    from tickets.models import Ticket


PLACES: Final = """
    (
        SELECT ticket_id, label, kind, value, NULL::boolean, NULL::boolean, NULL::timestamptz
        FROM tickets_answer WHERE words @@ %(words)s::tsquery AND ticket_id = ANY(%(tickets)s) ORDER BY position DESC
    ) UNION ALL (
        SELECT DISTINCT ON (ticket_id) ticket_id, NULL, NULL, body, internal, from_team, created_at
        FROM tickets_message WHERE words @@ %(words)s::tsquery AND ticket_id = ANY(%(tickets)s) {said}
        ORDER BY ticket_id, created_at DESC, id DESC
    )
"""
"""Answers first, the last of the form before the others: what comes later counts."""


@dataclass(frozen=True, slots=True)
class Find:
    """One place where the words stand, in words, and the words with what surrounds them."""

    place: str
    excerpt: Excerpt


def finds(tickets: Sequence[Ticket], words: str, *, internal: bool = False, terms: list[Term] | None = None) -> dict[int, Find]:
    """Ticket id → the newest message with one of the words, else an answer of the form, else the subject.

    At most two queries, of these tickets alone; ``terms``, those of the words, spare one where they are known. Internal notes
    are read with ``internal`` only: for the team. Hidden words are gone from what is searched. Who typed a number or
    nothing is told nothing: the number stands there.
    """
    if not tickets or not words or number_in(words) is not None:
        return {}
    texts = [term.text for term in (text_search.terms(words) if terms is None else terms) if term.text]
    if not texts:
        return {}
    looked_for = stems(" ".join(texts))
    found = {t.pk: Find("Assunto", part) for t in tickets if (part := excerpt(t.subject, looked_for)).hit}
    asked: dict[str, Any] = {"words": " | ".join(f"({text})" for text in texts), "tickets": [ticket.pk for ticket in tickets]}
    with connection.cursor() as cursor:
        cursor.execute(PLACES.format(said="" if internal else "AND NOT internal"), asked)
        for ticket, label, kind, text, within, from_team, at in cursor.fetchall():
            if label is not None:
                found[ticket] = Find(label, excerpt(as_read(kind, text), looked_for))
                continue
            who = "Nota interna" if within else "Mensagem da equipe" if from_team else "Mensagem do solicitante"
            found[ticket] = Find(f"{who} de {at.astimezone(BRASILIA):%d/%m/%Y}", excerpt(text, looked_for))
    return found
