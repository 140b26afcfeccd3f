"""Where on each ticket of a list a search found its words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F, Q

from govbr import search as text_search
from govbr.excerpts import Excerpt, excerpt, stems
from govbr.search import Matches, ready
from tickets.forms.kinds import as_read
from tickets.models import Answer, Message
from tickets.search import number_in
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Find:
    """One place where the words stand, in words, and the words with what surrounds them."""

    place: str
    excerpt: Excerpt


def finds(tickets: Sequence[Ticket], words: str) -> dict[int, Find]:
    """Ticket id → the newest public message with one of the words, else an answer of the form, else the subject.

    At most three queries, of these tickets alone. Who typed a number or nothing is told nothing: the number stands there.
    """
    if not tickets or not words or number_in(words) is not None:
        return {}
    terms = text_search.terms(words)
    texts = [term.text for term in terms if term.text]
    if not texts:
        return {}
    either = Matches(F("words"), ready(" | ".join(f"({text})" for text in texts)))
    looked_for = stems(" ".join(texts))
    of_these = Q(either, ticket__in=[ticket.pk for ticket in tickets])
    found = {t.pk: Find("Assunto", part) for t in tickets if (part := excerpt(t.subject, looked_for)).hit}
    for answer in Answer.objects.filter(of_these).order_by("-position"):
        found[answer.ticket_id] = Find(answer.label, excerpt(as_read(answer.kind, answer.value), looked_for))
    said = Message.objects.filter(of_these, internal=False).order_by("ticket", "-created_at", "-pk").distinct("ticket")
    for message in said:
        who = "da equipe" if message.from_team else "do solicitante"
        day = message.created_at.astimezone(BRASILIA)
        found[message.ticket_id] = Find(f"Mensagem {who} de {day:%d/%m/%Y}", excerpt(message.body, looked_for))
    return found
