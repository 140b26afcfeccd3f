"""Where macros are kept: one's own, and those that a team shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts import rights
from accounts.admin import GrantedAdmin
from accounts.models import RoleGrant, User
from catalog import placeholders
from catalog.models import Cause, CoreSystem, Priority, Product, Queue, SupportScript
from tickets import macros
from tickets.admin.bench.commands import COMMANDS
from tickets.models import Macro
from tickets.states import Action

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

KEEPERS = (RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD, *rights.EDIT_CATALOG)


class MacroForm(forms.ModelForm[Macro]):
    """A macro with the facts of its action; what the action does not take is left out."""

    action = forms.ChoiceField(label="Ação", choices=[(action.value, COMMANDS[action].label) for action in macros.ACTIONS])
    cause = forms.ModelChoiceField(Cause.objects.none(), label="Causa", required=False, help_text="Só ao encerrar.")
    script = forms.ModelChoiceField(
        SupportScript.objects.none(), label="Roteiro", required=False, help_text="Em que a resposta se apoia."
    )
    team = forms.CharField(label="Equipe externa", max_length=120, required=False)
    outside_number = forms.CharField(label="Número na equipe externa", max_length=60, required=False)
    hours = forms.IntegerField(
        label="Voltar em quantas horas", min_value=1, max_value=24 * 90, required=False, help_text="Para aguardar ou agendar."
    )
    priority = forms.ChoiceField(label="Prioridade", choices=[("", "—"), *Priority.choices], required=False)
    by: User

    class Meta:
        model = Macro
        fields = ("name", "action", "body", "core_system", "product", "queue", "shared", "active")
        help_texts = {"body": f"Use Markdown. Estes campos são preenchidos: {placeholders.LISTED}."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = self.instance.facts
        for name in ("cause", "team", "outside_number", "hours", "priority"):
            self.fields[name].initial = facts.get(name)
        self.fields["script"].initial = facts.get("script") or facts.get("used_script")
        cores = _cores(self.by)
        for name, rows in (
            ("core_system", cores),
            ("product", Product.objects.filter(core_system__in=cores)),
            ("queue", Queue.objects.filter(product__core_system__in=cores)),
            ("cause", Cause.objects.filter(product__core_system__in=cores, active=True)),
            ("script", SupportScript.objects.filter(core_system__in=cores, active=True)),
        ):
            field = self.fields.get(name)
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "action" not in cleaned:
            return cleaned
        action = Action(cleaned["action"])
        if action not in macros.WORDLESS and not cleaned.get("body", "").strip():
            self.add_error("body", "Escreva o texto: esta ação precisa dele.")
        if unknown := placeholders.unknown(cleaned.get("body", "")):
            self.add_error("body", f"Não há campo “{{{{ {unknown[0]} }}}}”. Há estes: {placeholders.LISTED}.")
        for name in macros.REQUIRED.get(action, ()):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, "Esta ação precisa disto.")
        core, product, queue = (cleaned.get(name) for name in ("core_system", "product", "queue"))
        if core is not None and product is not None and product.core_system_id != core.pk:
            self.add_error("product", "Escolha um produto do mesmo estruturante.")
        if core is not None and queue is not None and queue.product.core_system_id != core.pk:
            self.add_error("queue", "Escolha uma fila do mesmo estruturante.")
        self._check_sharing(cleaned)
        return cleaned

    def _check_sharing(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("shared") and cleaned.get("core_system") is not None:
            wanted = Macro(core_system=cleaned["core_system"], product=cleaned.get("product"), queue=cleaned.get("queue"))
            if not macros.may_share(self.by, wanted):
                self.add_error("shared", ValidationError("Só quem lidera a fila ou cura o catálogo compartilha."))

    def facts(self) -> dict[str, Any]:
        """What the action takes of what was filled in."""
        cleaned, found = self.cleaned_data, {}
        for name in macros.FACTS.get(Action(cleaned["action"]), ()):
            value = cleaned.get("script" if name == "used_script" else name)
            if value not in (None, ""):
                found[name] = value.pk if isinstance(value, (Cause, SupportScript)) else value
        return found


@admin.register(Macro)
class MacroAdmin(GrantedAdmin[Macro]):
    form = MacroForm
    view_roles = KEEPERS
    edit_roles = KEEPERS
    list_display = ("name", "action_said", "product", "queue", "owner", "shared", "active")
    list_filter = ("active", "shared")
    list_select_related = ("product", "queue", "owner")
    search_fields = ("name",)
    fieldsets = (
        (None, {"fields": ("name", "action", "body")}),
        ("O que a ação pede", {"fields": ("cause", "script", "team", "outside_number", "hours", "priority")}),
        ("Onde serve", {"fields": ("core_system", "product", "queue", "shared", "active")}),
    )

    @admin.display(description="ação")
    def action_said(self, macro: Macro) -> str:
        return COMMANDS[Action(macro.action)].label

    def get_queryset(self, request: HttpRequest) -> QuerySet[Macro]:
        kept = macros.kept_by(request.user) if isinstance(request.user, User) else Macro.objects.none()
        return kept.select_related("product", "queue", "owner")

    def has_change_permission(self, request: HttpRequest, obj: Macro | None = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or (isinstance(request.user, User) and macros.may_change(request.user, obj))

    def get_form(self, request: HttpRequest, obj: Macro | None = None, change: bool = False, **kwargs: Any) -> Any:
        return type("MacroFormOf", (super().get_form(request, obj, change=change, **kwargs),), {"by": request.user})

    def save_model(self, request: HttpRequest, obj: Macro, form: Any, change: bool) -> None:
        assert isinstance(request.user, User)  # noqa: S101  # nobody else is shown the form
        if not change:
            obj.owner = request.user
        obj.facts = form.facts()
        super().save_model(request, obj, form, change)


def _cores(user: User) -> QuerySet[CoreSystem]:
    systems = rights.core_systems(user, *rights.EDIT_CATALOG)
    if systems is None:
        return CoreSystem.objects.all()
    worked = Queue.objects.filter(pk__in=user.queue_ids(RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD))
    return CoreSystem.objects.filter(pk__in={*systems, *worked.values_list("product__core_system", flat=True)})
