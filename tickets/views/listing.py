"""Meus chamados: what one's tickets wait for, how one finds them again, and the list for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

import worktime
from govbr import paging, sheets
from tickets import finds, following, history, lists, news, sheet, wording
from tickets.forms.listing import ListForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from accounts.models import User
    from tickets.finds import Find
    from tickets.models import Ticket, TicketEvent

ROWS: Final = 25
LAST_PAGE: Final = 400


@dataclass(frozen=True, slots=True)
class Row:
    ticket: Ticket
    where: str
    expected: str
    tag_kind: str
    news: str = ""
    """What happened last, as far as the requester's side hears of it."""
    news_at: datetime | None = None
    find: Find | None = None


def rows(
    tickets: Sequence[Ticket],
    now: datetime,
    *,
    happened: Mapping[int, TicketEvent] | None = None,
    found: Mapping[int, Find] | None = None,
) -> list[Row]:
    """What a list says of each ticket; ``happened`` and ``found`` are by the ticket's id."""
    made = []
    for ticket in tickets:
        event = (happened or {}).get(ticket.pk)
        made.append(
            Row(
                ticket,
                wording.where(ticket),
                wording.expected(ticket, now),
                wording.TAG_KIND.get(ticket.status, ""),
                history.sentence(event, internal=False) if event else "",
                event.at if event else None,
                (found or {}).get(ticket.pk),
            )
        )
    return made


@require_safe
@login_required
def tickets(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    offered = lists.tabs(user)
    form = ListForm(request.GET, user=user)
    asked = form.choice(lists.ALL)
    waiting = offered[lists.WAITING][1].count()
    choice = form.choice(_tab(request, offered, waiting, narrowed=asked.narrows))
    page = paging.number_of(request.GET.get("pagina", "1"), LAST_PAGE)
    listed = news.with_newest(lists.chosen(offered[choice.tab][1], choice).select_related("product", "requester"))
    # One row more than shown tells whether there is a next page, without counting them all.
    shown = list(listed[(page - 1) * ROWS : page * ROWS + 1])
    here = shown[:ROWS]
    query = _query(request, aba=choice.tab)
    context = {
        "tabs": [
            (key, title, _query(request, aba=key), waiting if key == lists.WAITING else None)
            for key, (title, _) in offered.items()
        ],
        "tab": choice.tab,
        "title": offered[choice.tab][0],
        "form": form,
        "filters": [form[name] for name in form.fields if name != "q"],
        "filtered": form.said(),
        "rows": rows(here, worktime.now(), happened=news.of_tickets(here), found=finds.finds(here, choice.words)),
        "page": page,
        "previous": _query(request, aba=choice.tab, pagina=page - 1) if page > 1 else None,
        "next": _query(request, aba=choice.tab, pagina=page + 1) if len(shown) > ROWS and page < LAST_PAGE else None,
        "cut_off": len(shown) > ROWS and page == LAST_PAGE,
        "query": query,
        "everywhere": _query(request, aba=lists.ALL) if choice.tab not in (lists.ALL, lists.AGENCY) else "",
        "to_decide": following.pending_for(user).count(),
    }
    return render(request, "tickets/list.html", context, status=200 if form.is_valid() else 422)


@require_safe
@login_required
def spreadsheet(request: HttpRequest) -> HttpResponseBase:
    """The same list as CSV, with the same address; a tab or a filter that makes no sense narrows nothing."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    offered = lists.tabs(user)
    form = ListForm(request.GET, user=user)
    tab = request.GET.get("aba", "")
    choice = form.choice(tab if tab in offered else lists.ALL)
    now = worktime.now()
    facts = [("Lista", offered[choice.tab][0]), *form.said()]
    listed = lists.in_batches(lists.chosen(offered[choice.tab][1], choice))
    return sheets.response(f"chamados-{now.astimezone(worktime.BRASILIA):%Y-%m-%d-%Hh%M}", sheet.rows(listed, facts, user, now))


def _tab(request: HttpRequest, offered: Mapping[str, object], waiting: int, *, narrowed: bool) -> str:
    """The tab asked for; a search without one looks everywhere, and else what waits for the reader comes first."""
    tab = request.GET.get("aba", "")
    if tab in offered:
        return tab
    if narrowed:
        return lists.ALL
    return lists.WAITING if waiting else lists.GOING_ON


def _query(request: HttpRequest, **changed: str | int) -> str:
    """The address of this list with something changed, from its first page on unless one is named."""
    kept = {name: request.GET[name][:200] for name in ListForm.base_fields if request.GET.get(name)}
    return "?" + urlencode({**kept, **changed})
