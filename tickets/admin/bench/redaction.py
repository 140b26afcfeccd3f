"""Hiding words and files at the workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html

from tickets import incident_posts, incidents, lifecycle
from tickets.admin.access import person, seen, ticket_for
from tickets.admin.bench import workbench
from tickets.forms.redacting import RedactForm, rows_of
from tickets.models import Message
from tickets.states import Via

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.models import Ticket


def act(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Hide it, or show the workbench again with the reason beside it. A POST for who reads the ticket at the desk."""
    ticket = ticket_for(request, pk)
    refusal = refused(request, ticket, person(request))
    if refusal is None:
        return redirect(f"{workbench.address(ticket)}#conversa")
    form, status = refusal
    return workbench.page(desk, request, seen(request, pk), hiding=form, status=status)


def refused(request: HttpRequest, ticket: Ticket, by: User) -> tuple[RedactForm, int] | None:
    """Hide what the form names, and say so. Where that is refused: the form with its reasons, and the answer's status."""
    form = RedactForm(request.POST, ticket=ticket, by=by, rows=rows_of(ticket, internal=True))
    if not form.is_valid():
        return form, workbench.UNPROCESSABLE
    try:
        form.send(Via.DESK)
    except lifecycle.Refused as refusal:
        form.add_error(None, refusal.sentence)
        return form, workbench.CONFLICT if isinstance(refusal, lifecycle.IllegalMove) else workbench.UNPROCESSABLE
    messages.success(request, f"Oculto no chamado {ticket.number}.")
    row = form.cleaned_data["what"]
    if isinstance(row, Message) and (post := incident_posts.source_of(row)) is not None and incidents.runs(by, ticket.product):
        said = "Esta resposta foi a todos os chamados do incidente “{}”. <a href='{}#envio-{}'>Ocultar também nos outros</a>"
        messages.warning(request, format_html(said, post.incident, post.incident.get_absolute_url(), post.pk))
    return None
