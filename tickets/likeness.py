"""Tickets that resemble one another, so that a subject is found before it is opened twice (docs/adr/0013).

Two requests resemble one another when they share words that say something: those of the titles
count most, those that stand in every request ("erro", "favor", the product's name) not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import EmptyResultSet
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL

import worktime
from govbr.search import either, share, significant
from tickets import following
from tickets.badges import Badge, of_status
from tickets.models import IncidentTicket, Message, Ticket
from tickets.states import OPEN
from worktime import BRASILIA

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.expressions import Combinable

    from accounts.models import User
    from catalog.models import Offering, Product
    from tickets.models import Incident
    from tickets.querysets import TicketQuerySet

LOOKED_AT: Final = 200
"""Newest tickets of each kind (own, the body's, those with a word of the title) that are compared."""
RECENT: Final = timedelta(days=30)
"""How long the desk is shown a ticket after it closed."""
LEAST: Final = 0.25
"""The score from which two requests resemble one another; 0.6 is about as much as two can share."""
TITLE: Final = 2 / 3
"""What the title's words weigh in the score; the description's have the rest."""
WEIGHTS: Final = [0.1, 0.1, 0.6, 1.0]
"""Of the classes D to A in what a request is compared with: the description is of class C, the title of class A."""
MOST_STEMS: Final = 40
Stems = tuple[list[str], list[str]]
"""Of a title and of a description, those that say something."""
Kind = tuple[str, list[Any]]
"""A condition on ``tickets_ticket`` and its values."""
OWN: Final = "tickets_ticket.requester_id = %s"
OF_BODIES: Final = "tickets_ticket.agency_id = ANY(%s)"
WITH_WORDS: Final = "tickets_ticket.words @@ %s::tsquery"
SHOWN: Final = (
    *("number", "subject", "status", "opened_at", "requester", "agency", "unlisted_agency_name"),
    *("product__name", "offering__support_type__name", "agency__acronym"),
)
"""The columns of a card."""
COMMON: Final = """
    erro erros problema falha defeito dúvida ajuda suporte auxílio solicitação solicito pedido chamado sistema módulo
    favor gentileza prezados olá bom boa dia tarde noite obrigado atenciosamente preciso precisamos gostaria consigo
    conseguimos conseguir consegue possível aparece ocorre ocorrendo acontece apresenta apresentando está estão são foi
    não já também só até há você vocês ser ter fazer quando após ainda qualquer todos aqui através informo segue
    urgente novo nova ao fica ficou nada vou onde sobre processo documento versão número nup unidade
"""
"""Words that stand in requests of every kind."""


@dataclass(frozen=True, slots=True)
class Whole:
    """What is shown of a ticket to who may read it."""

    pk: int
    number: int
    subject: str
    status: Badge
    agency: str
    url: str
    open: bool
    requester_id: int
    agency_id: int | None


@dataclass(frozen=True, slots=True)
class Card:
    """A ticket that resembles another, as far as its reader may know of it.

    Product, type and date are all that a plain requester learns of his body's tickets (DESIGN §8).
    """

    product: str
    support_type: str
    opened_on: date
    """In Brasília."""
    whole: Whole | None = None
    follow: str = ""
    """What asks to follow a ticket of which no more is shown (``tickets.following``); empty where that was asked already."""


def similar(
    user: User, *, offering: Offering, subject: str, body: str = "", exclude: Ticket | None = None, limit: int = 5
) -> list[Card]:
    """The open tickets of the offering's product that resemble what this person writes, the most alike first.

    Own ones, as far as he may still read them, and those of the bodies to which he belongs with
    confirmation; whole if he may read them whole, else their limited cards. Nothing of anybody
    else. What is typed may be anything; of words that say nothing, nothing comes.
    """
    among = _open_ones(offering.product)
    if exclude is not None:
        among = among.exclude(pk=exclude.pk)
    title, rest = stems_of(offering.product, subject, body)
    found = _ranked(_newest(among, *_his_and_his_bodies(user)), title, rest, limit)
    readable = set(Ticket.objects.visible_to(user).filter(pk__in=[t.pk for t in found]).values_list("pk", flat=True))
    asked = following.asked_among(user, [ticket.pk for ticket in found if ticket.pk not in readable])
    return [
        _card(ticket, whole=ticket.pk in readable, follow="" if ticket.pk in asked else following.token(user, ticket.pk))
        for ticket in found
    ]


def has_similar_open(user: User, *, offering: Offering, subject: str, body: str = "") -> bool:
    """Whether the routing rules' fact ``similar_open`` holds for what this person writes."""
    title, rest = stems_of(offering.product, subject, body)
    if not title and not rest:
        return False
    candidates = _newest(_open_ones(offering.product), *_his_and_his_bodies(user))
    found = _scored(candidates, title, rest).only("pk")[:1]
    return any(_is_like(ticket) for ticket in found)


def _open_ones(product: Product) -> TicketQuerySet:
    return Ticket.objects.open().filter(product=product)


def _his_and_his_bodies(user: User) -> list[Kind]:
    """His own but for those of bodies that he left, and those of bodies that confirmed him."""
    bodies = [bond.agency_id for bond in user.active_memberships]
    confirmed = [bond.agency_id for bond in user.active_memberships if bond.confirmed_at]
    return [(f"{OWN} AND (tickets_ticket.agency_id IS NULL OR {OF_BODIES})", [user.pk, bodies]), (OF_BODIES, [confirmed])]


def similar_to(ticket: Ticket, reader: User, stems: Stems, *, limit: int = 5) -> list[Card]:
    """For the desk: the tickets of the same product that resemble this one, whose words have these stems.

    Open ones and those closed within ``RECENT``: of the requester, of his body and of other
    bodies, always within what the reader reads at the desk. One query.
    """
    living = Q(closed_at__isnull=True) | Q(closed_at__gte=worktime.now() - RECENT)
    others = Ticket.objects.read_by_team(reader).filter(living, product=ticket.product_id).exclude(pk=ticket.pk)
    title, rest = stems
    kinds: list[Kind] = [(OWN, [ticket.requester_id]), (OF_BODIES, [[ticket.agency_id]])]
    if title:
        kinds.append((WITH_WORDS, [either(title)]))
    return [_card(found, whole=True) for found in _ranked(_newest(others, *kinds), title, rest, limit)]


def likely(incident: Incident, reader: User, limit: int = 20) -> list[Card]:
    """The open tickets of the incident's product that its banner resembles and that are in no incident, most alike first.

    Always within what the reader reads at the desk. Two queries.
    """
    title, rest = stems_of(incident.product, incident.title, incident.public_text)
    if not title:
        return []
    free = Ticket.objects.read_by_team(reader).open().filter(product=incident.product_id)
    free = free.exclude(pk__in=IncidentTicket.objects.filter(left_at=None).values("ticket"))
    return [_card(found, whole=True) for found in _ranked(_newest(free, (WITH_WORDS, [either(title)])), title, rest, limit)]


def stems_of(product: Product, subject: str, body: str) -> Stems:
    """The stems of title and description that say something. One query."""
    title, rest, common = significant(subject, body, common_words(product))
    return saying(title, rest, common=common)


def common_words(product: Product) -> str:
    """What stands in requests of every kind about a product."""
    return f"{COMMON} {product.name} {product.former_name}"


def saying(title: list[str], rest: list[str], *, common: list[str]) -> Stems:
    """Those of the stems that are not common, and no more than are compared."""
    says = ([stem for stem in stems if stem not in common][:MOST_STEMS] for stems in (title, rest))
    return next(says), next(says)


def _newest(among: TicketQuerySet, *kinds: Kind) -> RawSQL:
    """The ids of the newest of each kind among these tickets, as a subquery.

    By hand, for Django would put the conditions of ``among`` together once more for each kind.
    """
    try:
        sql, params = among.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return RawSQL("SELECT 0 WHERE false", [])
    newest = "ORDER BY tickets_ticket.last_public_at DESC, tickets_ticket.id DESC"
    parts = [f"({sql} AND {condition} {newest} LIMIT {LOOKED_AT})" for condition, _ in kinds]
    return RawSQL(" UNION ".join(parts), [value for _, values in kinds for value in (*params, *values)])  # noqa: S611 - our SQL


def _ranked(candidates: RawSQL, title: list[str], rest: list[str], limit: int) -> list[Ticket]:
    """Those of the newest candidates that are like enough, the most alike first."""
    if not title and not rest:
        return []
    found = _scored(candidates, title, rest).select_related("product", "offering__support_type", "agency").only(*SHOWN)[:limit]
    # As a condition in the query the score would be reckoned once more for each candidate.
    return [ticket for ticket in found if _is_like(ticket)]


def _is_like(ticket: Ticket) -> bool:
    """Whether its ``score`` is enough; one without public words has none."""
    score: float | None = vars(ticket)["score"]
    return score is not None and score >= LEAST


def _scored(candidates: RawSQL, title: list[str], rest: list[str]) -> QuerySet[Ticket]:
    """The newest candidates by their ``score``, the most alike first."""
    opening = Message.objects.filter(ticket=OuterRef("pk"), internal=False).order_by("created_at", "pk")
    description = Func(Subquery(opening.values("words")[:1]), Value("C"), function="setweight")
    words = Func(F("words"), description, template="(%(expressions)s)", arg_joiner=" || ", output_field=SearchVectorField())
    return (
        Ticket.objects.filter(pk__in=candidates)
        .annotate(score=_score(words, title, rest))
        .order_by(F("score").desc(nulls_last=True), "-pk")
    )


def _score(words: Func[SearchVectorField[str, str]], title: list[str], rest: list[str]) -> Combinable:
    if not rest:
        return share(words, title, weights=WEIGHTS)
    if not title:
        return share(words, rest, weights=WEIGHTS)
    return share(words, title, weights=WEIGHTS) * TITLE + share(words, rest, weights=WEIGHTS) * (1 - TITLE)


def _card(ticket: Ticket, *, whole: bool, follow: str = "") -> Card:
    return Card(
        follow="" if whole else follow,
        product=str(ticket.product),
        support_type=str(ticket.offering.support_type),
        opened_on=ticket.opened_at.astimezone(BRASILIA).date(),
        whole=Whole(
            pk=ticket.pk,
            number=ticket.number,
            subject=ticket.subject,
            status=of_status(ticket),
            agency=ticket.agency.acronym if ticket.agency else ticket.unlisted_agency_name,
            url=ticket.get_absolute_url(),
            open=ticket.status in OPEN,
            requester_id=ticket.requester_id,
            agency_id=ticket.agency_id,
        )
        if whole
        else None,
    )
