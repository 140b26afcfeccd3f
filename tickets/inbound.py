"""Answers by mail become words on their ticket, or are kept and answered; never a new ticket (docs/adr/0041, 0046).

Each mail is taken by itself: in one transaction what it does, and what is written down of it. Its id is the request id
of what it does, so that one that is taken again after a crash does nothing twice.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

import worktime
from accounts.models import User
from accounts.signed_in import with_rights
from catalog import offers
from files import intake
from notifications import replies
from notifications.inbound import bounces, checking, quoting, reading, sorting, storing
from notifications.models import InboundMail
from tickets import lifecycle, mail_words, rules
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import LateMail, Ticket
from tickets.states import Closure, Status

if TYPE_CHECKING:
    from files.models import StoredFile
    from notifications.inbound.reading import Mail, Part

log = logging.getLogger(__name__)

State, Reason = InboundMail.State, InboundMail.Reason
AT_ONCE: Final = 100
HOUR: Final = timedelta(hours=1)
AN_HOUR: Final = 30
"""Mails that one person may put on tickets within an hour."""
CUT: Final = "\n\n[O e-mail é mais longo. A equipe pode ver o original.]"


class NotTaken(Exception):
    """The mail does nothing to any ticket; ``reason`` says why."""

    def __init__(self, reason: InboundMail.Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class TooLate(Exception):
    """The ticket is closed and stays so."""


def take_in(most: int = AT_ONCE) -> int:
    """Take the mails that wait, oldest first, at most so many; how many. One that fails holds up no other."""
    taken = 0
    while taken < most and (mail := storing.claim()) is not None:
        take(mail)
        taken += 1
    return taken


def take(mail: InboundMail) -> None:
    """Do what a claimed mail asks for, once, and write down what became of it. What raises is kept for later, or for people."""
    try:
        with transaction.atomic():
            held = storing.held(mail).first()
            if held is not None:
                _take(held)
    except reading.Unreadable as why:
        storing.lay_aside(mail, Reason.UNREADABLE, str(why))
    except Exception as error:  # whatever is wrong with one mail, the others go on
        log.warning("mail %s failed at try %s: %s", mail.pk, mail.attempts, type(error).__name__)
        storing.postpone(mail, error)


def _take(mail: InboundMail) -> None:
    raw = storing.raw_of(mail)
    read = reading.read(raw)
    named = _named(mail, read)
    thread, user = next(iter(named)) if len(named) == 1 else ("", 0)
    person = next(iter(with_rights([user])), None)
    mail.sender, mail.thread, mail.user = read.sender[:320], thread, person
    machine = sorting.sort(read, expected=person.email if person is not None else "")
    if machine is not None:
        bounces.note(raw, machine.failed)
        storing.settle(mail, State.IGNORED, Reason(machine.reason))
        return
    try:
        if person is None or not thread:
            raise NotTaken(Reason.SEVERAL if len(named) > 1 else Reason.RIGHTS if thread else Reason.NO_TICKET)
        _speak(mail, read, person, thread)
    except NotTaken as why:
        # Only quotations: there may be more in it than a rule finds, so a person looks.
        state = State.QUARANTINED if why.reason == Reason.EMPTY else State.REFUSED
        storing.settle(mail, state, why.reason)
        # A sender that is proved to be another one is spared our answer to what he did not write.
        to_us = any(map(replies.is_ours, [*read.addresses("To"), *read.addresses("Cc")])) and not checking.failed(read)
        mail_words.tell_not_taken(mail, person, to_us=to_us)


def _named(mail: InboundMail, read: Mail) -> set[tuple[str, int]]:
    """The threads and people of the reply addresses that the mail was sent to."""
    found = map(replies.read, _recipients(mail, read))
    return {token for token in found if token is not None and token[0].startswith("ticket-")}


def _recipients(mail: InboundMail, read: Mail) -> list[str]:
    """Whom the mail was sent to. Nothing else in it leads to a ticket: no subject, no id of an earlier mail."""
    fields = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
    delivered = [address.strip("<> ") for name in fields[2:] for address in read.values(name)]
    return [mail.recipient, *delivered, *read.addresses("To"), *read.addresses("Cc")]


def _speak(mail: InboundMail, read: Mail, person: User, thread: str) -> None:
    """Put the mail's words and files on the ticket, or keep them where it is closed. Raises ``NotTaken``."""
    if read.sender != person.email:
        raise NotTaken(Reason.SENDER)
    if not checking.vouched(read):
        raise NotTaken(Reason.AUTHENTICATION)
    if not mail.whole:
        raise NotTaken(Reason.TOO_BIG)
    number = int(thread.removeprefix("ticket-"))
    ticket = Ticket.objects.visible_to(person).select_related("product", "offering").filter(number=number).first()
    if ticket is None:
        raise NotTaken(Reason.RIGHTS)
    if not rules.is_requester_side(rules.roles(person, ticket)):
        raise NotTaken(Reason.TEAM)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # one of a person's mails at a time
    if storing.spoken(mail):
        storing.settle(mail, State.IGNORED, Reason.DUPLICATE)
        return
    hour = InboundMail.objects.filter(user=person, stored_at__gt=worktime.now() - HOUR, state__in=[State.TAKEN, State.KEPT])
    if hour.count() >= AN_HOUR:
        raise NotTaken(Reason.TOO_MANY)
    words = quoting.own_words(read.text)
    if not words and not read.files:
        raise NotTaken(Reason.EMPTY)
    try:
        with transaction.atomic():
            if ticket.status == Status.FINAL or (ticket.status == Status.CLOSED and ticket.closure != Closure.NO_INTERACTION):
                raise TooLate
            _say(mail, read, person, ticket, words)
    except (TooLate, lifecycle.IllegalMove):
        _keep(mail, read, person, ticket, words)
        return
    storing.settle(mail, State.TAKEN)


