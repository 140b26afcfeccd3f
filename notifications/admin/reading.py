"""What the pages of the outbox have in common: the administrator reads them, and changes rows by actions alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Collection

Row = TypeVar("Row", bound=Model)


def is_admin(request: HttpRequest) -> bool:
    # The role's rights, asked of the person: accounts stands above notifications (DESIGN §3).
    return request.user.is_authenticated and request.user.holds("admin")


class ReadOnly(admin.ModelAdmin[Row]):
    list_per_page = 50
    lookups: Collection[str] = ()
    """What an address may ask for; else it could ask of a recipient's password, letter by letter."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuses before it looks: Django's own looks first, and says which rows there are not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def has_view_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return is_admin(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_admin(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Row | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in self.lookups
