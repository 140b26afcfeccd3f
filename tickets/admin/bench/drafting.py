"""What is written at the workbench is kept while it is written: by the page's script, or by a button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from tickets import drafts
from tickets.admin.access import person, seen, ticket_for
from tickets.admin.bench import workbench
from tickets.admin.bench.choices import Choices
from tickets.admin.bench.commands import COMMANDS
from tickets.drafts import Place
from tickets.forms import keeping
from tickets.models.draft import COMPOSER
from tickets.states import Action

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tickets.admin.bench.forms import ActionForm
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.models import Ticket

NOTHING: Final = Choices([], [])
"""A draft keeps what was chosen as it was chosen, whatever there is to choose from."""


def save(desk: QueueAdmin, request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """For the script of a form: keeps what stands in it now, legal or not. Http404 for who does not read the ticket."""
    ticket, user = ticket_for(request, pk), person(request)
    action = Action.NOTE if deed == COMPOSER else next((found for found in COMMANDS if found == deed), None)
    if action is None or (deed != COMPOSER and COMMANDS[action].kind is not None):
        raise Http404
    command = COMMANDS[action]
    return keeping.answer(
        request,
        user,
        Place(ticket=ticket, deed=deed),
        lambda: command.form(request.POST, command=command, ticket=ticket, by=user, choices=NOTHING),
    )


def by_button(desk: QueueAdmin, request: HttpRequest, ticket: Ticket, form: ActionForm) -> HttpResponse:
    """What the button does where no script saves: nothing is sent."""
    for sentence in form.refused_files:
        messages.error(request, sentence)
    form.errors.clear()
    try:
        draft = keeping.keep(request, form.by, Place(ticket=ticket, deed=form.deed), form)
    except drafts.Overtaken as overtaken:
        form.overtaken = overtaken.kept
        return workbench.page(desk, request, seen(request, ticket.pk), form, status=workbench.CONFLICT)
    except drafts.NotKept as refused:
        form.add_error(form.complaints_at, refused.sentence)
        return workbench.page(desk, request, seen(request, ticket.pk), form, status=workbench.UNPROCESSABLE)
    messages.success(request, "Rascunho salvo. Você pode continuar depois, aqui ou em outro aparelho.")
    return redirect(draft.get_absolute_url())
