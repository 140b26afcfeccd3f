"""Proposals of scripts: the team writes them, curators decide. Who proposed sees his own."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from accounts import rights
from accounts.models import RoleGrant, User
from catalog import placeholders, proposals, script_versions
from catalog.forms import LinesField
from catalog.models import Level, Product, ScriptProposal, SupportScript
from notifications.reading import looked_at, shown_elsewhere

if TYPE_CHECKING:
    from django.db.models import QuerySet

READERS = (*rights.READ_CATALOG, *rights.EDIT_CATALOG)
WORKERS = (RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD)
UNPROCESSABLE = 422
LOST: Final = "Este formulário perdeu a identificação. Recarregue a página e preencha de novo."


class ProposalForm(forms.Form):
    """What a script should say, and why. Of a new one, also for which product."""

    product = forms.ModelChoiceField(Product.objects.none(), label="Produto", empty_label="Escolha")
    title = forms.CharField(label="Título", max_length=120)
    situation = forms.CharField(label="Quando usar", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    steps = LinesField(label="Passos", help_text="Um item por linha.")
    reply = forms.CharField(
        label="Resposta modelo",
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=f"Use Markdown. Estes campos são preenchidos: {placeholders.LISTED}.",
    )
    level = forms.ChoiceField(label="Nível", choices=Level.choices)
    profile = forms.ChoiceField(label="Perfil", choices=SupportScript.Profile.choices)
    suggestion = forms.ChoiceField(
        label="Ação sugerida", required=False, choices=[("", "Nenhuma"), *SupportScript.Suggestion.choices]
    )
    keywords = LinesField(label="Palavras-chave", required=False, help_text="Um item por linha.")
    reason = forms.CharField(
        label="Por que mudar", max_length=1_000, widget=forms.Textarea(attrs={"rows": 3}), help_text="Só curadores leem."
    )

    form_id = forms.UUIDField(
        widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
        error_messages={"required": LOST, "invalid": LOST},
    )

    def __init__(self, data: Any = None, *, by: User, script: SupportScript | None) -> None:
        said = script_versions.said(script) if script is not None else {}
        super().__init__(data, initial={"form_id": uuid.uuid4(), **said})
        self.by, self.script = by, script
        if script is not None:
            del self.fields["product"]
        else:
            product = self.fields["product"]
            assert isinstance(product, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
            product.queryset = proposals.products_of(by).order_by("name")
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def clean_reply(self) -> str:
        reply: str = self.cleaned_data["reply"]
        if unknown := placeholders.unknown(reply):
            raise forms.ValidationError(f"Não há campo “{{{{ {unknown[0]} }}}}”. Há estes: {placeholders.LISTED}.")
        return reply

    def send(self) -> ScriptProposal:
        """Keep what a valid form says. Raises ``proposals.Refused``."""
        cleaned = dict(self.cleaned_data)
        reason, product, form_id = cleaned.pop("reason"), cleaned.pop("product", None), cleaned.pop("form_id")
        rest = script_versions.said(self.script if self.script is not None else SupportScript())
        content = rest | cleaned
        return proposals.propose(
            by=self.by, form_id=form_id, content=content, reason=reason, script=self.script, product=product
        )


class DecisionForm(forms.Form):
    answer = forms.CharField(
        label="Resposta a quem propôs",
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Escreva uma palavra a quem propôs."},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


@admin.register(ScriptProposal)
class ScriptProposalAdmin(admin.ModelAdmin[ScriptProposal]):
    list_display = ("__str__", "script", "product", "by", "at", "accepted")
    list_filter = ("accepted",)
    list_select_related = ("script", "product", "by")
    list_per_page = 50
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.holds(request.user, *READERS, *WORKERS)

    def has_view_permission(self, request: HttpRequest, obj: ScriptProposal | None = None) -> bool:
        return self.has_module_permission(request) and (obj is None or self.get_queryset(request).filter(pk=obj.pk).exists())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScriptProposal | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScriptProposal | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in ("accepted__exact", "accepted__isnull")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ScriptProposal]:
        """One's own, and those of the core systems whose catalog one reads."""
        proposed, systems = super().get_queryset(request), rights.core_systems(request.user, *READERS)
        return proposed if systems is None else proposed.filter(Q(by=request.user.pk) | Q(core_system__in=systems))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("propor/", view(partial(propose, self)), name="script-propose"),
            path("<int:pk>/change/", view(partial(show, self)), name="catalog_scriptproposal_change"),
            path("<int:pk>/decidir/", view(require_POST(partial(decide, self))), name="script-proposal-decide"),
            path("", view(self.changelist_view), name="catalog_scriptproposal_changelist"),
        ]


