"""When the team works and what it promises."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounts import rights
from catalog import daytime
from catalog.admin.base import CatalogAdmin
from catalog.models import ElectoralPeriod, Holiday, Policy, PolicyTarget, Priority, WorkWindow
from catalog.service_forms import PolicyForm, TargetForm, TargetFormSet, WorkWindowForm


@admin.register(WorkWindow)
class WorkWindowAdmin(CatalogAdmin[WorkWindow]):
    """The whole portal's: the curators of all core systems share the list."""

    form = WorkWindowForm
    list_display = ("day", "opening", "closing", "active")
    list_filter = ("active", "weekday")
    fields = ("weekday", "opens", "closes", "active")

    @admin.display(description="dia da semana", ordering="weekday")
    def day(self, row: WorkWindow) -> str:
        return row.get_weekday_display()

    @admin.display(description="começo", ordering="opens")
    def opening(self, row: WorkWindow) -> str:
        return daytime.written(row.opens)

    @admin.display(description="fim", ordering="closes")
    def closing(self, row: WorkWindow) -> str:
        return daytime.written(row.closes)


@admin.register(Holiday)
class HolidayAdmin(CatalogAdmin[Holiday]):
    """The whole portal's, as the working hours are."""

    identity = ("date",)
    list_display = ("date", "name", "kind", "works_from", "works_until", "active")
    list_filter = ("active", "kind")
    date_hierarchy = "date"
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("date", "name", "kind", "source", "active")}),
        (
            "Meio expediente",
            {
                "fields": ("works_from", "works_until"),
                "description": "Em branco, não há expediente no dia. Quarta-feira de Cinzas: a partir de 14:00. "
                "Véspera do Natal: até 13:00.",
            },
        ),
    )


@admin.register(ElectoralPeriod)
class ElectoralPeriodAdmin(CatalogAdmin[ElectoralPeriod]):
    """The whole portal's, as the working hours are."""

    list_display = ("starts", "ends", "sphere", "active")
    list_filter = ("active",)
    list_select_related = ("sphere",)
    fields = ("starts", "ends", "sphere", "source", "active")


class TargetInline(admin.StackedInline[PolicyTarget, Policy]):
    model = PolicyTarget
    form = TargetForm
    formset = TargetFormSet
    min_num = max_num = len(Priority)
    extra = 0
    can_delete = False
    verbose_name_plural = "metas, em horas úteis"

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rights.holds(request.user, *rights.READ_CATALOG, *rights.EDIT_CATALOG)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rights.holds(request.user, *rights.EDIT_CATALOG)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return rights.holds(request.user, *rights.EDIT_CATALOG)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Policy)
class PolicyAdmin(CatalogAdmin[Policy]):
    """A policy that has come into force is read only, for tickets hold on to it; a change is a new one.

    Everybody who keeps a core system reads the policy of the whole portal, which only
    administrators write.
    """

    form = PolicyForm
    inlines = (TargetInline,)
    core_system_path = "core_system"
    list_display = ("scope", "in_force_from", "wait_hours", "remind_before_hours", "reopen_hours", "counting", "reason")
    list_filter = ("core_system", "product")
    list_select_related = ("core_system", "product")
    fieldsets = (
        (None, {"fields": ("core_system", "product", "in_force_from", "reason")}),
        ("Espera e reabertura", {"fields": ("wait_hours", "remind_before_hours", "reopen_hours", "counting")}),
        ("Quando o prazo para", {"fields": ("stops_outside",)}),
    )

    @admin.display(description="âmbito")
    def scope(self, row: Policy) -> str:
        return str(row.product or row.core_system or "Todo o portal")

    def has_view_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return super().has_view_permission(request, None if obj is not None and obj.core_system_id is None else obj)

    def has_change_permission(self, request: HttpRequest, obj: Policy | None = None) -> bool:
        return (obj is None or not obj.has_begun) and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        systems = rights.core_systems(request.user, *self.view_roles, *self.edit_roles)
        rows = Policy.objects.all()
        return rows if systems is None else rows.filter(Q(core_system=None) | Q(core_system__in=systems))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> ModelChoiceField[Any] | None:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.name == "core_system":
            field.required = rights.core_systems(request.user, *self.edit_roles) is not None
            field.help_text = "" if field.required else "Em branco, vale para todo o portal."
        return field
