"""Role grants: administrators grant and end them; the admin's own log keeps who did it."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from accounts import notices, rights, roles
from accounts.admin.granted import GrantedAdmin
from accounts.forms import GrantForm
from accounts.models import RoleGrant, User


@admin.register(RoleGrant)
class RoleGrantAdmin(GrantedAdmin[RoleGrant]):
    edit_roles = rights.EDIT_ACCOUNTS
    form = GrantForm
    fields = ("user", "role", "core_system", "queue", "agency", "started_at", "ended_at")
    list_display = ("user", "role", "scope", "started_at", "ended_at")
    list_filter = ("role", "core_system")
    list_select_related = ("user", "core_system", "queue", "agency")
    search_fields = ("user__name", "user__social_name", "user__email", "queue__name")
    ordering = ("-started_at", "pk")
    actions = ("end",)

    def get_readonly_fields(self, request: HttpRequest, obj: RoleGrant | None = None) -> tuple[str, ...]:
        return ("started_at", "ended_at") if obj is None else tuple(self.fields)

    def save_model(self, request: HttpRequest, obj: RoleGrant, form: ModelForm[RoleGrant], change: bool) -> None:
        """A new one is told to who holds it, in the same transaction, that of the admin's page."""
        super().save_model(request, obj, form, change)
        if not change:
            notices.granted("role_given", obj)

    @admin.display(description="escopo")
    def scope(self, grant: RoleGrant) -> str:
        return str(grant.queue or grant.core_system or grant.agency or "todo o portal")

    @admin.action(description="Encerrar papéis", permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[RoleGrant]) -> None:
        assert isinstance(request.user, User)  # noqa: S101  # the admin lets nobody else in
        ended = 0
        for grant in queryset.filter(ended_at=None):
            try:
                roles.end(grant.pk, by=request.user)
            except roles.OwnAdministration:
                self.message_user(request, "Seu próprio papel de administrador só outro administrador encerra.", messages.ERROR)
            else:
                ended += 1
        if ended:
            self.message_user(request, f"Papéis encerrados: {ended}.", messages.SUCCESS)
