"""What somebody says with an action, and how it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from catalog.models import SupportScript
from catalog.validators import is_place
from files import intake
from files.models import StoredFile
from tickets.lifecycle.refusals import Incomplete
from tickets.models import REDACTED, Attachment, Message, Ticket, TicketEvent

if TYPE_CHECKING:
    from accounts.models import User

MAX_WORDS = 20_000
"""Characters of one message."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody says with an action."""

    body: str
    internal: bool = False
    files: Sequence[StoredFile] = ()
    script: SupportScript | None = None
    article: str = ""

    def __post_init__(self) -> None:
        if not self.body.strip():
            raise Incomplete("Escreva a mensagem.")
        if len(self.body) > MAX_WORDS:
            raise Incomplete(f"A mensagem pode ter até {MAX_WORDS} caracteres.")
        try:
            is_place(self.article)
        except ValidationError as wrong:
            raise Incomplete(wrong.messages[0]) from wrong


def refuse_foreign(script: SupportScript | None, ticket: Ticket, at: datetime) -> None:
    """Raises ``Incomplete`` where the words rest on a script that does not serve the ticket's product as it is now."""
    if script is None:
        return
    own = Q(product=ticket.product_id) | Q(product=None, core_system=ticket.product.core_system_id)
    if not SupportScript.objects.filter(own, pk=script.pk, active=True).exists():
        raise Incomplete("Este roteiro não é do produto deste chamado. Escolha outro.")


def say(ticket: Ticket, event: TicketEvent, by: User | None, words: Words, *, from_team: bool) -> Message:
    """The words of an event, with their files."""
    message = Message.objects.create(
        ticket=ticket,
        event=event,
        author=by,
        internal=words.internal,
        from_team=from_team,
        body=words.body.strip(),
        script=words.script,
        article=words.article,
        created_at=event.at,
    )
    attach(ticket, words.files, message=message, internal=words.internal)
    return message


def said_otherwise(request_id: UUID, words: Words | None) -> bool:
    """Whether the event of this request id said something else than these words: of a form that was changed and sent again.

    What was hidden since, or stands for what was hidden, cannot be compared.
    """
    if words is None or REDACTED in words.body:
        return False
    said = Message.objects.filter(event__request_id=request_id, redacted_at=None)
    return said.exclude(body=words.body.strip()).exists()


def attach(
    ticket: Ticket,
    files: Sequence[StoredFile],
    *,
    message: Message | None = None,
    field_name: str = "",
    internal: bool = False,
) -> None:
    """The files belong to the ticket. Raises ``Incomplete`` where one is gone or belongs elsewhere."""
    try:
        intake.attach(files)
    except ValidationError as gone:
        raise Incomplete(gone.messages[0]) from gone
    Attachment.objects.bulk_create(
        Attachment(ticket=ticket, file=file, message=message, field_name=field_name, internal=internal) for file in files
    )
