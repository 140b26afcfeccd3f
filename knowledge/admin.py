"""The curators' desk: writing articles, seeing them before they are saved, and all that they ever said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from catalog.admin.base import CatalogAdmin
from govbr import markdown
from knowledge import placeholders, reviews, writing
from knowledge.facts import Facts
from knowledge.forms import ArticleForm
from knowledge.models import MAX_BODY, MAX_TITLE, Article, ArticleVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ToReview(admin.SimpleListFilter):
    title = "revisão"
    parameter_name = "rever"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sim", "Rever")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Article]) -> QuerySet[Article]:
        return queryset.filter(pk__in=reviews.due(queryset, Facts())) if self.value() == "sim" else queryset


@admin.register(Article)
class ArticleAdmin(CatalogAdmin[Article]):
    form = ArticleForm
    view_on_site = False  # a link of our own: Django's would tell which rows there are
    core_system_path = "core_system"
    identity = ("core_system", "kind", "slug")
    list_filter = (ToReview, "active", "kind", "topic", "product")
    list_select_related = ("product",)
    search_fields = ("title", "body", "slug", "tags")
    ordering = ("kind", "position", "pk")
    actions = ("confirm",)
    fieldsets = (
        (None, {"fields": ("core_system", "kind", "slug", "product", "topic", "title", "body", "base")}),
        ("Busca e fonte", {"fields": ("tags", "source", "position", "active")}),
        ("Revisão", {"fields": ("subjects", "review_due", "assumed", "note", "confirmed")}),
    )

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[Article], Any]]:
        facts = Facts()  # of this request: read once for the whole list

        @admin.display(description="produto ou tema")
        def about(article: Article) -> str:
            return article.about

        @admin.display(description="rever")
        def review(article: Article) -> str:
            return "; ".join(reviews.reasons(article, facts))

        return ["title", "kind", about, review, "version", "updated_at", "active"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == ToReview.parameter_name or super().lookup_allowed(lookup, value, request)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        assert request.user.is_authenticated  # noqa: S101  # nobody else is shown the form
        writing.save(obj, by=request.user, note=form.cleaned_data["note"], confirmed=form.cleaned_data["confirmed"])
        super().save_model(request, obj, form, change)

    @admin.action(description="Marcar como revistos, sem mudar o texto", permissions=["change"])
    def confirm(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        articles = list(queryset)
        writing.confirm(articles)
        self.message_user(request, f"Artigos revistos: {len(articles)}.", messages.INFO)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("previa/", view(require_POST(partial(preview, self))), name="article-preview"),
            path("<int:pk>/versoes/", view(require_safe(partial(versions, self))), name="article-versions"),
            path("<int:pk>/versoes/<int:number>/", view(require_safe(partial(version, self))), name="article-version"),
            path(
                "<int:pk>/versoes/<int:number>/restaurar/",
                view(require_POST(partial(restore, self))),
                name="article-restore",
            ),
            *super().get_urls(),
        ]


def preview(desk: ArticleAdmin, request: HttpRequest) -> HttpResponse:
    """What is being written, as its readers would see it; nothing is saved."""
    if not desk.has_add_permission(request):
        raise PermissionDenied
    title, body = request.POST.get("title", "")[:MAX_TITLE], request.POST.get("body", "")[:MAX_BODY]
    words = Facts().words(placeholders.named(body), None, None)
    context = {
        "title": title,
        "text": markdown.html(placeholders.filled(body, words)),
        "unknown": placeholders.unknown(title + body),
        "listed": placeholders.LISTED,
    }
    return TemplateResponse(request, "admin/knowledge/article/preview.html", context)


def _readable(desk: ArticleAdmin, request: HttpRequest, pk: int) -> Article:
    if not desk.has_view_permission(request):
        raise PermissionDenied
    return get_object_or_404(desk.get_queryset(request), pk=pk)


def versions(desk: ArticleAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """All that an article ever said, the newest first. Two queries beside those of the page."""
    article = _readable(desk, request, pk)
    listed = article.versions.select_related("author").defer("body")
    context = desk.admin_site.each_context(request) | {
        "title": f"Versões de “{article.title}”",
        "opts": desk.opts,
        "article": article,
        "versions": listed,
    }
    return TemplateResponse(request, "admin/knowledge/article/versions.html", context)


def version(desk: ArticleAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    article = _readable(desk, request, pk)
    shown: ArticleVersion = get_object_or_404(article.versions.select_related("author"), number=number)
    context = desk.admin_site.each_context(request) | {
        "title": f"Versão {shown.number} de “{article.title}”",
        "opts": desk.opts,
        "article": article,
        "version": shown,
        "text": markdown.html(shown.body, highest=3),
        "may_restore": shown.number != article.version and desk.has_change_permission(request, article),
    }
    return TemplateResponse(request, "admin/knowledge/article/version.html", context)


def restore(desk: ArticleAdmin, request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The older words again, as a new version; or the reason why not."""
    article = _readable(desk, request, pk)
    if not desk.has_change_permission(request, article):
        raise PermissionDenied
    assert request.user.is_authenticated  # noqa: S101  # the check above
    older = get_object_or_404(article.versions, number=number)
    try:
        writing.restore(article, older, by=request.user)
    except writing.Outdated:
        messages.error(request, "Outra pessoa salvou este artigo agora mesmo. Veja a última versão antes de restaurar.")
    else:
        messages.success(request, f"A versão {number} voltou a valer, como versão {article.version}.")
    return redirect(reverse("admin:article-versions", args=[pk]))
