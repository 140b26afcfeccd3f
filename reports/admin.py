"""What the dpo reads of exports: who took which table out, narrowed by what, and whether people stood in it (DESIGN §8)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts import rights
from accounts.models import RoleGrant
from reports.models import Export


@admin.register(Export)
class ExportAdmin(admin.ModelAdmin[Export]):
    """A list and nothing else; nobody adds, changes or deletes."""

    list_display = ("asked_at", "asked_by", "what", "format", "with_people", "rows", "said")
    list_display_links = None
    list_filter = ("with_people",)
    list_select_related = ("asked_by",)
    ordering = ("-asked_at",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    actions = None

    @admin.display(description="período e filtros")
    def said(self, export: Export) -> str:
        return " · ".join(f"{name}: {value}" for name, value in export.asked.items()) or "nenhum"

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(require_safe(self.changelist_view)), name="reports_export_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, {"title": "Exportações de relatórios", **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.holds(request.user, RoleGrant.Role.DPO)

    def has_view_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return obj is None and self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Export | None = None) -> bool:
        return False
