"""What the team answers with: support scripts, and the causes that it chooses from when it resolves a ticket."""

from django.contrib import admin

from catalog.admin.base import CatalogAdmin
from catalog.models import Cause, SupportScript


@admin.register(Cause)
class CauseAdmin(CatalogAdmin[Cause]):
    core_system_path = "product__core_system"
    identity = ("product", "slug")
    list_display = ("name", "product", "slug", "position", "active")
    list_filter = ("active", "product")
    list_select_related = ("product",)
    ordering = ("product__name", "position", "name")
    search_fields = ("name", "slug", "product__name")
    fields = ("product", "slug", "name", "position", "active")


@admin.register(SupportScript)
class SupportScriptAdmin(CatalogAdmin[SupportScript]):
    core_system_path = "core_system"
    identity = ("core_system", "slug")
    list_display = ("title", "product", "level", "suggestion", "written_on", "holds", "active")
    list_filter = ("active", "holds", "level", "profile", "suggestion", "product")
    list_select_related = ("product",)
    search_fields = ("title", "slug", "situation", "keywords", "reply")
    fieldsets = (
        (None, {"fields": ("core_system", "slug", "title", "product", "support_types", "situation", "level", "profile")}),
        ("O que fazer", {"fields": ("steps", "suggestion", "reply")}),
        ("Procedência e validade", {"fields": ("keywords", "references", "written_on", "holds", "note", "source", "active")}),
    )
