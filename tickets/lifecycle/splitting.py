"""One subject, one ticket: what a requester asked for besides becomes a ticket of its own."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError
from django.db import transaction

import worktime
from files import copying, intake
from tickets import rules
from tickets.lifecycle import opening
from tickets.lifecycle.linking import MOST
from tickets.lifecycle.move import move
from tickets.lifecycle.opening import AgencyChoice, Request
from tickets.lifecycle.refusals import IllegalMove, Incomplete, why_not
from tickets.models import Attachment, Message, Ticket, TicketEvent, TicketLink
from tickets.states import Action, Via
from worktime import words

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from catalog.models import Offering
    from files.models import StoredFile

SOURCE: Final = "Separado do chamado {number}, da mensagem de {when} (horário de Brasília)."
"""The last line of the new ticket's first message."""


def split(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: uuid.UUID,
    message: int,
    offering: Offering,
    subject: str,
    body: str,
    files: Collection[int] = (),
) -> Ticket:
    """Open a ticket with a subject that the requester's side raised in this one, and return the new one.

    For the same requester and body, in the queue of any offering; ``body`` is what of the message is
    about it, ``files`` are ids of attachments of the requester's side, which are copied. The message
    stays as it is. Both tickets are tied, and both tell of it. The same ``request_id`` again returns the same
    ticket. Raises ``IllegalMove``, ``Incomplete``; then nothing changed.
    """
    place = uuid.uuid5(request_id, "files")
    copies = [] if not files or _done(request_id) else _copies(pk, files, by=by, place=place)
    data: dict[str, int | str] = {}

    def change(ticket: Ticket, at: datetime) -> None:
        said = _said(ticket, message)
        source = SOURCE.format(number=ticket.number, when=words.moment_said(said.created_at))
        if not body.strip():
            raise Incomplete("Escreva o que o chamado novo pede.")
        if copies and not _stand(pk, files, len(copies)):
            raise Incomplete("Um dos arquivos acaba de ser ocultado. Confira a lista e tente de novo.")
        if TicketLink.objects.in_force().touching(ticket).count() >= MOST:
            raise Incomplete(f"O chamado {ticket.number} já tem {MOST} ligações, que é o limite.")
        asked = Request(
            offering=offering,
            subject=subject,
            body=f"{body.strip()}\n\n{source}",
            agency=AgencyChoice(
                agency=ticket.agency,
                unlisted_name=ticket.unlisted_agency_name,
                unlisted_state=ticket.unlisted_agency_state,
                unlisted_sphere=ticket.unlisted_agency_sphere,
            ),
            files={"": copies},
        )
        of = {"from": ticket.pk, "number": ticket.number}
        made = opening.begin(
            asked, by=by, via=via, request_id=uuid.uuid5(request_id, "open"), requester=ticket.requester, data=of
        )
        # The new one is the later of the two, and no ring can close at it: no lock on links is needed.
        TicketLink.objects.create(
            kind=TicketLink.Kind.RELATED, ticket=ticket, other=made, created_by=by, created_at=made.opened_at
        )
        data.update(to=made.pk, number=made.number, message=said.pk)

    try:
        with transaction.atomic():
            move(pk, Action.SPLIT, by=by, via=via, request_id=request_id, change=change, data=data)
            return Ticket.objects.get(pk=TicketEvent.objects.get(request_id=request_id).data["to"])
    finally:
        # What the new ticket holds waits no more, and stays.
        intake.withdraw(place, by, {file.pk for file in copies})


def _done(request_id: uuid.UUID) -> bool:
    return TicketEvent.objects.filter(request_id=request_id).exists()


def _said(ticket: Ticket, message: int) -> Message:
    said = Message.objects.filter(ticket=ticket, pk=message, internal=False, from_team=False, author__isnull=False).first()
    if said is None:
        raise Incomplete("Só uma mensagem do solicitante pode virar outro chamado.")
    return said


def _copies(pk: int, files: Collection[int], *, by: User, place: uuid.UUID) -> list[StoredFile]:
    """Contents of their own: hiding one leaves the other alone. Made before any lock, for they may be large.

    Who may not split now copies nothing; the move asks again under the lock.
    """
    ticket, at = Ticket.objects.get(pk=pk), worktime.now()
    mine = rules.roles(by, ticket)
    if not rules.legal_actions(by, ticket, at, mine=mine, among=[Action.SPLIT]):
        raise IllegalMove(why_not(Action.SPLIT, ticket, mine, at, by=by))
    try:
        return [copying.copy(attachment.file, by=by, form_id=place) for attachment in _chosen(pk, files).select_related("file")]
    except ValidationError as refused:
        raise Incomplete(refused.messages[0]) from refused


def _chosen(pk: int, files: Collection[int]) -> QuerySet[Attachment]:
    """Of these attachments the requester's side's that are not hidden."""
    chosen = Attachment.objects.filter(ticket=pk, pk__in=files, internal=False, redacted_at=None)
    return chosen.exclude(message__from_team=True)


def _stand(pk: int, files: Collection[int], copied: int) -> bool:
    """Whether all that was copied before the lock still stands under it: what was hidden meanwhile must not come back."""
    return _chosen(pk, files).count() == copied
