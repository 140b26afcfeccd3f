"""The base of every admin here: rights come from role grants, and nothing is deleted."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from accounts import rights

Row = TypeVar("Row", bound=Model)

LOOKUP_ENDINGS = {"exact", "id__exact", "pk__exact", "in", "isnull", "gte", "gt", "lte", "lt", "year", "month", "day"}
"""What the admin's own filters put behind a field's name in an address."""


class GrantedAdmin(admin.ModelAdmin[Row]):
    """``edit_roles`` see, add and change; ``view_roles`` see; nobody else knows the pages exist.

    Where rows belong to a core system, ``core_system_path`` is the look-up from the row to it
    (``"product__core_system"``): then people see and change only rows of the core systems in which
    they hold the role. Filters in the address are limited to ``list_filter``, so that no hidden
    column can be guessed letter by letter.
    """

    view_roles: ClassVar[tuple[str, ...]] = ()
    edit_roles: ClassVar[tuple[str, ...]] = ()
    core_system_path: ClassVar[str] = ""

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self._allowed(request, (*self.view_roles, *self.edit_roles), obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request, self.edit_roles, None)

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return self._allowed(request, self.edit_roles, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.holds(request.user, *self.view_roles, *self.edit_roles)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Row]:
        return self._within(super().get_queryset(request), request, (*self.view_roles, *self.edit_roles))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuses before it looks: Django's own looks first, and says which rows there are not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Row, form: ModelForm[Row], change: bool) -> None:
        """Save, unless the row came to lie outside the person's scope: then nothing is kept."""
        super().save_model(request, obj, form, change)
        if not self._allowed(request, self.edit_roles, obj):
            raise PermissionDenied  # the admin saves within a transaction, which this undoes

    def message_user(
        self, request: HttpRequest, message: Any, level: int | str = messages.INFO, *args: Any, **kwargs: Any
    ) -> None:
        """What is said after saving has no gender: Django's sentence takes every name for a masculine one."""
        view = (request.resolver_match and request.resolver_match.url_name) or ""
        if level == messages.SUCCESS and view.endswith(("_add", "_change")):
            message = "Os dados foram salvos."
        super().message_user(request, message, level, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        filters = self.get_list_filter(request)
        declared = [str(entry[0] if isinstance(entry, (tuple, list)) else entry) for entry in filters]
        if self.date_hierarchy:
            declared.append(self.date_hierarchy)
        ends = {f"{name}__{ending}" for name in declared for ending in LOOKUP_ENDINGS}
        return "\0" not in str(value) and lookup in {*declared, *ends}

    def _allowed(self, request: HttpRequest, roles: tuple[str, ...], obj: Row | None) -> bool:
        if not rights.holds(request.user, *roles):
            return False
        if obj is None or not self.core_system_path:
            return True
        return self._within(self.model._default_manager.filter(pk=obj.pk), request, roles).exists()

    def _within(self, rows: QuerySet[Row], request: HttpRequest, roles: tuple[str, ...]) -> QuerySet[Row]:
        if not self.core_system_path:
            return rows
        systems = rights.core_systems(request.user, *roles)
        return rows if systems is None else rows.filter(**{f"{self.core_system_path}__in": systems})
