"""Requests to follow a ticket, decided at the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from tickets import following
from tickets.admin import access
from tickets.admin.bench import workbench
from tickets.models import FollowRequest

if TYPE_CHECKING:
    from tickets.admin.queue.queues import QueueAdmin


def act(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Admit or decline one request on this ticket. By POST."""
    ticket = access.ticket_for(request, pk)
    asked, decision = request.POST.get("request", ""), request.POST.get("decision", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16) or decision not in {"aceitar", "recusar"}:
        raise Http404
    if not FollowRequest.objects.filter(pk=asked, ticket=ticket).exists():
        raise Http404
    try:
        decided = following.decide(int(asked), by=access.person(request), admit=decision == "aceitar")
    except FollowRequest.DoesNotExist as unknown:
        raise Http404 from unknown
    except following.NotNow as refused:
        messages.error(request, str(refused))
    else:
        said = "agora acompanha este chamado" if decided.admitted else "não vai acompanhar este chamado"
        messages.success(request, f"{decided.user} {said}.")
    return redirect(f"{workbench.address(ticket)}#acompanham")