def _say(mail: InboundMail, read: Mail, person: User, ticket: Ticket, words: str) -> None:
    files, refused = _files(mail.pk, read.files, ticket, person)
    body = _body(words, files, refused)
    lifecycle.speak_by_mail(ticket.pk, by=person, request_id=mail.pk, received_at=mail.received_at, body=body, files=files)


def _keep(mail: InboundMail, read: Mail, person: User, ticket: Ticket, words: str) -> None:
    """The ticket stays closed: what was written is shown there, and whoever wrote it is told how to go on."""
    ticket.refresh_from_db()
    if ticket.status not in (Status.CLOSED, Status.FINAL):
        raise NotTaken(Reason.RIGHTS)  # it is open, and this person may not speak there
    names = [intake.clean_name(file.name) for file in read.files]
    body = _body(words, [], names)
    LateMail.objects.create(id=mail.pk, ticket=ticket, author=person, body=body, received_at=mail.received_at)
    storing.settle(mail, State.KEPT, Reason.CLOSED)
    mail_words.tell_too_late(mail, person, ticket)


def _body(words: str, files: list[StoredFile], refused: list[str]) -> str:
    """What stands on the ticket. Who sent only files said something, too; what was not taken is named."""
    said = words or f"E-mail sem texto, com {len(files) + len(refused)} arquivo(s)."
    note = ""
    if refused:
        names = ", ".join(f"“{name}”" for name in refused[:10]) + (" …" if len(refused) > 10 else "")
        note = f"\n\n[{'1 anexo não foi aceito' if len(refused) == 1 else f'{len(refused)} anexos não foram aceitos'}: {names}]"
    room = MAX_WORDS - len(note)
    return (said if len(said) <= room else said[: room - len(CUT)] + CUT) + note


def _files(form_id: UUID, parts: tuple[Part, ...], ticket: Ticket, person: User) -> tuple[list[StoredFile], list[str]]:
    """The files that the ticket's form would take, by the same checks, and the names of the others."""
    policy = offers.attachment_policy(ticket.offering)
    files, refused = [], []
    for part in parts:
        upload = SimpleUploadedFile(part.name, part.content, content_type=part.content_type)
        try:
            files.append(intake.accept(upload, policy=policy, by=person, form_id=form_id))
        except ValidationError:
            refused.append(intake.clean_name(part.name))
    return files, refused