def propose(desk: ScriptProposalAdmin, request: HttpRequest) -> HttpResponse:
    """A change of the script that ``?roteiro=`` names, or a new script. For who works the product."""
    user = request.user
    if not isinstance(user, User) or not rights.holds(user, *WORKERS):
        raise PermissionDenied
    script = None
    if asked := request.GET.get("roteiro", ""):
        script = SupportScript.objects.filter(pk=asked, active=True).first() if asked.isdecimal() and len(asked) < 19 else None
        if script is None or not proposals.may_propose(user, script):
            raise Http404
    form = ProposalForm(request.POST if request.method == "POST" else None, by=user, script=script)
    if request.method == "POST" and form.is_valid():
        try:
            made = form.send()
        except proposals.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Proposta enviada. Um curador vai responder, e você recebe um aviso.")
            return redirect("admin:catalog_scriptproposal_change", made.pk)
    context = desk.admin_site.each_context(request) | {
        "title": f"Propor mudança em “{script.title}”" if script else "Propor um roteiro novo",
        "opts": desk.opts,
        "form": form,
    }
    return TemplateResponse(
        request, "admin/catalog/scriptproposal/propose.html", context, status=UNPROCESSABLE if form.errors else 200
    )


def show(desk: ScriptProposalAdmin, request: HttpRequest, pk: int, sent: DecisionForm | None = None) -> HttpResponse:
    """A proposal beside what the script says now, and for curators the decision."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    found = desk.get_queryset(request).select_related("script", "product", "by", "decided_by")
    proposal = get_object_or_404(found, pk=pk)
    if looked_at(request) and isinstance(request.user, User):
        shown_elsewhere(request.user, (proposals.PROPOSED, proposals.DECIDED), proposal=pk)
    script = proposal.script
    open_ = proposal.accepted is None
    now = script_versions.said(script) if script is not None and open_ else {}
    context = desk.admin_site.each_context(request) | {
        "title": f"Proposta: {proposal}",
        "opts": desk.opts,
        "proposal": proposal,
        "is_new": script is None or proposal.base == 0,
        "outdated": open_ and script is not None and script.version != proposal.base,
        "changes": script_versions.changes(now, proposal.content),
        "form": sent or (DecisionForm() if open_ and rights.edits_catalog(request.user, proposal.core_system_id) else None),
    }
    status = UNPROCESSABLE if sent is not None else 200
    return TemplateResponse(request, "admin/catalog/scriptproposal/show.html", context, status=status)


def decide(desk: ScriptProposalAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline, with a word to who proposed. By POST."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    proposal = get_object_or_404(desk.get_queryset(request), pk=pk)
    user = request.user
    if not isinstance(user, User) or not rights.edits_catalog(user, proposal.core_system_id):
        raise PermissionDenied
    form = DecisionForm(request.POST)
    if form.is_valid():
        accept = "aceitar" in request.POST
        try:
            proposals.decide(pk, by=user, accept=accept, answer=form.cleaned_data["answer"])
        except proposals.Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Proposta aceita: o roteiro tem uma versão nova." if accept else "Proposta recusada.")
            return redirect("admin:catalog_scriptproposal_change", pk)
    return show(desk, request, pk, form)
