"""What the catalog's admin pages have in common."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounts import rights
from accounts.admin import GrantedAdmin
from catalog.forms import LinesField
from catalog.models import CoreSystem, Product, Queue, SupportType

Row = TypeVar("Row", bound=models.Model)

LONG_LINE = 100
"""A text that may be longer than this gets a line as wide as the page."""

CORE_SYSTEM_OF: dict[type[models.Model], str] = {
    CoreSystem: "pk",
    Product: "core_system",
    SupportType: "core_system",
    Queue: "product__core_system",
}
"""The way from what a row points to, to its core system."""


class CatalogAdmin(GrantedAdmin[Row]):
    """Managers read, curators of the core system and administrators edit (DESIGN §8).

    ``identity`` names what tells rows apart: chosen once, when the row is made, since the catalog
    file finds rows by it. Nothing is deleted, for tickets point here; ``active`` takes off the air.
    """

    view_roles = rights.READ_CATALOG
    edit_roles = rights.EDIT_CATALOG
    identity: ClassVar[tuple[str, ...]] = ()
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Row | None = None) -> tuple[str, ...]:
        return self.identity if obj is not None else ()

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.JSONField) and isinstance(db_field.get_default(), list):
            name = str(db_field.verbose_name)
            return LinesField(label=name[0].upper() + name[1:], required=not db_field.blank, help_text="Um item por linha.")
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        elif isinstance(db_field, models.CharField) and not db_field.choices and (db_field.max_length or 0) > LONG_LINE:
            kwargs["widget"] = AdminTextInputWidget(attrs={"class": "vLargeTextField"})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        """Only what lies in the core systems that this person edits may be chosen."""
        path = CORE_SYSTEM_OF.get(db_field.related_model)
        systems = rights.core_systems(request.user, *self.edit_roles)
        if path is not None and systems is not None:
            kwargs["queryset"] = db_field.related_model._default_manager.filter(**{f"{path}__in": systems})
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
