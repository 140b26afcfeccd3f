"""Somebody's own notices: the list, one of them in full, and marking them as read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

import worktime
from govbr.paging import page_of
from notifications import kinds, letters, news
from notifications.models import Notice
from notifications.preferences import DIGEST
from notifications.reading import mark_read

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

PAGE = 20
OWED = "sempre"
"""In the address: the kinds that always go by mail."""
UNREAD = "novos"


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    notices = own(request).order_by("-created_at", "id")
    groups = {group.slug: group for group in kinds.groups_for(user)}
    asked, only_unread = request.GET.get("assunto", ""), request.GET.get("ver") == UNREAD
    if asked == OWED or asked in groups:
        notices = notices.filter(kind__in=kinds.kinds_in(groups.get(asked)))
    if only_unread:
        notices = notices.filter(read_at=None)
    context = {
        "page": page_of(notices, request.GET.get("page", ""), PAGE),
        "groups": [(OWED, "O que espera por você"), *((group.slug, group.label) for group in groups.values())],
        "asked": asked,
        "unread": only_unread,
        "filtered": only_unread or asked == OWED or asked in groups,
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@require_safe
def page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One notice, with the words of its mail. Opening it is reading it."""
    notice = get_object_or_404(own(request).select_related("recipient"), pk=pk)
    mark_read(own(request).filter(pk=pk))
    context: dict[str, object] = {"notice": notice, "subject": notice.title}
    try:
        if kinds.may_be_read(notice, notice.recipient):
            context["subject"], context["words"], context["url"] = letters.in_portal(notice)
    except (KeyError, ObjectDoesNotExist):
        pass  # what it told of is gone: the page says so
    return render(request, "notifications/notice.html", context)


@login_required
@require_POST
def follow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go where the notice leads; it is read now."""
    notice = get_object_or_404(own(request), pk=pk)
    mark_read(own(request).filter(pk=pk))
    try:
        url = str(kinds.context_of(notice)["url"])
    except (KeyError, ObjectDoesNotExist):
        messages.info(request, "O que este aviso mostrava não está mais disponível.")
        return redirect("notices")
    return redirect(url)


@login_required
@require_POST
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    get_object_or_404(own(request), pk=pk)
    mark_read(own(request).filter(pk=pk))
    kept = {name: request.GET[name][:40] for name in ("page", "assunto", "ver") if request.GET.get(name)}
    return redirect(f"{reverse('notices')}?{urlencode({'page': '1', **kept})}")


@login_required
@require_POST
def unread(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a notice back among the new ones, to be dealt with later."""
    get_object_or_404(own(request), pk=pk)
    own(request).filter(pk=pk).update(read_at=None)
    messages.success(request, "O aviso voltou para os não lidos.")
    return redirect("notices")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(own(request))
    messages.success(request, "Todos os avisos foram marcados como lidos.")
    return redirect("notices")


def own(request: HttpRequest) -> QuerySet[Notice]:
    """A digest is a mail only: what it tells of stands here itself. While news wait, none stand here."""
    own = Notice.objects.filter(recipient_id=request.user.pk).exclude(kind=DIGEST)
    return own.filter(line=Notice.Line.OWN) if news.are_held(worktime.now()) else own
