"""The queues N2 and N3: the admin's lists of tickets, and the way from there into the workbench."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from catalog.models import Level
from govbr import search as text_search
from tickets import lifecycle, search, workload
from tickets.admin import access
from tickets.admin.behalf import opening, people
from tickets.admin.bench import (
    answering,
    case,
    drafting,
    following,
    linking,
    live,
    neighbours,
    original,
    reckoning,
    redaction,
    splitting,
    workbench,
)
from tickets.admin.leading import board, load, team
from tickets.admin.queue import bulk, card, counts, filters, jump, listing, rows, saved
from tickets.models import N2Ticket, N3Ticket, Ticket
from tickets.querysets import TicketQuerySet
from tickets.states import Via


class QueueAdmin(admin.ModelAdmin[Ticket]):
    """One level's queue. Nothing is added, edited or deleted here: the workbench calls verbs."""

    level: ClassVar[Level]
    list_display = ("number",)  # the rows are drawn by ``tickets.admin.queue.rows``
    list_filter = filters.FILTERS
    list_per_page = 25
    list_max_show_all = 0
    search_fields = ("number",)  # what is searched, ``get_search_results`` says
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False
    sortable_by = ()
    actions = None
    change_list_template = "admin/tickets/queue.html"

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return listing.InGivenOrder

    def get_urls(self) -> list[URLPattern]:
        """The list, the workbench and the actions: the admin's other pages do not exist here."""
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("atender/", view(require_POST(self.take_next)), name=f"{name}_take_next"),
            path("ficha/<int:number>/", view(partial(card.show, self)), name=f"{name}_card"),
            path("carga/", view(require_safe(partial(load.show, self))), name=f"{name}_load"),
            path("painel/", view(require_safe(partial(board.show, self))), name=f"{name}_board"),
            path("painel/numeros/", view(require_safe(partial(board.part, self))), name=f"{name}_board_part"),
            path("pessoas/", view(require_safe(partial(team.show, self))), name=f"{name}_team"),
            path("pessoas/<int:queue_pk>/<int:pk>/", view(partial(team.edit, self)), name=f"{name}_skills"),
            path("novo/", view(partial(people.find, self)), name=f"{name}_behalf"),
            path("novo/<str:token>/", view(require_safe(partial(opening.choose, self))), name=f"{name}_behalf_choose"),
            path("novo/<str:token>/<int:pk>/", view(partial(opening.form, self)), name=f"{name}_behalf_form"),
            path("novo/<str:token>/<int:pk>/rascunho/", view(partial(opening.draft, self)), name=f"{name}_behalf_draft"),
            path("lote/", view(require_POST(partial(bulk.act, self))), name=f"{name}_bulk"),
            path("contagens/", view(require_safe(partial(counts.show, self))), name=f"{name}_counts"),
            path("ir/", view(partial(jump.show, self)), name=f"{name}_jump"),
            path("visoes/", view(partial(saved.keep, self)), name=f"{name}_keep_view"),
            path("visoes/<int:pk>/", view(partial(saved.rename, self)), name=f"{name}_view"),
            path("visoes/<int:pk>/apagar/", view(require_POST(partial(saved.remove, self))), name=f"{name}_remove_view"),
            path("<int:pk>/change/", view(partial(workbench.show, self)), name=f"{name}_change"),
            path("<int:pk>/history/", view(partial(workbench.history, self)), name=f"{name}_history"),
            path("<int:pk>/prazos/", view(partial(reckoning.show, self)), name=f"{name}_reckoning"),
            path("<int:pk>/caso/", view(require_safe(partial(case.show, self))), name=f"{name}_case"),
            path("<int:pk>/ocultar/", view(require_POST(partial(redaction.act, self))), name=f"{name}_redact"),
            path("<int:pk>/ligacoes/", view(require_POST(partial(linking.add, self))), name=f"{name}_link"),
            path("<int:pk>/ligacoes/<int:link>/", view(require_POST(partial(linking.remove, self))), name=f"{name}_unlink"),
            path("<int:pk>/separar/<int:message>/", view(partial(splitting.act, self)), name=f"{name}_split"),
            path("<int:pk>/email/<uuid:mail>/", view(require_safe(partial(original.download, self))), name=f"{name}_original"),
            path("<int:pk>/acompanhar/", view(require_POST(partial(following.act, self))), name=f"{name}_follow"),
            path("<int:pk>/roteiros/", view(require_safe(partial(answering.scripts, self))), name=f"{name}_scripts"),
            path("<int:pk>/macros/<int:macro>/", view(require_POST(partial(answering.run, self))), name=f"{name}_macro"),
            path("<int:pk>/previa/", view(require_POST(partial(answering.preview, self))), name=f"{name}_preview"),
            path("<int:pk>/colegas/", view(partial(answering.colleagues, self)), name=f"{name}_colleagues"),
            path("<int:pk>/acao/<slug:action>/", view(partial(workbench.act, self)), name=f"{name}_action"),
            path("<int:pk>/novidades/", view(require_safe(partial(live.fragment, self))), name=f"{name}_news"),
            path("<int:pk>/vizinho/<slug:way>/", view(partial(neighbours.go, self)), name=f"{name}_neighbour"),
            path("<int:pk>/rascunho/<slug:deed>/", view(partial(drafting.save, self)), name=f"{name}_draft"),
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
        user = access.person(request)
        return rows.with_names(Ticket.objects.in_queues_of(user).filter(level=self.level), user).in_work_order()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Ticket], search_term: str
    ) -> tuple[QuerySet[Ticket], bool]:
        """What is typed is read once: the rows are told where they were found by it."""
        number = search.number_in(search_term)
        terms = text_search.terms(search_term) if number is None and text_search.clean(search_term) else None
        vars(request)["queue_terms"] = terms
        return search.found(cast(TicketQuerySet, queryset), search_term, internal=True, terms=terms), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The address may hold the filters' own names, which are no columns, and nothing else: no guessing of columns."""
        return lookup in filters.NAMES

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        if elsewhere := self.elsewhere(request):
            return elsewhere
        extra = {
            "title": f"Fila {self.level}",
            "takes": self.level in access.works_at(access.person(request)),
            "leads": workload.oversees(access.person(request), self.level),
            "form_id": uuid.uuid4(),
            "many": listing.MANY,
            "bulks": bulk.offered(access.person(request), self.level),
        }
        return super().changelist_view(request, {**extra, **(extra_context or {})})

    def elsewhere(self, request: HttpRequest) -> HttpResponse | None:
        """To the ticket, or its card, whose number was looked for and that does not lie in this queue."""
        number = search.number_in(request.GET.get("q", ""))
        if number is None or self.get_queryset(request).filter(number=number).exists():
            return None
        user = access.person(request)
        known = Ticket.objects.read_by_team(user) | Ticket.objects.listed_to(user)
        if not known.filter(number=number).exists():
            return None
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_card", number)

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


@admin.register(N2Ticket)
class N2Admin(QueueAdmin):
    level = Level.N2


@admin.register(N3Ticket)
class N3Admin(QueueAdmin):
    level = Level.N3
