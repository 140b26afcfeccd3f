"""What the administrator sees of mail: what happened to each, and which addresses take none."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.contrib import admin, messages
from django.db.models import F
from django.http import HttpRequest

import worktime
from notifications import addresses
from notifications.admin.reading import ReadOnly
from notifications.models import MailAddress, MailStep

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.db.models import QuerySet

    from accounts.models import User


class Day(admin.SimpleListFilter):
    title = "dia"
    parameter_name = "dia"
    DAYS = 14

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[MailStep]) -> list[tuple[str, str]]:
        today = worktime.now().astimezone(worktime.BRASILIA).date()
        days = [today - timedelta(days=back) for back in range(self.DAYS)]
        return [(f"{day:%Y-%m-%d}", f"{day:%d/%m/%Y}") for day in days]

    def queryset(self, request: HttpRequest, queryset: QuerySet[MailStep]) -> QuerySet[MailStep]:
        """The steps of one day in Brasília; for anything that is no day, all."""
        try:
            begin = datetime.strptime(self.value() or "", "%Y-%m-%d").replace(tzinfo=worktime.BRASILIA)
        except ValueError:
            return queryset
        return queryset.filter(at__gte=begin, at__lt=begin + timedelta(days=1))


@admin.register(MailStep)
class MailStepAdmin(ReadOnly[MailStep]):
    list_display = ("at", "kind", "about", "address", "answer", "by")
    list_filter = ("kind", Day)
    list_select_related = ("notice", "by")
    lookups = ("kind", "kind__exact", Day.parameter_name)
    ordering = ("-at", "-id")
    sortable_by = ()
    fields = readonly_fields = ("at", "kind", "about", "address", "answer", "message_id", "by")

    @admin.display(description="e-mail")
    def about(self, step: MailStep) -> str:
        """What the mail was about; of a letter about an account its subject alone."""
        return step.notice.title if step.notice else step.subject or "–"


@admin.register(MailAddress)
class MailAddressAdmin(ReadOnly[MailAddress]):
    list_display = ("email", "blocked_at", "reason", "answer", "failures")
    list_filter = ("reason",)
    lookups = ("reason", "reason__exact")
    ordering = (F("blocked_at").desc(nulls_last=True), "email")
    sortable_by = ()
    search_fields = ("email__exact",)
    search_help_text = "Busque pelo e-mail completo."
    fields = readonly_fields = ("email", "blocked_at", "reason", "answer", "failing_since", "failures")
    actions = ("clear",)
    AT_ONCE: Final = 500

    @admin.action(description="Voltar a enviar para estes endereços", permissions=["view"])
    def clear(self, request: HttpRequest, queryset: QuerySet[MailAddress]) -> None:
        by: User = request.user  # type: ignore[assignment]  # signed in
        cleared = sum(addresses.clear(email, by=by) for email in queryset.values_list("email", flat=True)[: self.AT_ONCE])
        more = " Pode haver mais: repita a ação." if cleared >= self.AT_ONCE else ""
        self.message_user(request, f"Endereços que voltam a receber e-mails: {cleared}.{more}", messages.SUCCESS)
