"""What narrows a queue. Each filter has its own closed list of values: no column is open to guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet

import worktime
from catalog.models import Priority, Product
from tickets.admin.access import person
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import number_in
from tickets.states import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.contrib.admin import ModelAdmin
    from django.contrib.admin.views.main import ChangeList
    from django.http import HttpRequest


class QueueFilter(SimpleListFilter):
    template = "admin/tickets/filter.html"
    everything: ClassVar[str] = "Todos"

    def choices(self, changelist: ChangeList) -> Iterator[dict[str, Any]]:  # type: ignore[override]  # the stubs ask for a private TypedDict
        """The values as links, the default first."""
        name = str(self.parameter_name)
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[name]),
            "display": self.everything,
        }
        for value, label in self.lookup_choices:
            yield {
                "selected": self.value() == str(value),
                "query_string": changelist.get_query_string({name: value}),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        """The tickets with the chosen value; a value that is not on the list changes nothing."""
        known = {str(value) for value, _ in self.lookup_choices}
        value = self.value()
        return self.narrow(request, queryset, value if value in known else None)

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        raise NotImplementedError


class StatusFilter(QueueFilter):
    """Open tickets unless another status is chosen, or a ticket is looked for by its number."""

    title, parameter_name, everything = "situação", "situacao", "Abertos"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return Ticket.Status.choices

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        if value is None:
            found_by_number = number_in(request.GET.get("q", "")) is not None
            return queryset if found_by_number else cast(TicketQuerySet, queryset).open()
        chosen = queryset.filter(status=value)
        return chosen.order_by("-last_event_at", "-number") if value in (Status.CLOSED, Status.FINAL) else chosen


class AssigneeFilter(QueueFilter):
    title, parameter_name = "atendente", "atendente"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return (("meus", "Meus"), ("ninguem", "Sem atendente"))

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        match value:
            case "meus":
                return queryset.filter(assignee=person(request))
            case "ninguem":
                return queryset.filter(assignee=None)
        return queryset


class ProductFilter(QueueFilter):
    """The products of the queues that the person sees; a body's manager may meet any product."""

    title, parameter_name = "produto", "produto"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        user = person(request)
        seen = Q(pk__in=[g.queue.product_id for g in user.active_grants if g.queue is not None])
        for grant in user.active_grants:
            if grant.role == "manager":
                seen |= ~Q(pk=None) if grant.agency_id else Q(core_system=grant.core_system_id)
        return [(str(product.pk), product.name) for product in Product.objects.filter(seen).order_by("name")]

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        return queryset.filter(product_id=int(value)) if value else queryset


class AnswersForFilter(QueueFilter):
    """The products for which the person answers. Offered to everybody: to ask who answers for one costs each page a query."""

    title, parameter_name = "responsabilidade", "responsabilidade"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return (("meus", "Produtos de que sou responsável"),)

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        if value is None:
            return queryset
        return queryset.filter(product__in=person(request).product_roles.filter(ended_at=None).values("product"))


class PriorityFilter(QueueFilter):
    title, parameter_name, everything = "prioridade", "prioridade", "Todas"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return [(str(value), label) for value, label in Priority.choices]

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        return queryset.filter(priority=value) if value else queryset


class SightFilter(QueueFilter):
    """Without those scheduled for later, unless they are asked for or one is looked for by its number."""

    title, parameter_name, everything = "agenda", "agenda", "À vista agora"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return (("agendados", "Agendados"),)

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        if value is not None:
            return queryset.filter(scheduled_for__gt=worktime.now()).order_by("scheduled_for", "number")
        found_by_number = number_in(request.GET.get("q", "")) is not None
        return queryset if found_by_number else cast(TicketQuerySet, queryset).in_sight(worktime.now())


class ReopenedFilter(QueueFilter):
    title, parameter_name = "reabertura", "reabertura"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return (("sim", "Reabertos"), ("nao", "Nunca reabertos"))

    def narrow(self, request: HttpRequest, queryset: QuerySet[Ticket], value: str | None) -> QuerySet[Ticket]:
        match value:
            case "sim":
                return queryset.filter(reopenings__gt=0)
            case "nao":
                return queryset.filter(reopenings=0)
        return queryset
