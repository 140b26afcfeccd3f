"""Tying tickets together at the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tickets import lifecycle
from tickets.admin.access import person, seen, ticket_for
from tickets.admin.bench import workbench
from tickets.admin.bench.forms import LinkForm

if TYPE_CHECKING:
    from tickets.admin.queue.queues import QueueAdmin


def add(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Tie the ticket to another, or show the workbench again with the reason beside the number. By POST."""
    ticket, user = ticket_for(request, pk), person(request)
    form = LinkForm(request.POST)
    status = workbench.UNPROCESSABLE
    if form.is_valid():
        try:
            lifecycle.link(ticket.pk, by=user, **form.cleaned_data)
        except lifecycle.Refused as refused:
            form.add_error("number", refused.sentence)
            status = workbench.CONFLICT if isinstance(refused, lifecycle.IllegalMove) else status
        else:
            messages.success(request, f"Chamado {ticket.number} ligado ao {form.cleaned_data['number']}.")
            return redirect(f"{workbench.address(ticket)}#ligacoes")
    return workbench.page(desk, request, seen(request, pk), linking=form, status=status)


def remove(desk: QueueAdmin, request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Loosen a link of the ticket. By POST."""
    ticket = ticket_for(request, pk)
    try:
        lifecycle.unlink(ticket.pk, by=person(request), link_pk=link)
    except lifecycle.Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"Ligação do chamado {ticket.number} removida.")
    return redirect(f"{workbench.address(ticket)}#ligacoes")
