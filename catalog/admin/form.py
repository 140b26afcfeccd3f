"""The questions of the forms."""

from django.contrib import admin
from django.db.models import F

from catalog.admin.base import CatalogAdmin
from catalog.models import FormField


@admin.register(FormField)
class FormFieldAdmin(CatalogAdmin[FormField]):
    core_system_path = "support_type__core_system"
    identity = ("support_type", "product", "name")
    list_display = ("label", "support_type", "product", "kind", "required", "active")
    list_filter = ("active", "support_type", "product", "kind", "required")
    list_select_related = ("support_type", "product")
    ordering = ("support_type__position", F("product__name").asc(nulls_first=True), "position", "pk")
    search_fields = ("label", "name", "help_text")
    fieldsets = (
        (None, {"fields": ("support_type", "product", "name", "label", "kind", "required", "help_text", "position", "active")}),
        ("Conforme o tipo", {"fields": ("options", "suggestions", "max_length", "multiple")}),
        ("Quando perguntar", {"fields": ("show_if_field", "show_if_values")}),
    )
