"""The answers of the surveys: averages a month and the opinions, read-only and without anybody's name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

import worktime
from feedback import satisfaction
from feedback.admin.filters import ChipFilter
from feedback.deadlines import day_of
from feedback.models import SurveyAnswer
from feedback.reasons import HIGH_FROM, TEXTS

if TYPE_CHECKING:
    from django.db.models import QuerySet


class RatingFilter(ChipFilter):
    title, parameter_name, default = "nota", "nota", "Todas"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]) -> Iterable[tuple[str, str]]:
        return (("baixas", "1 a 3 estrelas"), ("altas", "4 ou 5 estrelas"), ("comentadas", "Com comentário"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[SurveyAnswer]) -> QuerySet[SurveyAnswer]:
        match self.value():
            case "baixas":
                return queryset.filter(stars__lt=HIGH_FROM)
            case "altas":
                return queryset.filter(stars__gte=HIGH_FROM)
            case "comentadas":
                return queryset.exclude(comment="")
        return queryset


@admin.register(SurveyAnswer)
class SurveyAnswerAdmin(admin.ModelAdmin[SurveyAnswer]):
    """A list and nothing else: an opinion has no page, and leads to no ticket."""

    list_display = ("month", "product", "rating", "ended", "given", "comment")
    list_display_links = None
    list_filter = (RatingFilter,)
    list_select_related = ("product",)
    change_list_template = "admin/feedback/answers.html"
    list_per_page = 50
    show_full_result_count = False
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [path("", view(self.changelist_view), name="feedback_surveyanswer_changelist")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return satisfaction.reads(request.user)

    def has_view_permission(self, request: HttpRequest, obj: SurveyAnswer | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: SurveyAnswer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: SurveyAnswer | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SurveyAnswer]:
        return satisfaction.read_by(request.user)

    def get_ordering(self, request: HttpRequest) -> tuple[()]:
        """That of the queryset."""
        return ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The chip alone: the day, which the list keeps back, may not be asked for in the address either."""
        return lookup == RatingFilter.parameter_name

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        months = satisfaction.by_month(self.get_queryset(request), day_of(worktime.now()))
        context = {"title": "Avaliações do atendimento", "months": months, **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description="Mês")
    def month(self, answer: SurveyAnswer) -> str:
        """No day: together with the product it could give somebody away."""
        return f"{answer.answered_on:%m/%Y}"

    @admin.display(description="Nota")
    def rating(self, answer: SurveyAnswer) -> str:
        return f"{answer.stars} · {answer.get_stars_display()}"

    @admin.display(description="Encerramento")
    def ended(self, answer: SurveyAnswer) -> str:
        return answer.get_closure_display()

    @admin.display(description="Motivos")
    def given(self, answer: SurveyAnswer) -> str:
        return ", ".join(TEXTS.get(slug, slug) for slug in answer.reasons) or "Nenhum"
