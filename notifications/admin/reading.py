"""What the pages of the outbox have in common: the administrator reads them, and changes rows by actions alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property

import worktime

if TYPE_CHECKING:
    from collections.abc import Collection

    from notifications.models import AccountLetter, InboundMail, Notice

Row = TypeVar("Row", bound=Model)
Parent = TypeVar("Parent", bound=Model)


def is_admin(request: HttpRequest) -> bool:
    # The role's rights, asked of the person: accounts stands above notifications (DESIGN §3).
    return request.user.is_authenticated and request.user.holds("admin")


class Bounded(Paginator[Row]):
    """Counts so far and no further: of a million rows nobody reads the last, and a filter finds what is older."""

    MOST: Final = 10_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        assert isinstance(rows, QuerySet)  # noqa: S101  # a list of the admin is one
        return rows.order_by()[: self.MOST].count()


class ReadOnlyRows(admin.StackedInline[Row, Parent]):
    """Rows that belong to another one, below it on its page."""

    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return is_admin(request)

    def has_add_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Parent | None = None) -> bool:
        return False


class ReadOnly(admin.ModelAdmin[Row]):
    list_per_page = 50
    paginator = Bounded
    show_full_result_count = False
    lookups: Collection[str] = ()
    """What an address may ask for; else it could ask of a recipient's password, letter by letter."""

    @admin.display(description="próxima tentativa")
    def next_try(self, row: Notice | AccountLetter | InboundMail) -> str | None:
        """When it is tried again; nothing of what is done with."""
        return worktime.moment_said(row.next_attempt_at) if row.state in ("pending", "new") else None

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Refuses before it looks: Django's own looks first, and says which rows there are not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Row], search_term: str) -> tuple[QuerySet[Row], bool]:
        """Addresses are kept in lower case, and looked for as they are: so an index finds them."""
        return super().get_search_results(request, queryset, search_term.lower())

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
