"""What the administrator sees of the outbox: what did not arrive and why, step by step; one more try, and none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.http import HttpRequest

from notifications import outbox
from notifications.admin.reading import ReadOnly, ReadOnlyRows
from notifications.models import MailStep, Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet


class Steps(ReadOnlyRows[MailStep, Notice]):
    """What happened to the notice's mail, oldest first."""

    model = MailStep
    fields = readonly_fields = ("at", "kind", "address", "answer", "by")
    ordering = ("at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailStep]:
        return super().get_queryset(request).select_related("by")


@admin.register(Notice)
class NoticeAdmin(ReadOnly[Notice]):
    list_display = ("created_at", "title", "recipient", "state", "attempts", "next_try", "last_error")
    list_filter = ("state", "line")
    list_select_related = ("recipient",)
    lookups = ("state", "state__exact", "line", "line__exact")
    ordering = ("-created_at", "-id")
    sortable_by = ()
    search_fields = ("recipient__email__exact",)
    search_help_text = "Busque pelo e-mail completo do destinatário."
    fields = ("created_at", "title", "recipient", "line", "state", "attempts", "next_try", "sent_at", "last_error")
    readonly_fields = fields
    inlines = (Steps,)
    actions = ("try_again", "stop")

    @admin.action(description="Tentar de novo", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = outbox.retry(queryset, by=request.user)  # type: ignore[arg-type]  # signed in
        if count:
            self.message_user(request, f"Avisos que serão enviados de novo: {count}.{_more(count)}", messages.SUCCESS)
        else:
            self.message_user(request, "Nenhum dos avisos marcados está parado ou deixou de ser entregue.", messages.WARNING)

    @admin.action(description="Parar", permissions=["view"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = outbox.stop(queryset, by=request.user)  # type: ignore[arg-type]  # signed in
        if count:
            words = (
                f"Avisos que não irão por e-mail: {count}. Eles continuam no portal, na página Avisos de cada pessoa."
                f"{_more(count)}"
            )
            self.message_user(request, words, messages.SUCCESS)
        else:
            self.message_user(request, "Nenhum dos avisos marcados está à espera de envio.", messages.WARNING)


def _more(count: int) -> str:
    return " Pode haver mais: repita a ação." if count >= outbox.MOST else ""
