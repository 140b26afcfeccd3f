"""Core systems, spheres, products and support types."""

from django.contrib import admin

from catalog.admin.base import CatalogAdmin
from catalog.models import CoreSystem, Product, Sphere, SupportType


@admin.register(CoreSystem)
class CoreSystemAdmin(CatalogAdmin[CoreSystem]):
    core_system_path = "pk"
    identity = ("slug",)
    list_display = ("card_name", "acronym", "unit", "max_file_mb", "max_files", "active")
    list_filter = ("active",)
    search_fields = ("name", "card_name", "acronym")
    fieldsets = (
        (None, {"fields": ("slug", "name", "card_name", "acronym", "description", "unit", "icon", "active")}),
        ("Anexos", {"fields": ("max_file_mb", "max_files", "file_extensions")}),
    )


@admin.register(Sphere)
class SphereAdmin(CatalogAdmin[Sphere]):
    """Spheres belong to no core system: the curators of all of them share the list."""

    identity = ("slug",)
    list_display = ("name", "description", "position", "active")
    list_filter = ("active",)
    search_fields = ("name", "slug")
    fields = ("slug", "name", "description", "position", "icon", "active")


@admin.register(Product)
class ProductAdmin(CatalogAdmin[Product]):
    core_system_path = "core_system"
    identity = ("core_system", "slug")
    list_display = ("name", "former_name", "purpose", "core_system", "active")
    list_filter = ("active", "core_system")
    list_select_related = ("core_system",)
    search_fields = ("name", "former_name", "slug", "keywords")
    fields = (
        "core_system",
        "slug",
        "name",
        "former_name",
        "description",
        "purpose",
        "keywords",
        "links",
        "icon",
        "active",
    )


@admin.register(SupportType)
class SupportTypeAdmin(CatalogAdmin[SupportType]):
    core_system_path = "core_system"
    identity = ("core_system", "slug")
    list_display = ("name", "request_class", "description", "core_system", "position", "active")
    list_filter = ("active", "request_class", "core_system")
    list_select_related = ("core_system",)
    search_fields = ("name", "slug")
    fields = ("core_system", "slug", "name", "description", "request_class", "position", "icon", "active")
