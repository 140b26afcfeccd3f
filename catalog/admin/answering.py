"""The causes that the team chooses from when it resolves a ticket."""

from django.contrib import admin

from catalog.admin.base import CatalogAdmin
from catalog.models import Cause


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
