"""Hiding words and files at the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tickets import lifecycle
from tickets.admin import workbench
from tickets.admin.access import person, seen, ticket_for
from tickets.forms.redacting import RedactForm, rows_of
from tickets.states import Via

if TYPE_CHECKING:
    from tickets.admin.queues import QueueAdmin


def act(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Hide it, or show the workbench again with the reason beside it. A POST for who reads the ticket at the desk."""
    ticket, user = ticket_for(request, pk), person(request)
    form = RedactForm(request.POST, ticket=ticket, by=user, rows=rows_of(ticket, internal=True))
    status = workbench.UNPROCESSABLE
    if form.is_valid():
        try:
            form.send(Via.DESK)
        except lifecycle.Refused as refused:
            form.add_error(None, refused.sentence)
            status = workbench.CONFLICT if isinstance(refused, lifecycle.IllegalMove) else status
        else:
            messages.success(request, f"Oculto no chamado {ticket.number}.")
            return redirect(f"{workbench.address(ticket)}#conversa")
    return workbench.page(desk, request, seen(request, pk), hiding=form, status=status)
