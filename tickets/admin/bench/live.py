"""What came up on a ticket since its workbench was opened, and who else is there: the page asks again by itself."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response

import worktime
from tickets import conversation, looks, readings, rules
from tickets.admin.access import person
from tickets.admin.bench import parts, workbench
from tickets.forms.redacting import Redactions
from tickets.models import Ticket, TicketEvent
from tickets.states import Action

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tickets.admin.queue.queues import QueueAdmin
    from tickets.looks import Other

SHOWN_WITH = ("assignee", "offered_to", "requester", "product")


def fragment(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Who is here, where the ticket stands, and the turns after ``desde``; 304, for four queries, while nothing changed.

    With ``aqui`` the reader has the page before him, and with ``escrevendo`` he is writing: that is kept and told to others.
    What he is shown then is read. A page that nobody looks at leaves the marks as they are.
    """
    user = person(request)
    newest = TicketEvent.objects.filter(ticket=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    seen = Ticket.objects.read_by_team(user).select_related(*SHOWN_WITH).annotate(newest=Subquery(newest))
    ticket = get_object_or_404(seen, pk=pk)
    present = "aqui" in request.GET
    others = looks.come(ticket, user, writing="escrevendo" in request.GET) if present else looks.here(ticket, but=user)
    head = parts.head(ticket, worktime.now())
    version = _version(vars(ticket)["newest"], head, others)
    unchanged: HttpResponse | None = get_conditional_response(request, etag=version)
    if unchanged is not None:
        unchanged["ETag"] = version
        return unchanged
    if present:
        readings.note_reading(ticket, user)
    told = _since(request.GET.get("desde", ""), conversation.story(ticket))
    files = conversation.files_of(ticket, internal=True) if told.events else conversation.NO_FILES
    mine = rules.roles(user, ticket)
    context = {
        "ticket": ticket,
        "may_split": Action.SPLIT in rules.legal_actions(user, ticket, mine=mine, among=[Action.SPLIT]),
        "opts": desk.opts,
        **head,
        "here": others,
        "newest": vars(ticket)["newest"],
        "turns": parts.turns(told, files),
        "user": user,
        "redactions": Redactions(user, ticket, workbench.redact_address(ticket), mine),
    }
    response = render(request, "admin/tickets/live.html", context)
    response["ETag"] = version
    return response


def _version(newest: int, head: dict[str, object], others: list[Other]) -> str:
    told = repr((newest, sorted(head.items()), others))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:20]}"'


def _since(shown: str, story: conversation.Story) -> conversation.Story:
    """What came after the newest event that the page shows; all of the newest part where something was hidden in it."""
    after = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 19 else 0
    fresh = [event for event in story.events if event.pk > after]
    hidden = any(event.action == Action.REDACT for event in fresh)
    return story if hidden else conversation.Story(fresh, story.earlier, newest=True)
