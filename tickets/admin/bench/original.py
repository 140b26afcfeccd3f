"""A mail as it came, for the team: what was cut from it may matter, and who sent it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404

from files import serve
from notifications.models import InboundMail, OriginalReading
from tickets.admin.access import person, ticket_for

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest

    from tickets.admin.queue.queues import QueueAdmin

State = InboundMail.State


def download(desk: QueueAdmin, request: HttpRequest, pk: int, mail: UUID) -> FileResponse:
    """The mail as a file of plain text, which no browser shows; each time is written down.

    Raises ``Http404`` for a mail that did not come to this ticket, and for one that was destroyed, because something
    that it says was hidden.
    """
    ticket = ticket_for(request, pk)
    came = InboundMail.objects.select_related("content").filter(pk=mail, thread=f"ticket-{ticket.number}")
    found = came.filter(state__in=[State.TAKEN, State.KEPT]).first()
    if found is None or found.content is None:
        raise Http404
    OriginalReading.objects.create(mail=found, user=person(request))
    return serve.download(found.content)
