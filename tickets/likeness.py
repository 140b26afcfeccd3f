"""Tickets that resemble one another, so that a subject is found before it is opened twice (docs/adr/0013).

Two requests resemble one another when they share words that say something: those of the titles
count most, those that stand in every request ("erro", "favor", the product's name) not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, OuterRef, Q, Subquery, Value

import worktime
from govbr.search import Matches, any_of, share, significant
from tickets.badges import Badge, of_status
from tickets.models import Message, Ticket
from tickets.states import OPEN
from worktime import BRASILIA

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from accounts.models import User
    from catalog.models import Offering, Product
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


def similar(
    user: User, *, offering: Offering, subject: str, body: str = "", exclude: Ticket | None = None, limit: int = 5
) -> list[Card]:
    """The open tickets of the offering's product that resemble what this person writes, the most alike first.

    Own ones, as far as he may still read them, and those of the bodies to which he belongs with
    confirmation; whole if he may read them whole, else their limited cards. Nothing of anybody
    else. What is typed may be anything; of words that say nothing, nothing comes.
    """
    candidates = _of_his_and_his_bodies(user, offering.product)
    if exclude is not None:
        candidates = [kind.exclude(pk=exclude.pk) for kind in candidates]
    title, rest = stems_of(offering.product, subject, body)
    found = _ranked(candidates, title, rest, limit)
    readable = set(Ticket.objects.visible_to(user).filter(pk__in=[t.pk for t in found]).values_list("pk", flat=True))
    return [_card(ticket, whole=ticket.pk in readable) for ticket in found]


def has_similar_open(user: User, *, offering: Offering, subject: str, body: str = "") -> bool:
    """Whether the routing rules' fact ``similar_open`` holds for what this person writes."""
    title, rest = stems_of(offering.product, subject, body)
    return bool(_ranked(_of_his_and_his_bodies(user, offering.product), title, rest, 1))


def _of_his_and_his_bodies(user: User, product: Product) -> list[TicketQuerySet]:
    open_ones = Ticket.objects.open().filter(product=product)
    agencies = [membership.agency_id for membership in user.active_memberships if membership.confirmed_at]
    return [open_ones.visible_to(user).filter(requester=user), open_ones.filter(agency__in=agencies)]


def similar_to(ticket: Ticket, reader: User, stems: Stems, *, limit: int = 5) -> list[Card]:
    """For the desk: the tickets of the same product that resemble this one, whose words have these stems.

    Open ones and those closed within ``RECENT``: of the requester, of his body and of other
    bodies, always within what the reader reads at the desk. One query.
    """
    living = Q(closed_at__isnull=True) | Q(closed_at__gte=worktime.now() - RECENT)
    others = Ticket.objects.read_by_team(reader).filter(living, product=ticket.product_id).exclude(pk=ticket.pk)
    title, rest = stems
    candidates = [others.filter(requester=ticket.requester_id)]
    if ticket.agency_id is not None:
        candidates.append(others.filter(agency=ticket.agency_id))
    if title:
        candidates.append(others.filter(Matches(F("words"), any_of(title))))
    return [_card(found, whole=True) for found in _ranked(candidates, title, rest, limit)]


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


def _ranked(candidates: list[TicketQuerySet], title: list[str], rest: list[str], limit: int) -> list[Ticket]:
    """Those of the newest candidates that are like enough, the most alike first."""
    if not title and not rest:
        return []
    first, *others = [kind.order_by("-last_event_at", "-pk").values("pk")[:LOOKED_AT] for kind in candidates]
    opening = Message.objects.filter(ticket=OuterRef("pk"), internal=False).order_by("created_at", "pk")
    description = Func(Subquery(opening.values("words")[:1]), Value("C"), function="setweight")
    words = Func(F("words"), description, template="(%(expressions)s)", arg_joiner=" || ", output_field=SearchVectorField())
    found = (
        Ticket.objects.filter(pk__in=first.union(*others) if others else first)
        .annotate(score=_score(words, title, rest))
        .select_related("product", "offering__support_type", "agency")
        .only(*SHOWN)
        .order_by("-score", "-pk")
    )
    # As a condition in the query the score would be reckoned once more for each candidate.
    return [ticket for ticket in found[:limit] if vars(ticket)["score"] >= LEAST]


def _score(words: Func[SearchVectorField[str, str]], title: list[str], rest: list[str]) -> Combinable:
    if not rest:
        return share(words, title, weights=WEIGHTS)
    if not title:
        return share(words, rest, weights=WEIGHTS)
    return share(words, title, weights=WEIGHTS) * TITLE + share(words, rest, weights=WEIGHTS) * (1 - TITLE)


def _card(ticket: Ticket, *, whole: bool) -> Card:
    return Card(
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
