"""Manifestations at the desk: the worklist by deadline, and the page of one (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_POST, require_safe

import worktime
from feedback import manifestation_rules
from feedback.admin.filters import ChipFilter
from feedback.admin.forms import DEEDS, Deed, do, form_of
from feedback.deadlines import day_of, left_in_words
from feedback.forms.manifestation import SentOnce
from feedback.manifestations import Refused
from feedback.models import Manifestation
from feedback.querysets import ManifestationQuerySet, reads, works
from govbr.templatetags.govbr import tag
from tickets.admin.access import person

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User

Status = Manifestation.Status


class SituationFilter(ChipFilter):
    """What is to be done, unless something else is chosen."""

    title, parameter_name, default = "situação", "situacao", "A responder"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return (
            ("atrasadas", "Atrasadas"),
            ("com-area", "Com uma área"),
            ("respondidas", "Respondidas"),
            ("concluidas", "Concluídas"),
            ("todas", "Todas"),
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Manifestation]) -> QuerySet[Manifestation]:
        assert isinstance(queryset, ManifestationQuerySet)  # noqa: S101 - tells the type checker what the manager gives
        match self.value():
            case "atrasadas":
                return queryset.overdue(day_of(worktime.now()))
            case "com-area":
                return queryset.filter(status=Status.FORWARDED)
            case "respondidas":
                return queryset.filter(status=Status.ANSWERED)
            case "concluidas":
                return queryset.filter(status=Status.CLOSED).order_by("-number")
            case "todas":
                return queryset.order_by("-number")
        return queryset.waiting()


@admin.register(Manifestation)
class ManifestationAdmin(admin.ModelAdmin[Manifestation]):
    """The ombudsman works them, managers read them without their authors; to everybody else they do not exist."""

    list_display = ("shown_number", "kind", "about", "situation", "deadline")
    list_filter = (SituationFilter,)
    change_list_template = "admin/feedback/manifestation_list.html"
    list_per_page = 50
    show_full_result_count = False
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "feedback_manifestation"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("<int:pk>/change/", view(require_safe(partial(show, self))), name=f"{name}_change"),
            path("<int:pk>/<slug:slug>/", view(require_POST(partial(act, self))), name=f"{name}_act"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return reads(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Manifestation | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Manifestation | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Manifestation | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Manifestation]:
        return Manifestation.objects.read_by(request.user).select_related("product").in_work_order()

    def get_ordering(self, request: HttpRequest) -> tuple[()]:
        """That of the queryset."""
        return ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, {"title": "Manifestações", **(extra_context or {})})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The chip alone: whoever may not read the author may not ask for him in the address either."""
        return lookup == SituationFilter.parameter_name

    @admin.display(description="Número")
    def shown_number(self, made: Manifestation) -> str:
        return str(made.number)

    @admin.display(description="Produto")
    def about(self, made: Manifestation) -> str:
        return made.product.name if made.product else "Nenhum em especial"

    @admin.display(description="Situação")
    def situation(self, made: Manifestation) -> str:
        if made.has_news and made.answered_at:
            return format_html("{} {}", made.get_status_display(), tag("Quem escreveu acrescentou algo", "info", "comment"))
        return made.get_status_display()

    @admin.display(description="Responder até")
    def deadline(self, made: Manifestation) -> str:
        if made.answered_at:
            return "Respondida"
        said = in_words(made.due_on, day_of(worktime.now()))
        if made.area_due_on:
            return format_html("{}; a área, até {}", said, f"{made.area_due_on:%d/%m/%Y}")
        return said


def in_words(due: date, today: date) -> str:
    """``20/12/2026, em 3 dias``; a deadline that has gone by is marked."""
    left = left_in_words(due, today)
    if due < today:
        return format_html("{} {}", f"{due:%d/%m/%Y}", tag(left.capitalize(), "danger", "circle-exclamation"))
    return f"{due:%d/%m/%Y}, {left}"


def show(desk: ManifestationAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    return _page(desk, request, user, _of(user, pk))


def act(desk: ManifestationAdmin, request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """Do one thing, or show the page again with what was typed and the reason."""
    user = person(request)
    made, deed = _of(user, pk), DEEDS.get(slug)
    if deed is None or not works(user):
        raise Http404
    form = form_of(deed, made, request.POST)
    if not form.is_valid():
        return _page(desk, request, user, made, sent=(deed, form), status=422)
    try:
        do(deed, made, form, by=user)
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return _page(desk, request, user, _of(user, pk), sent=(deed, form), status=409)
    messages.success(request, deed.done)
    return redirect(reverse("admin:feedback_manifestation_change", args=[pk]))


def _of(user: User, pk: int) -> Manifestation:
    """The manifestation, for who reads it. Raises ``Http404``, as if it did not exist."""
    return get_object_or_404(Manifestation.objects.read_by(user).select_related("product", "author", "treatment"), pk=pk)


def _page(
    desk: ManifestationAdmin,
    request: HttpRequest,
    user: User,
    made: Manifestation,
    *,
    sent: tuple[Deed, SentOnce] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. A form that was refused takes the place of a fresh one, or stands above where none is drawn now."""
    now, is_mine = worktime.now(), works(user)
    possible = manifestation_rules.possible(made, now) if is_mine else []
    deeds = [deed for deed in DEEDS.values() if deed.action in possible]
    refused = sent[1] if sent is not None and sent[0] not in deeds else None
    context = {
        **desk.admin_site.each_context(request),
        "title": str(made),
        "opts": desk.opts,
        "made": made,
        "deadline": "" if made.answered_at else in_words(made.due_on, day_of(now)),
        "turns": made.turns.select_related("by"),
        "works": is_mine,
        "deeds": [(deed, sent[1] if sent is not None and sent[0] == deed else form_of(deed, made)) for deed in deeds],
        "refused": refused,
        "unsent": [value for name, value in refused.data.items() if name in refused.fields and name != "form_id"]
        if refused is not None
        else [],
    }
    return TemplateResponse(request, "admin/feedback/manifestation.html", context, status=status)
