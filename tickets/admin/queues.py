"""The queues N2 and N3: the admin's lists of tickets, and the way from there into the workbench."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

import worktime
from accounts.models import User
from catalog.models import Level
from govbr.templatetags.govbr import tag
from tickets import badges, lifecycle, search, wording
from tickets.admin import access, bulk, filters, reckoning, redaction, workbench
from tickets.models import Message, N2Ticket, N3Ticket, Ticket
from tickets.querysets import TicketQuerySet
from tickets.states import Via

MANY = 1000
"""Rows that a list counts and leads through at most; who needs others narrows it."""


class BoundedPaginator(Paginator[Ticket]):
    """Counts no further than ``MANY``, so that a long list costs no more than a short one."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)  # noqa: S101 - the admin pages querysets alone
        return min(rows.order_by().values("pk")[: MANY + 1].count(), MANY)


class InGivenOrder(ChangeList):
    """The list stands in the order of its rows: work order, or newest finds first. The address asks for no other."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return list(queryset.query.order_by)


class QueueAdmin(admin.ModelAdmin[Ticket]):
    """One level's queue. Nothing is added, edited or deleted here: the workbench calls verbs."""

    level: ClassVar[Level]
    list_display = ("chosen", "number", "what", "who", "urgency", "state", "held_by", "deadline", "news")
    list_display_links = ("number",)
    list_filter = (
        filters.StatusFilter,
        filters.AssigneeFilter,
        filters.ProductFilter,
        filters.PriorityFilter,
        filters.ReopenedFilter,
        filters.SightFilter,
    )
    list_per_page = 25
    list_max_show_all = 0
    list_select_related = ("product", "requester", "agency", "assignee", "offered_to")
    paginator = BoundedPaginator
    search_fields = ("number",)  # what is searched, ``get_search_results`` says
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = ()
    actions = None
    change_list_template = "admin/tickets/queue.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return InGivenOrder

    def get_urls(self) -> list[URLPattern]:
        """The list, the workbench and the actions: the admin's other pages do not exist here."""
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("atender/", view(require_POST(self.take_next)), name=f"{name}_take_next"),
            path("lote/", view(require_POST(partial(bulk.act, self))), name=f"{name}_bulk"),
            path("<int:pk>/change/", view(partial(workbench.show, self)), name=f"{name}_change"),
            path("<int:pk>/history/", view(partial(workbench.history, self)), name=f"{name}_history"),
            path("<int:pk>/prazos/", view(partial(reckoning.show, self)), name=f"{name}_reckoning"),
            path("<int:pk>/ocultar/", view(require_POST(partial(redaction.act, self))), name=f"{name}_redact"),
            path("<int:pk>/acao/<slug:action>/", view(partial(workbench.act, self)), name=f"{name}_action"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and self.level in access.levels(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Ticket]:
        last = Message.objects.filter(ticket=OuterRef("pk"), internal=False).order_by("-created_at", "-pk")
        tickets = Ticket.objects.in_queues_of(access.person(request)).filter(level=self.level)
        return tickets.annotate(last_from_team=Subquery(last.values("from_team")[:1])).in_work_order()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        return search.found(cast(TicketQuerySet, queryset), search_term, internal=True), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The address may hold the filters' own names, which are no columns, and nothing else: no guessing of columns."""
        return lookup in {chosen.parameter_name for chosen in self.list_filter}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        extra = {
            "title": f"Fila {self.level}",
            "takes": self.level in access.works_at(access.person(request)),
            "form_id": uuid.uuid4(),
            "many": MANY,
            "bulks": bulk.offered(access.person(request), self.level),
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def take_next(self, request: HttpRequest) -> HttpResponse:
        """Take the first ticket that waits, and open it on the workbench."""
        if not self.has_view_permission(request):
            raise Http404
        queue = redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            form_id = uuid.UUID(request.POST.get("form_id", ""))
            ticket = lifecycle.take_next(by=access.person(request), via=Via.DESK, request_id=form_id, level=self.level)
        except ValueError:
            messages.error(request, "O botão desta página não vale mais. Tente de novo.")
            return queue
        except lifecycle.Refused as refused:
            messages.error(request, refused.sentence)
            return queue
        if ticket is None:
            messages.info(request, "Não há chamado esperando na fila.")
            return queue
        messages.success(request, f"Você assumiu o chamado {ticket.number}.")
        return redirect(workbench.address(ticket))

    @admin.display(description="Marcar")
    def chosen(self, ticket: Ticket) -> SafeString:
        box = '<input type="checkbox" name="chosen" value="{}" aria-label="Marcar o chamado {}" autocomplete="off">'
        return format_html(box, ticket.pk, ticket.number)

    @admin.display(description="Assunto · produto")
    def what(self, ticket: Ticket) -> SafeString:
        return _one_line(ticket.subject, ticket.product.name)

    @admin.display(description="Solicitante · órgão")
    def who(self, ticket: Ticket) -> SafeString:
        body = ticket.agency.acronym if ticket.agency else ticket.unlisted_agency_name or "sem órgão"
        return _one_line(ticket.requester.display_name, body)

    @admin.display(description="Prioridade")
    def urgency(self, ticket: Ticket) -> SafeString:
        again = badges.Badge("Reaberto", "info", "arrow-rotate-left")
        return _tags(badges.of_priority(ticket), *([again] if ticket.reopenings else []))

    @admin.display(description="Situação")
    def state(self, ticket: Ticket) -> SafeString:
        scheduled = wording.scheduled(ticket, worktime.now())
        return _tags(badges.of_status(ticket), *([badges.Badge(scheduled, "", "calendar")] if scheduled else []))

    @admin.display(description="Atendente", empty_value="ninguém")
    def held_by(self, ticket: Ticket) -> str | None:
        if ticket.assignee is not None:
            return ticket.assignee.display_name
        return wording.offered(ticket, worktime.now()) or None

    @admin.display(description="Prazo", empty_value="–")
    def deadline(self, ticket: Ticket) -> str | None:
        return wording.deadline(ticket, worktime.now()) or None

    @admin.display(description="Última novidade")
    def news(self, ticket: Ticket) -> str:
        since = wording.length(worktime.now() - ticket.last_event_at).split(" e ")[0]
        return f"há {since} · {'equipe' if getattr(ticket, 'last_from_team', False) else 'solicitante'}"


def _one_line(first: str, second: str) -> SafeString:
    """Two facts on one line; where room is short the first is cut, and stands whole in its title."""
    shape = '<span class="one-line" title="{}"><span>{}</span> <span class="muted">· {}</span></span>'
    return format_html(shape, first, first, second)


def _tags(*shown: badges.Badge) -> SafeString:
    return format_html_join(" ", "{}", ((tag(*badge),) for badge in shown))


@admin.register(N2Ticket)
class N2Admin(QueueAdmin):
    level = Level.N2


@admin.register(N3Ticket)
class N3Admin(QueueAdmin):
    level = Level.N3
