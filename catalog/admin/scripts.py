"""The curators' desk for support scripts: writing them, what is to be read again, and all that they ever said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from catalog import placeholders, script_reviews, script_versions
from catalog.admin.base import CatalogAdmin
from catalog.models import SupportScript
from govbr import markdown


class ToReview(admin.SimpleListFilter):
    title = "revisão"
    parameter_name = "rever"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sim", "A rever")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[SupportScript]) -> QuerySet[SupportScript]:
        return queryset.filter(script_reviews.is_due(script_reviews.today())) if self.value() == "sim" else queryset


class ScriptForm(forms.ModelForm[SupportScript]):
    """A script, what changed, and whether it was read whole.

    Refuses what was written on a version that is no longer the last: somebody else's words would be lost.
    """

    base = forms.IntegerField(widget=forms.HiddenInput, required=False)
    change = forms.CharField(
        label="O que mudou",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
        help_text="Fica no histórico, ao lado da versão.",
    )
    confirmed = forms.BooleanField(
        label="Li o roteiro inteiro e ele vale hoje",
        required=False,
        help_text="Tira o roteiro da lista do que é para rever, por um ano.",
    )

    class Meta:
        model = SupportScript
        fields = "__all__"  # noqa: DJ007  # the admin names those that it shows
        help_texts: ClassVar[dict[str, str]] = {"reply": f"Use Markdown. Estes campos são preenchidos: {placeholders.LISTED}."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.instance._state.adding:
            # Locked, so that nobody saves between this look and the saving; the admin has both in one transaction.
            present = SupportScript.objects.select_for_update().get(pk=self.instance.pk)
            if cleaned.get("base") not in (None, present.version):
                raise ValidationError(
                    "Outra pessoa salvou este roteiro enquanto você escrevia. Copie o seu texto e abra a página de novo."
                )
        return cleaned


@admin.register(SupportScript)
class SupportScriptAdmin(CatalogAdmin[SupportScript]):
    form = ScriptForm
    core_system_path = "core_system"
    identity = ("core_system", "slug")
    list_filter = (ToReview, "active", "holds", "level", "profile", "suggestion", "product")
    list_select_related = ("product",)
    search_fields = ("title", "slug", "situation", "keywords", "reply")
    actions = ("confirm",)
    fieldsets = (
        (None, {"fields": ("core_system", "slug", "title", "product", "support_types", "situation", "level", "profile")}),
        ("O que fazer", {"fields": ("steps", "suggestion", "reply", "base")}),
        ("Procedência", {"fields": ("keywords", "references", "written_on", "note", "source", "active")}),
        ("Validade", {"fields": ("holds", "valid_until", "review_due", "change", "confirmed")}),
    )

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[SupportScript], Any]]:
        day = script_reviews.today()

        @admin.display(description="rever")
        def review(script: SupportScript) -> str:
            return "; ".join(script_reviews.reasons(script, day))

        return ["title", "product", "level", "suggestion", review, "version", "updated_at", "active"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == ToReview.parameter_name or super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: SupportScript, form: Any, change: bool) -> None:
        assert request.user.is_authenticated  # noqa: S101  # nobody else is shown the form
        cleaned = form.cleaned_data
        script_versions.save(obj, by=request.user, note=cleaned["change"], confirmed=cleaned["confirmed"])
        super().save_model(request, obj, form, change)

    @admin.action(description="Marcar como revistos, sem mudar o texto", permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[SupportScript]) -> None:
        assert request.user.is_authenticated  # noqa: S101  # the permission asked for
        scripts = list(queryset)
        for script in scripts:
            script_versions.save(script, by=request.user, confirmed=True)
        self.message_user(request, f"Roteiros revistos: {len(scripts)}.", messages.INFO)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/versoes/", view(require_safe(partial(versions, self))), name="script-versions"),
            path("<int:pk>/versoes/<int:number>/", view(require_safe(partial(version, self))), name="script-version"),
            path("<int:pk>/versoes/<int:number>/restaurar/", view(require_POST(partial(restore, self))), name="script-restore"),
            *super().get_urls(),
        ]


def _readable(desk: SupportScriptAdmin, request: HttpRequest, pk: int) -> SupportScript:
    if not desk.has_view_permission(request):
        raise PermissionDenied
    return get_object_or_404(desk.get_queryset(request), pk=pk)


def versions(desk: SupportScriptAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """All that a script ever said, the newest first. Two queries beside those of the page."""
    script = _readable(desk, request, pk)
    context = desk.admin_site.each_context(request) | {
        "title": f"Versões de “{script.title}”",
        "opts": desk.opts,
        "script": script,
        "versions": script.versions.select_related("author").defer("content"),
    }
    return TemplateResponse(request, "admin/catalog/supportscript/versions.html", context)


def version(desk: SupportScriptAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version: what it said, and what it changed."""
    script = _readable(desk, request, pk)
    shown = get_object_or_404(script.versions.select_related("author"), number=number)
    before = script.versions.filter(number__lt=number).first()
    context = desk.admin_site.each_context(request) | {
        "title": f"Versão {shown.number} de “{script.title}”",
        "opts": desk.opts,
        "script": script,
        "version": shown,
        "changes": script_versions.changes(before.content, shown.content) if before else [],
        "reply": markdown.html(shown.content["reply"], highest=4, as_typed=True),
        "may_restore": shown.number != script.version and desk.has_change_permission(request, script),
    }
    return TemplateResponse(request, "admin/catalog/supportscript/version.html", context)


def restore(desk: SupportScriptAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The older words again, as a new version; or the reason why not."""
    script = _readable(desk, request, pk)
    if not desk.has_change_permission(request, script):
        raise PermissionDenied
    assert request.user.is_authenticated  # noqa: S101  # the check above
    older = get_object_or_404(script.versions, number=number)
    try:
        script_versions.restore(script, older, by=request.user)
    except script_versions.Outdated:
        messages.error(request, "Outra pessoa salvou este roteiro agora mesmo. Veja a última versão antes de restaurar.")
    else:
        messages.success(request, f"A versão {number} voltou a valer, como versão {script.version}.")
    return redirect("admin:script-versions", pk)
