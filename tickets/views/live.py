"""What came up on a ticket since its page was opened: the part of the page that asks again by itself (docs/adr/0027)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

import worktime
from tickets import conversation, news, readings, rules
from tickets.forms.redacting import Redactions
from tickets.models import Ticket
from tickets.standing import standing
from tickets.views.turns import turns_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_safe
@login_required
def fragment(request: HttpRequest, number: int) -> HttpResponse:
    """The head and the newest part of the conversation; 304, for three queries, while nothing that is told changed."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    seen = news.with_newest(Ticket.objects.visible_to(user)).select_related("product", "requester")
    ticket = get_object_or_404(seen, number=number)
    now = standing(ticket, worktime.now())
    version = now.version(news.newest_id(ticket))
    unchanged: HttpResponse | None = get_conditional_response(request, etag=version)
    if unchanged is not None:
        unchanged["ETag"] = version
        return unchanged
    mine = rules.roles(user, ticket)
    if not rules.is_requester_side(mine):
        readings.note_reading(ticket, user)
    context = {
        "ticket": ticket,
        "standing": now,
        "turns": turns_of(conversation.story(ticket), conversation.files_of(ticket, internal=False)),
        "redactions": Redactions(user, ticket, reverse("ticket-redact", args=[number]), mine, own_only=True),
    }
    response = render(request, "tickets/live.html", context)
    response["ETag"] = version
    return response
