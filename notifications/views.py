"""Somebody's own notices: the list, and marking them as read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

import worktime
from notifications import kinds
from notifications.models import Notice

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE = 20


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    page = Paginator(own(request).order_by("-created_at", "id"), PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/inbox.html", {"page": page})


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
    return redirect(f"{reverse('notices')}?{urlencode({'page': request.GET.get('page', '1')})}")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_read(own(request))
    messages.success(request, "Todos os avisos foram marcados como lidos.")
    return redirect("notices")


def own(request: HttpRequest) -> QuerySet[Notice]:
    return Notice.objects.filter(recipient_id=request.user.pk)


def mark_read(notices: QuerySet[Notice]) -> None:
    """The first reading counts; a later one changes nothing."""
    notices.filter(read_at=None).update(read_at=worktime.now())
