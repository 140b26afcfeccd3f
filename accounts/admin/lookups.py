"""What the dpo reads of look-ups of people: who of the team looked for whom, when and by what (DESIGN §8)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from accounts import rights
from accounts.models import PersonLookup, RoleGrant
from govbr.paging import page_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE: Final = 50
LONGEST: Final = 254
FILTERS: Final = {"atendente": "user__email", "pessoa": "found__email"}
"""Field of the address → whose whole e-mail it is. There is no other: nothing can be asked letter by letter."""


@admin.register(PersonLookup)
class PersonLookupAdmin(admin.ModelAdmin[PersonLookup]):
    """A list and nothing else; nobody adds, changes or deletes."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(partial(show, self)))
        return [path("", view, name="accounts_personlookup_changelist")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.holds(request.user, RoleGrant.Role.DPO)

    def has_view_permission(self, request: HttpRequest, obj: PersonLookup | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: PersonLookup | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PersonLookup | None = None) -> bool:
        return False


def show(desk: PersonLookupAdmin, request: HttpRequest) -> HttpResponse:
    """The newest first, narrowed to an analyst, a person, or both. One query beside what every page asks."""
    if not desk.has_view_permission(request):
        raise Http404
    asked = {name: request.GET.get(name, "")[:LONGEST].strip().lower() for name in FILTERS}
    context = {
        **desk.admin_site.each_context(request),
        "title": "Consultas a pessoas",
        "opts": desk.opts,
        "page": page_of(narrowed(asked), request.GET.get("page", ""), PAGE),
        "asked": asked,
        "narrowed": any(asked.values()),
    }
    return TemplateResponse(request, "admin/accounts/lookups.html", context)


def narrowed(asked: dict[str, str]) -> QuerySet[PersonLookup]:
    """The look-ups of these people, by whole e-mails; all of them where none is asked for."""
    found = PersonLookup.objects.select_related("user", "found").order_by("-at", "-pk")
    return found.filter(**{FILTERS[name]: email.replace("\0", "") for name, email in asked.items() if email})
