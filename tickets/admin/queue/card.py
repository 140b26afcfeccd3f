"""The limited card: what analysts and leads learn of a ticket of another queue (DESIGN §7 and §8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from tickets import badges
from tickets.admin import access
from tickets.admin.bench import workbench
from tickets.models import Ticket

if TYPE_CHECKING:
    from tickets.admin.queue.queues import QueueAdmin


def show(desk: QueueAdmin, request: HttpRequest, number: int) -> HttpResponse:
    """Number, product, type, status, level, queue and dates: no words, no names of people. Who may read it all is sent on."""
    user = access.person(request)
    if not desk.has_view_permission(request):
        raise Http404
    whole = Ticket.objects.read_by_team(user).filter(number=number).first()
    if whole is not None:
        return redirect(workbench.address(whole))
    listed = Ticket.objects.listed_to(user).select_related("product", "offering__support_type", "queue")
    ticket = get_object_or_404(listed, number=number)
    context = {
        **desk.admin_site.each_context(request),
        "title": f"Chamado {ticket.number}",
        "opts": desk.opts,
        "level": desk.level,
        "ticket": ticket,
        "status": badges.of_status(ticket),
    }
    return TemplateResponse(request, "admin/tickets/card.html", context)
