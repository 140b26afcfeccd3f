"""Who sent a file in which the antivirus found something hears of it; the ticket's page says it to everybody."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.urls import reverse

import worktime
from files.models import Scan, StoredFile
from notifications import kinds, outbox
from tickets import secrets
from tickets.models import Attachment
from tickets.notice_words import THREAD, may_be_read

KIND: Final = "ticket_file_infected"


def register() -> None:
    """Make the kind known to the outbox. Once, when the app starts."""
    label = "Arquivo bloqueado no chamado {number}"
    kinds.register(KIND, context=_context, label=label, readable=may_be_read, thread=THREAD)


def tell(limit: int = 200) -> int:
    """Queue a notice for each infected file on a ticket whose sender does not know yet; how many."""
    untold = Attachment.objects.filter(file__scan=Scan.INFECTED, file__infection_told_at=None, file__uploaded_by__isnull=False)
    told = 0
    for attachment in untold.select_related("ticket", "file").order_by("pk")[:limit]:
        with transaction.atomic():
            file = StoredFile.objects.select_for_update(skip_locked=True).filter(
                pk=attachment.file_id, scan=Scan.INFECTED, infection_told_at=None
            )
            if not file.first():
                continue
            outbox.enqueue(
                KIND,
                to=attachment.file.uploaded_by_id or 0,
                data={"ticket": attachment.ticket_id, "number": attachment.ticket.number, "attachment": attachment.pk},
                dedupe_key=f"infected:{attachment.pk}",
            )
            StoredFile.objects.filter(pk=attachment.file_id).update(infection_told_at=worktime.now())
            told += 1
    return told


def _context(data: kinds.Data) -> dict[str, object]:
    attachment = Attachment.objects.select_related("ticket__product", "message").get(pk=int(data["attachment"]))
    ticket, message = attachment.ticket, attachment.message
    by_team = attachment.internal or (message is not None and message.from_team)
    desk = f"admin:tickets_{ticket.level.lower()}ticket_change"
    return {
        "number": ticket.number,
        "subject": secrets.hidden(ticket.subject),
        "product": ticket.product.name,
        "url": reverse(desk, args=[ticket.pk]) if by_team else ticket.get_absolute_url(),
    }
