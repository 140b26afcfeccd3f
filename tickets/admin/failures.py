"""What managers and administrators see of jobs that failed on a ticket: where in the code, since when, and one more try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html

import worktime
from accounts.admin import GrantedAdmin
from accounts.models import RoleGrant
from tickets import failures, sweeps
from tickets.admin import access
from tickets.models import SweepFailure, Ticket

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

Role = RoleGrant.Role


@admin.register(SweepFailure)
class SweepFailureAdmin(GrantedAdmin[SweepFailure]):
    """Managers see the tickets of their scope; administrators see that there is a failure, and open no ticket by it."""

    view_roles = (Role.MANAGER, Role.ADMIN)
    list_display = ("number", "what", "error", "attempts", "since", "last", "again")
    list_display_links = ("what",)
    list_select_related = ("ticket",)
    list_per_page = 50
    sortable_by = ()
    ordering = ("-last_at", "-pk")
    fields = ("number", "what", "error", "attempts", "first_at", "last_at", "next_at")
    readonly_fields = fields
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SweepFailure]:
        person = access.person(request)
        read = Exists(Ticket.objects.read_by_team(person).filter(pk=OuterRef("ticket")))
        rows = super().get_queryset(request).annotate(read=read)
        return rows if person.holds(Role.ADMIN) else rows.filter(read)

    @admin.display(description="chamado")
    def number(self, failure: SweepFailure) -> SafeString | str:
        ticket = failure.ticket
        if not getattr(failure, "read", False):
            return str(ticket.number)
        url = reverse(f"admin:tickets_{ticket.level.lower()}ticket_change", args=[ticket.pk])
        return format_html('<a href="{}">{}</a>', url, ticket.number)

    @admin.display(description="tarefa")
    def what(self, failure: SweepFailure) -> str:
        return sweeps.LABELS.get(failure.job, failure.job)

    @admin.display(description="desde")
    def since(self, failure: SweepFailure) -> str:
        return worktime.moment_said(failure.first_at)

    @admin.display(description="última falha")
    def last(self, failure: SweepFailure) -> str:
        return worktime.moment_said(failure.last_at)

    @admin.display(description="próxima tentativa")
    def again(self, failure: SweepFailure) -> str:
        return worktime.moment_said(failure.next_at)

    @admin.action(description="Tentar de novo agora", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[SweepFailure]) -> None:
        count = failures.retry(queryset)
        if count:
            self.message_user(request, f"Tarefas que serão tentadas de novo em até um minuto: {count}.", messages.SUCCESS)
        else:
            self.message_user(request, "As tarefas marcadas já vão ser tentadas de novo.", messages.WARNING)
