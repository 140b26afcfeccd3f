"""What narrows a queue. Each filter has its own closed list of values: no column is open to guessing.

A filter says as a condition what a value means, so that lists, counters and saved views mean the same by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.lookups import Exact

from accounts import agencies
from catalog.models import Offering, Priority, ProductRole
from govbr.search import clean
from tickets.admin.queue.filtering import QueueFilter, today
from tickets.models import Message, Ticket
from tickets.states import OPEN, RUNS, Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tickets.admin.queue.filtering import Viewer
    from tickets.admin.queue.offers import Listed, Offers
    from tickets.querysets import TicketQuerySet

LONGEST: Final = 60
"""Characters of a name that is looked for."""


class QueueChoice(QueueFilter):
    title, parameter_name, everything = "fila", "fila", "Todas"

    @classmethod
    def listed(cls, offered: Offers) -> Listed:
        return offered.queues

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(queue=int(value))


class StatusFilter(QueueFilter):
    """Open tickets unless another status is chosen, or a ticket is looked for by its number."""

    title, parameter_name, everything = "situação", "situacao", "Abertos"
    values = tuple((str(value), str(label)) for value, label in Ticket.Status.choices)

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(status=value)

    @classmethod
    def unasked(cls, by: Viewer) -> Q:
        return Q(status__in=OPEN)

    @classmethod
    def order(cls, value: str) -> tuple[str, ...]:
        return ("-last_event_at", "-number") if value in (Status.CLOSED, Status.FINAL) else ()


class AssigneeFilter(QueueFilter):
    """One's own, nobody's, or one colleague's: the load's page leads here with his id, which the list does not offer."""

    title, parameter_name = "atendente", "atendente"
    values = (("meus", "Meus"), ("ninguem", "Sem atendente"))

    @classmethod
    def named(cls, value: str, offered: Offers) -> str:
        return super().named(value, offered) or dict(offered.colleagues).get(value, "")

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(assignee={"meus": by.user.pk, "ninguem": None}.get(value, value))


class TurnFilter(QueueFilter):
    """Whose turn it is."""

    title, parameter_name, everything = "vez", "vez", "De qualquer um"
    values = (("comigo", "Esperando por mim"), ("solicitante", "Aguardando o solicitante"))

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        """Waiting for me: it is mine, and the requester spoke last, or I work it and nothing of mine has gone out."""
        if value == "solicitante":
            return Q(status=Status.WAITING_REQUESTER)
        public = Message.objects.filter(ticket=OuterRef("pk"), internal=False)
        spoke_last = Subquery(public.order_by("-created_at", "-pk").values("from_team")[:1])
        answered = Exists(public.filter(author=by.user))
        mine = Q(assignee=by.user.pk, status__in=OPEN - {Status.WAITING_REQUESTER})
        return mine & (Q(Exact(spoke_last, Value(False))) | Q(status=Status.IN_PROGRESS) & ~Q(answered))


class DeadlineFilter(QueueFilter):
    title, parameter_name = "prazo", "prazo"
    values = (
        ("vencido", "Vencido"),
        ("resposta", "1ª resposta vencida"),
        ("hoje", "Vence hoje"),
        ("revisao", "Revisão vencida"),
    )

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        """Today is the day in Brasília, from midnight to midnight. Without another word a deadline is that of the solution."""
        if value == "revisao":
            return Q(status=Status.WAITING_EXTERNAL, review_at__lte=by.at)
        if value == "vencido":
            return Q(status__in=RUNS, due_at__lt=by.at)
        if value == "resposta":
            return Q(status__in=RUNS, first_response_due_at__lt=by.at)
        begin, end = today(by.at)
        return Q(status__in=RUNS, due_at__gte=begin, due_at__lt=end)


class SightFilter(QueueFilter):
    """Without those scheduled for later, unless they are asked for or one is looked for by its number."""

    title, parameter_name, everything = "agenda", "agenda", "À vista agora"
    values = (("agendados", "Agendados"),)

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(scheduled_for__gt=by.at)

    @classmethod
    def unasked(cls, by: Viewer) -> Q:
        return Q(scheduled_for=None) | Q(scheduled_for__lte=by.at)

    @classmethod
    def order(cls, value: str) -> tuple[str, ...]:
        return "scheduled_for", "number"


class ProductFilter(QueueFilter):
    """The products of the queues that the person sees; a body's manager may meet any product."""

    title, parameter_name = "produto", "produto"

    @classmethod
    def listed(cls, offered: Offers) -> Listed:
        return offered.products

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(product=int(value))


