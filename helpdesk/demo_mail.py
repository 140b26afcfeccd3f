"""The demonstration's mail: an answer that came in, an automatic one, one that nobody can read, and an address that fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

import worktime
from accounts.models import User
from notifications import addresses, delivery
from notifications.inbound import reading, storing
from notifications.models import InboundMail, MailAddress
from tickets import inbound, lifecycle
from tickets.models import Ticket

ANSWERED, AWAY, UNREAD, FAILED = (timedelta(minutes=minutes) for minutes in (100, 95, 70, 45))
"""Before now."""
WORDS: Final = "Testei em outro computador, e o erro é o mesmo."
AUTOMATIC: Final = {"Auto-Submitted": "auto-replied", "Subject": "Resposta automática: estou em férias"}
BOX: Final = "respostas@portal.example"
FAILS: Final = "nina@example.org"
REFUSAL: Final = "550 5.1.1 user unknown"


def seed(ticket: Ticket, now: datetime, at: Callable[[datetime], AbstractContextManager[None]]) -> None:
    """The requester of this open ticket writes by mail; once. ``at`` makes a block live at a moment."""
    if InboundMail.objects.exists():
        return
    person = ticket.requester
    with at(now - ANSWERED):
        _store(_written(person, WORDS, Subject=f"Re: [Chamado {ticket.number}] {ticket.subject}"))
        mail = storing.claim()
        assert mail is not None  # noqa: S101  # it has just been stored
        mail.sender, mail.thread, mail.user = person.email, f"ticket-{ticket.number}", person
        # The demonstration gives out no reply address, so nothing in the mail itself leads to the ticket.
        lifecycle.speak_by_mail(ticket.pk, by=person, request_id=mail.pk, received_at=mail.received_at, body=WORDS)
        storing.settle(mail, InboundMail.State.TAKEN)
        delivery.deliver_due()
    for before, raw in (
        (AWAY, _written(person, "Volto na segunda-feira.", **AUTOMATIC)),
        (
            UNREAD,
            b"From: x@example.org\r\nTo: respostas@portal.example\r\n\r\n" + b"multipart/ " * (reading.MAX_MULTIPARTS + 1),
        ),
    ):
        with at(now - before):
            _store(raw)
            inbound.take_in()
    with at(now - FAILED):
        addresses.block(FAILS, MailAddress.Reason.BOUNCED, REFUSAL)


def _store(raw: bytes) -> None:
    storing.store(raw, source=InboundMail.Source.IMAP, received_at=worktime.now(), recipient=BOX)


def _written(person: User, words: str, **fields: str) -> bytes:
    message = EmailMessage()
    for name, value in {"From": person.email, "To": BOX, **fields}.items():
        message[name] = value
    message.set_content(words)
    return message.as_bytes()
