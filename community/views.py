"""Announcements in the portal: the list, one of them, and taking one off one's home page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_POST, require_safe

import worktime
from community import shown
from govbr import markdown
from govbr.paging import page_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

PAGE: Final = 20


@conditional_page
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All that has gone out to its reader, a page at a time. One query."""
    found = shown.listed_to(request.user, worktime.now())
    page = page_of(found, request.GET.get("page", ""), PAGE)
    return _for_everybody(request, render(request, "community/listing.html", {"page": page}))


@conditional_page
@require_safe
def page(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    """One announcement, for its audience; to everybody else there is none. What names it otherwise leads here."""
    now = worktime.now()
    readable = shown.readable_by(request.user, now)
    announcement = get_object_or_404(readable.select_related("core_system", "agency"), pk=pk)
    if slug != announcement.slug:
        return redirect(announcement, permanent=True)
    context = {
        "announcement": announcement,
        "text": markdown.html(announcement.body, as_typed=True),
        "is_stopped": announcement.state == announcement.State.STOPPED,
        "wrong": readable.filter(pk=announcement.corrects_id).first() if announcement.corrects_id else None,
        "corrections": shown.listed_to(request.user, now).filter(corrects=announcement),
    }
    return _for_everybody(request, render(request, "community/announcement.html", context))


@login_required
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    announcement = get_object_or_404(shown.readable_by(user, worktime.now()), pk=pk)
    shown.dismiss(announcement, user)
    messages.success(request, "O comunicado saiu da sua página inicial. Ele continua na lista de comunicados.")
    return redirect("home")


def _for_everybody(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Who has no session may keep the page and ask whether it is still the same."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        patch_cache_control(response, public=True, no_cache=True)
    return response
