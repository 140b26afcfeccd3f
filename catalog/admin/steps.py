"""Core systems, spheres, products and support types."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelChoiceField, ModelForm
from django.http import HttpRequest

from accounts import rights
from accounts.models import User
from catalog.admin.base import CatalogAdmin
from catalog.models import CoreSystem, Product, ProductRole, Sphere, SupportType


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


class RoleFormSet(BaseInlineFormSet[ProductRole, Product, ModelForm[ProductRole]]):
    def clean(self) -> None:
        """Roles that are added together are compared with each other here, with the kept ones by the database's rules."""
        super().clean()
        now = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("ended_at")]
        named = [(row.get("user"), row.get("role")) for row in now if row.get("role")]
        if sum(role == ProductRole.Role.OWNER for _, role in named) > 1:
            raise ValidationError("O produto tem um só dono. Encerre o papel do outro.")
        if len(named) != len(set(named)):
            raise ValidationError("A mesma pessoa está duas vezes com o mesmo papel.")


class RoleInline(admin.StackedInline[ProductRole, Product]):
    """Who answers for the product; a role that is over is ended, not deleted."""

    model = ProductRole
    formset = RoleFormSet
    fields = ("user", "role", "ended_at")
    extra = 1  # without JavaScript this is how one is added
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductRole]:
        return super().get_queryset(request).select_related("user", "product")

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Only people with a role in the portal can be named: requesters' accounts are no list to choose from."""
        if db_field.name == "user":
            kwargs["queryset"] = User.objects.filter(is_active=True, grants__ended_at=None, grants__isnull=False).distinct()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return rights.holds(request.user, *rights.READ_CATALOG, *rights.EDIT_CATALOG)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return rights.holds(request.user, *rights.EDIT_CATALOG)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return rights.holds(request.user, *rights.EDIT_CATALOG)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Product)
class ProductAdmin(CatalogAdmin[Product]):
    inlines = (RoleInline,)
    core_system_path = "core_system"
    identity = ("core_system", "slug")
    list_display = ("name", "former_name", "purpose", "core_system", "active")
    list_filter = ("active", "core_system")
    list_select_related = ("core_system",)
    search_fields = ("name", "former_name", "slug", "keywords", "synonyms")
    fields = (
        "core_system",
        "slug",
        "name",
        "former_name",
        "description",
        "purpose",
        "keywords",
        "synonyms",
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
    fields = ("core_system", "slug", "name", "description", "synonyms", "request_class", "position", "icon", "active")
