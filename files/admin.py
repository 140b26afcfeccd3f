"""What the administrator sees of files that the antivirus holds: since when, why, and one more try. Never the file itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

import worktime
from files import scan
from files.models import RetainedFile, Scan

if TYPE_CHECKING:
    from django.db.models import QuerySet


@admin.register(RetainedFile)
class RetainedFileAdmin(admin.ModelAdmin[RetainedFile]):
    list_display = ("identifier", "since", "scan", "scan_said", "scan_tries", "scan_due_at")
    list_per_page = 50
    sortable_by = ()
    ordering = ("-created_at", "pk")
    fields = ("identifier", "since", "content_type", "size", "scan", "scan_said", "scan_tries", "scan_due_at")
    readonly_fields = fields
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetainedFile]:
        return super().get_queryset(request).filter(scan__in=(Scan.HELD, Scan.INFECTED))

    @admin.display(description="identificador")
    def identifier(self, file: RetainedFile) -> str:
        return str(file.pk)

    @admin.display(description="recebido em")
    def since(self, file: RetainedFile) -> str:
        return worktime.moment_said(file.created_at)

    @admin.action(description="Verificar de novo", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[RetainedFile]) -> None:
        count = scan.retry(queryset)
        self.message_user(request, f"Arquivos que serão verificados de novo: {count}.", messages.SUCCESS)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuses before it looks: Django's own looks first, and says which rows there are not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    # The role's rights, asked of the person: accounts stands above files (DESIGN §3).
    def has_view_permission(self, request: HttpRequest, obj: RetainedFile | None = None) -> bool:
        return request.user.is_authenticated and request.user.holds("admin")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RetainedFile | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RetainedFile | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """None: an address may not ask of a file's name, letter by letter."""
        return False
