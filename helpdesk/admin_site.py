"""The desk's admin site."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.http import urlencode

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Desk(AdminSite):
    """The stock admin with the portal's own sign-in. To who holds no role it does not exist."""

    site_header = "Central de Atendimento"
    site_title = "Central de Atendimento"
    index_title = "Mesa de trabalho"

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded = super().admin_view(view, cacheable)

        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return guarded(request, *args, **kwargs)

        return cast(View, update_wrapper(answer, guarded))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the way from a row's id to its page, which told all staff the number of every ticket."""
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", "") != "view_on_site"]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404
        target = request.GET.get("next", reverse("admin:index"))
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

    def logout(  # type: ignore[override]  # Django's own answers with a redirect, too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_logout")

    def password_change(  # type: ignore[override]  # Django's own answers with a redirect, too
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")


class DeskConfig(AdminConfig):
    default_site = "helpdesk.admin_site.Desk"
