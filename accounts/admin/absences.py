"""Absences: each of the team declares his own, leads those of their queues, administrators everybody's."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import absences, rights
from accounts.admin.granted import GrantedAdmin
from accounts.forms import AbsenceForm, TeamMemberField
from accounts.models import Absence, User


@admin.register(Absence)
class AbsenceAdmin(GrantedAdmin[Absence]):
    """What is declared stays as it was; it can be ended, or called off before it begins."""

    edit_roles: ClassVar[tuple[str, ...]] = rights.DECLARE_ABSENCES
    form = AbsenceForm
    fields = ("user", "starts_at", "ends_at", "substitute")
    list_display = ("user", "starts_at", "ends_at", "substitute")
    list_filter = ("starts_at",)
    list_select_related = ("user", "substitute")
    search_fields = ("user__name", "user__social_name", "user__email")
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Absence]:
        return super().get_queryset(request).filter(user__in=absences.kept_by(_declarer(request)))

    def has_change_permission(self, request: HttpRequest, obj: Absence | None = None) -> bool:
        """Of the list, for its action; a row is read only."""
        return obj is None and super().has_change_permission(request)

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        kwargs["form_class"] = TeamMemberField
        if db_field.name == "user":
            kwargs |= {"queryset": absences.kept_by(_declarer(request)), "initial": request.user.pk}
        else:
            kwargs |= {"queryset": absences.team(), "empty_label": "Ninguém: o trabalho volta à fila"}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As the stock one. Two who declare the same absence at once: the second is told, and nothing is kept of his."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except absences.Overlap as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:accounts_absence_changelist")

    def save_model(self, request: HttpRequest, obj: Absence, form: ModelForm[Absence], change: bool) -> None:
        declared = absences.declare(
            obj.user, starts_at=obj.starts_at, ends_at=obj.ends_at, substitute=obj.substitute, by=_declarer(request)
        )
        obj.pk, obj._state.adding = declared.pk, False

    def log_addition(self, request: HttpRequest, obj: Absence, message: Any) -> Any:
        """``accounts.absences`` has logged it."""

    @admin.action(description="Encerrar ausências", permissions=["change"])
    def end(self, request: HttpRequest, queryset: QuerySet[Absence]) -> None:
        for absence in queryset:
            absences.end(absence.pk, by=_declarer(request))
        self.message_user(request, "Ausências encerradas.", messages.SUCCESS)


def _declarer(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  # the admin lets nobody else in
    return request.user