class TypeFilter(QueueFilter):
    title, parameter_name = "tipo de suporte", "tipo"

    @classmethod
    def listed(cls, offered: Offers) -> Listed:
        return offered.types

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(offering__in=Offering.objects.filter(support_type=int(value)).values("pk"))


class SphereFilter(QueueFilter):
    """The sphere of the offering by which the ticket came."""

    title, parameter_name, everything = "esfera", "esfera", "Todas"

    @classmethod
    def listed(cls, offered: Offers) -> Listed:
        return offered.spheres

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(offering__in=Offering.objects.filter(sphere=int(value)).values("pk"))


class OwnerFilter(QueueFilter):
    """Who owns the product now."""

    title, parameter_name = "dono do produto", "dono"

    @classmethod
    def listed(cls, offered: Offers) -> Listed:
        return offered.owners

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        owned = ProductRole.objects.filter(user=int(value), role=ProductRole.Role.OWNER, ended_at=None)
        return Q(product__in=owned.values("product"))


class AnswersForFilter(QueueFilter):
    """The products for which the person answers, in whatever role."""

    title, parameter_name = "responsabilidade", "responsabilidade"
    values = (("meus", "Produtos por que respondo"),)

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(product__in=by.user.product_roles.filter(ended_at=None).values("product"))


class PriorityFilter(QueueFilter):
    title, parameter_name, everything = "prioridade", "prioridade", "Todas"
    values = tuple((str(value), str(label)) for value, label in Priority.choices)

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(priority=int(value))


class ReopenedFilter(QueueFilter):
    title, parameter_name = "reabertura", "reabertura"
    values = (("sim", "Reabertos"), ("nao", "Nunca reabertos"))

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        return Q(reopenings__gt=0) if value == "sim" else Q(reopenings=0)


class AgencyFilter(QueueFilter):
    """A public body by its acronym or words of its name, as typed; by its id where a link names one."""

    title, parameter_name, typed = "órgão", "orgao", True
    MOST: ClassVar[int] = 50
    """Bodies that typed words stand for."""

    @classmethod
    def named(cls, value: str, offered: Offers) -> str:
        typed = clean(value, LONGEST)
        return dict(offered.bodies).get(value, "") if typed.isascii() and typed.isdigit() else typed

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        if value.isascii() and value.isdigit():
            return Q(agency=int(value))
        found = agencies.called(clean(value, LONGEST)).order_by("name").values("pk")[: cls.MOST]
        return Q(agency__in=found)


FILTERS: Final[tuple[type[QueueFilter], ...]] = (
    *(AssigneeFilter, TurnFilter, DeadlineFilter, SightFilter, StatusFilter, PriorityFilter, ReopenedFilter),
    *(QueueChoice, ProductFilter, TypeFilter, SphereFilter, AgencyFilter, OwnerFilter, AnswersForFilter),
)
NAMES: Final = {str(found.parameter_name): found for found in FILTERS}


def known(chosen: Mapping[str, str], offered: Offers) -> dict[str, str]:
    """Of what an address or a saved view asks, the filters' own names with values that are on their lists."""
    return {name: value for name, value in chosen.items() if name in NAMES and NAMES[name].named(value, offered)}


def narrowed(tickets: TicketQuerySet, chosen: Mapping[str, str], by: Viewer) -> TicketQuerySet:
    """The tickets that a list shows to this person by these values, which must be ``known``, in its order."""
    asked, order = Q(), tuple[str, ...]()
    for name, found in NAMES.items():
        if name in chosen:
            asked, order = asked & found.condition(chosen[name], by), found.order(chosen[name]) or order
        else:
            asked &= found.unasked(by)
    narrowed = tickets.filter(asked)
    return narrowed.order_by(*order) if order else narrowed


def counted(tickets: TicketQuerySet, chosen: Mapping[str, str], by: Viewer) -> TicketQuerySet:
    """The same for counting as far as needed. One person's are counted as they come: in order, all would be looked at first."""
    found = narrowed(tickets, chosen, by)
    return found.order_by() if {"atendente", "vez"} & chosen.keys() else found
