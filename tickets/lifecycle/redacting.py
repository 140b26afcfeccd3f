"""Hiding what should not have been written: a password, somebody's CPF (DESIGN §4)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from files.models import Scan, StoredFile
from notifications.inbound import storing
from notifications.models import InboundMail
from tickets.lifecycle.move import move
from tickets.lifecycle.refusals import Incomplete
from tickets.models import MAX_SUBJECT, REDACTED, Answer, Attachment, LateMail, Message, Ticket
from tickets.states import INTERNAL, Action, Via

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

Redactable = Message | Answer | Attachment | Ticket | LateMail


def redact(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    what: Redactable,
    passage: str = "",
) -> Ticket:
    """Hide a passage of a message, of an answer or of the subject (``what`` is the ticket), or the whole of it; or a file.

    The content is replaced and the row kept; the words are gone from search and from mail not yet
    sent, which is written when it is sent. A file's content is destroyed once the change is
    certain. The author hides his own words, the team and the dpo anybody's. Raises ``Incomplete``
    where the passage does not stand there.
    """

    def change(ticket: Ticket, at: datetime) -> None:
        match what:
            case Ticket():
                # The mark may be longer than what it hides.
                ticket.subject = hidden(ticket.subject, passage)[:MAX_SUBJECT]
            case Message():
                row = Message.objects.select_for_update().get(pk=what.pk, ticket=ticket)
                row.body, row.redacted_at = hidden(row.body, passage), at
                row.save(update_fields=["body", "redacted_at"])
            case LateMail():
                late = LateMail.objects.select_for_update().get(pk=what.pk, ticket=ticket)
                late.body, late.redacted_at = hidden(late.body, passage), at
                late.save(update_fields=["body", "redacted_at"])
            case Answer():
                answer = Answer.objects.select_for_update().get(pk=what.pk, ticket=ticket)
                answer.value, answer.redacted_at = hidden(answer.value, passage), at
                answer.save(update_fields=["value", "redacted_at"])
            case Attachment():
                _hide_file(Attachment.objects.select_for_update().get(pk=what.pk, ticket=ticket), at)
        # What was said once stands in every mail that quotes it.
        storing.destroy(InboundMail.objects.filter(thread=f"ticket-{ticket.number}", stored_at__gte=_since(what)))

    return move(
        pk,
        Action.REDACT,
        by=by,
        via=via,
        request_id=request_id,
        change=change,
        data=_facts(what),
        as_author=wrote(by, what),
    )


def _since(what: Redactable) -> datetime:
    """From when on a mail may hold what is hidden."""
    match what:
        case Message():
            return what.event.at if what.event.via != Via.MAIL else what.ticket.opened_at
        case LateMail():
            return what.received_at
    return what.opened_at if isinstance(what, Ticket) else what.ticket.opened_at


def _facts(what: Redactable) -> dict[str, int | str]:
    """What the event keeps. That words of the team alone were hidden, the requester does not hear."""
    if isinstance(what, Ticket):
        return {"subject": 1}
    within = isinstance(what, Message | Attachment) and what.internal
    return {
        str(what._meta.model_name): str(what.pk) if isinstance(what, LateMail) else what.pk,
        **({INTERNAL: 1} if within else {}),
    }


def wrote(user: User, what: Redactable) -> bool:
    """Whether these are somebody's own words or file."""
    match what:
        case Message() | LateMail():
            return what.author_id == user.pk
        case Answer():
            return what.ticket.requester_id == user.pk
        case Attachment():
            return what.file.uploaded_by_id == user.pk
        case Ticket():
            return what.requester_id == user.pk


def hidden(text: str, passage: str) -> str:
    """The text with every occurrence of the passage hidden; all of it without a passage."""
    if not passage:
        return REDACTED
    if passage not in text:
        raise Incomplete("Este trecho não está no texto. Copie-o como está escrito.")
    return text.replace(passage, REDACTED)


def _hide_file(attachment: Attachment, at: datetime) -> None:
    if attachment.redacted_at is not None:
        raise Incomplete("Este arquivo já foi ocultado.")
    attachment.redacted_at = at
    attachment.save(update_fields=["redacted_at"])
    file = attachment.file
    transaction.on_commit(partial(_delete_content, file.pk))
    file.name, file.sha256, file.preview_due_at = REDACTED, "", None
    # There is nothing left that the antivirus could be shown, or that somebody should be warned of.
    file.scan, file.scan_due_at, file.scan_said = Scan.UNASKED, None, ""
    file.save(update_fields=["name", "sha256", "preview_due_at", "scan", "scan_due_at", "scan_said"])


def _delete_content(pk: UUID) -> None:
    """Read anew: its preview may have been made meanwhile."""
    StoredFile.objects.get(pk=pk).delete_content()
