"""Meus chamados: what one's tickets wait for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

import worktime
from tickets import following, wording
from tickets.models import Ticket
from tickets.states import OPEN, Status

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from accounts.models import User
    from tickets.querysets import TicketQuerySet

ROWS: Final = 25
LAST_PAGE: Final = 400


@dataclass(frozen=True, slots=True)
class Row:
    ticket: Ticket
    where: str
    expected: str
    tag_kind: str


def rows(tickets: list[Ticket], now: datetime) -> list[Row]:
    return [Row(t, wording.where(t), wording.expected(t, now), wording.TAG_KIND.get(t.status, "")) for t in tickets]


def tabs(user: User) -> dict[str, tuple[str, TicketQuerySet]]:
    """Key → title and tickets of each tab, newest first but for those with a deadline."""
    mine = Ticket.objects.of_requester_side(user)
    found = {
        "esperando": ("Esperando você", mine.waiting_for_requester().order_by("wait_expires_at", "pk")),
        "andamento": ("Em andamento", mine.filter(status__in=OPEN - {Status.WAITING_REQUESTER}).newest_first()),
        "encerrados": ("Encerrados", mine.filter(status__in=[Status.CLOSED, Status.FINAL]).newest_first()),
    }
    if agencies := user.focal_agency_ids():
        found["orgao"] = ("Do meu órgão", Ticket.objects.filter(agency__in=agencies).newest_first())
    return found


@require_safe
@login_required
def tickets(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    offered = tabs(user)
    waiting = offered["esperando"][1].count()
    tab = request.GET.get("aba", "")
    if tab not in offered:
        tab = "esperando" if waiting else "andamento"
    text = request.GET.get("pagina", "1")
    page = min(int(text), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 5 and int(text) else 1
    # One row more than shown tells whether there is a next page, without counting them all.
    found = list(offered[tab][1].select_related("product", "requester")[(page - 1) * ROWS : page * ROWS + 1])
    context = {
        "tabs": [(key, title, waiting if key == "esperando" else None) for key, (title, _) in offered.items()],
        "tab": tab,
        "title": offered[tab][0],
        "rows": rows(found[:ROWS], worktime.now()),
        "page": page,
        "previous": page - 1 if page > 1 else None,
        "to_decide": following.pending_for(user).count(),
        "next": page + 1 if len(found) > ROWS and page < LAST_PAGE else None,
    }
    return render(request, "tickets/list.html", context)
