"""Searching tickets: by number, by the words on them, by who asked (docs/adr/0013)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounts import agencies
from accounts.models import Agency, User
from govbr import search
from govbr.search import Matches, Term
from tickets.models import Answer, Message

if TYPE_CHECKING:
    from tickets.querysets import TicketQuerySet

CANDIDATES: Final = 200
"""Newest finds of each kind (subject, message, answer, person) that a search looks at."""

PEOPLE: Final = 1_000
"""People, and public bodies, with a name that begins as looked for."""
IN_SUBJECT: Final = "SELECT id FROM tickets_ticket WHERE words @@ %s::tsquery AND id IN"
IN_MESSAGE: Final = "SELECT ticket_id FROM tickets_message WHERE words @@ %s::tsquery AND ticket_id IN"
IN_PUBLIC_MESSAGE: Final = IN_MESSAGE.replace("WHERE", "WHERE NOT internal AND")
IN_ANSWER: Final = "SELECT ticket_id FROM tickets_answer WHERE words @@ %s::tsquery AND ticket_id IN"
ASKED: Final = "SELECT id FROM tickets_ticket WHERE requester_id = ANY(ARRAY({})) AND id IN"
ABOUT: Final = "SELECT id FROM tickets_ticket WHERE agency_id = ANY(ARRAY({})) AND id IN"
"""The kinds of find, each to be followed by the tickets that are searched.

People and bodies as arrays, which are read once and before: as subqueries the planner would read every ticket for them.
"""
ENOUGH: Final = 1_000
"""Messages up to which a word's are counted, to tell the rarer of two."""
HOW_MANY: Final = f"(SELECT count(*) FROM (SELECT FROM tickets_message WHERE words @@ %s::tsquery LIMIT {ENOUGH}) found)"  # noqa: S608 - our constants


def number_in(words: str) -> int | None:
    """The ticket's number that a search names: 8 digits (DESIGN §9), or the same with dots; "#" or "nº" may stand before."""
    found = re.fullmatch(r"\s*(?:#|[nN][º°.]?)?\s*([0-9]{2})(\.?)([0-9]{3})\2([0-9]{3})\s*", words)
    return int(found[1] + found[3] + found[4]) if found else None


def found(
    tickets: TicketQuerySet, words: str, *, internal: bool = False, people: bool = True, terms: list[Term] | None = None
) -> TicketQuerySet:
    """The tickets, of those given, that a search finds, newest turn first. Who types nothing gets all, as they were.

    A number, with or without dots, finds that ticket. Else every word or "phrase" must stand in
    the subject, a message or an answer, or begin a name or the address of the requester, or a name of
    the body; two words may stand in different messages. Internal notes are read with ``internal`` only:
    for the team; names and addresses only with ``people``. ``terms``: those of the words, where they are known.
    Of a word that is found more than ``CANDIDATES`` times the newest finds are looked at.
    """
    if not search.clean(words):
        return tickets
    number = number_in(words)
    if number is not None:
        return tickets.filter(number=number)
    terms = _rarest_first(search.terms(words) if terms is None else terms)
    if not terms:
        return tickets.none()
    narrowed = tickets.filter(pk__in=_newest(tickets, terms[0], internal=internal, people=people))
    for term in terms[1:]:
        narrowed = narrowed.filter(_has(term, internal=internal, people=people))
    return narrowed.newest_first()


def _rarest_first(terms: list[Term]) -> list[Term]:
    """So that the word that says most finds the candidates. One short look for several words, one query."""
    if len(terms) < 2:
        return terms
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([HOW_MANY] * len(terms))}", [term.text for term in terms])
        counts = dict(zip(terms, cursor.fetchone(), strict=True))
    return sorted(terms, key=lambda term: counts[term])


def _newest(tickets: TicketQuerySet, term: Term, *, internal: bool, people: bool) -> list[int]:
    """The tickets of the newest finds of one term, each kind of find bounded. One query.

    By hand, for Django would put the conditions of ``tickets`` together once more for each kind.
    """
    try:
        within, values = tickets.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    texts = (IN_SUBJECT, IN_MESSAGE if internal else IN_PUBLIC_MESSAGE, IN_ANSWER)
    finds: list[tuple[str, tuple[Any, ...]]] = [(kind, (term.text,)) for kind in texts]
    for kind, named in ((ASKED, _people(term)), (ABOUT, _bodies(term))) if people else ():
        names, sought = named.values("pk")[:PEOPLE].query.sql_with_params()
        finds.append((kind.format(names), sought))
    union = " UNION ".join(f"({find} ({within}) ORDER BY id DESC LIMIT {CANDIDATES})" for find, _ in finds)
    with connection.cursor() as cursor:
        cursor.execute(union, [value for _, sought in finds for value in (*sought, *values)])
        return [pk for (pk,) in cursor.fetchall()]


def _has(term: Term, *, internal: bool, people: bool) -> Q:
    """Whether a ticket has a term somewhere."""
    in_text = Q(Matches(F("words"), term.in_text))
    messages = _readable(internal).filter(in_text, ticket=OuterRef("pk"))
    answers = Answer.objects.filter(in_text, ticket=OuterRef("pk"))
    has = in_text | Q(Exists(messages)) | Q(Exists(answers))
    return has | Q(requester__in=_people(term)) | Q(agency__in=_bodies(term)) if people else has


def _readable(internal: bool) -> QuerySet[Message]:
    return Message.objects.all() if internal else Message.objects.filter(internal=False)


def _people(term: Term) -> QuerySet[User]:
    return User.objects.filter(Matches(F("names"), term.in_name))


def _bodies(term: Term) -> QuerySet[Agency]:
    return agencies.saying(term.in_name).order_by()
