"""What the administrator sees of the outbox: what did not arrive and why, and one more try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from notifications import outbox
from notifications.models import Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin[Notice]):
    list_display = ("created_at", "title", "recipient", "state", "attempts", "next_attempt_at", "last_error")
    list_filter = ("state",)
    list_select_related = ("recipient",)
    list_per_page = 50
    ordering = ("-created_at",)
    search_fields = ("=recipient__email",)
    search_help_text = "Busque pelo e-mail completo do destinatário."
    fields = ("created_at", "title", "recipient", "state", "attempts", "next_attempt_at", "sent_at", "last_error")
    readonly_fields = fields
    actions = ("try_again",)

    @admin.action(description="Tentar enviar de novo", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        count = outbox.retry(queryset)
        if count:
            self.message_user(request, f"Avisos que serão enviados de novo: {count}.", messages.SUCCESS)
        else:
            self.message_user(request, "Nenhum dos avisos marcados está como não entregue.", messages.WARNING)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuses before it looks: Django's own looks first, and says which rows there are not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    # The role's rights, asked of the person: accounts stands above notifications (DESIGN §3).
    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return request.user.is_authenticated and request.user.holds("admin")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filters of the page only: an address may not ask of a recipient's password, letter by letter."""
        return lookup in {"state", "state__exact"}
