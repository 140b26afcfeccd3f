"""Saying things on a ticket: question, answer, comment, note."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from tickets import rules
from tickets.lifecycle.closing import count_reopening
from tickets.lifecycle.move import move
from tickets.lifecycle.refusals import IllegalMove, Incomplete
from tickets.lifecycle.words import Words, refuse_foreign
from tickets.mentions import MOST, colleagues, take_in
from tickets.states import Action, Closure, Status, Via

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from accounts.models import User
    from catalog.models import SupportScript
    from catalog.terms import Terms
    from files.models import StoredFile
    from tickets.models import Ticket


def ask(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    body: str,
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
    script: SupportScript | None = None,
) -> Ticket:
    """Ask the requester something, in public; the 72 h begin. ``seen``: as of ``move``, ``script``: as of ``resolve``."""
    words = Words(body, files=files, script=script)
    change = partial(refuse_foreign, script)
    return move(pk, Action.ASK, by=by, via=via, request_id=request_id, words=words, change=change, seen=seen)


def speak(pk: int, *, by: User, via: Via, request_id: UUID, body: str, files: Sequence[StoredFile] = ()) -> Ticket:
    """What the requester's side says: an answer while the ticket waits for it, else a comment.

    Which of the two is decided under the lock, so that a question asked while the person was
    writing is answered by what he wrote.
    """
    words = Words(body, files=files)
    return move(pk, Action.ANSWER, Action.COMMENT, by=by, via=via, request_id=request_id, words=words)


def speak_by_mail(
    pk: int, *, by: User, request_id: UUID, received_at: datetime, body: str, files: Sequence[StoredFile] = ()
) -> Ticket:
    """What somebody of the requester's side wrote in a mail that reached us at ``received_at`` (aware).

    As ``speak`` while the ticket is open, however late. A ticket that was closed for want of an
    answer is reopened when the mail came within 48 h of the closing, or before it. Any other closed
    ticket stays as it is, so that a thank-you reopens nothing: raises ``IllegalMove``, and who
    calls keeps the mail (DESIGN §4). The team does not speak by mail: that raises too.
    """

    def change(ticket: Ticket, at: datetime) -> None:
        if not rules.is_requester_side(rules.roles(by, ticket)):
            raise IllegalMove("A equipe responde pelo portal, não por e-mail.")
        if ticket.status == Status.CLOSED:
            if ticket.closure != Closure.NO_INTERACTION:
                raise IllegalMove("Este chamado já foi encerrado. Para continuar, reabra-o no portal.")
            count_reopening(ticket)

    return move(
        pk,
        Action.ANSWER,
        Action.COMMENT,
        Action.REOPEN,
        by=by,
        via=Via.MAIL,
        request_id=request_id,
        words=Words(body, files=files),
        change=change,
        received_at=received_at,
    )


def comment(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    body: str,
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
    script: SupportScript | None = None,
) -> Ticket:
    """What the team says in public without asking; while the ticket waits, the 72 h begin anew.

    ``seen``: as of ``move``; ``script``: as of ``resolve``.
    """
    words = Words(body, files=files, script=script)
    change = partial(refuse_foreign, script)
    return move(pk, Action.COMMENT, by=by, via=via, request_id=request_id, words=words, change=change, seen=seen)


def note(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    body: str,
    files: Sequence[StoredFile] = (),
    mentions: Collection[User] = (),
) -> Ticket:
    """Words for the team alone. Who is mentioned hears of it, and may read the ticket and write notes from now on.

    Raises ``Incomplete`` where one of them is not of the team of the ticket's core system.
    """
    words = Words(body, internal=True, files=files)
    called = sorted({person.pk for person in mentions})
    data = {"mentioned": " ".join(map(str, called))} if called else {}

    def change(ticket: Ticket, at: datetime) -> None:
        people = list(colleagues(ticket, but=by).filter(pk__in=called))
        if len(people) != len(called) or len(called) > MOST:
            raise Incomplete("Só dá para avisar colegas da equipe deste chamado. Confira a lista de nomes.")
        take_in(ticket, people, at)

    return move(
        pk, Action.NOTE, by=by, via=via, request_id=request_id, words=words, change=change if called else None, data=data
    )


def withdraw_question(pk: int, *, by: User, via: Via, request_id: UUID, reason: str) -> Ticket:
    """Stop waiting: the team needs no answer any more. The reason stays within the team."""
    words = Words(reason, internal=True)
    return move(pk, Action.WITHDRAW_QUESTION, by=by, via=via, request_id=request_id, words=words)


def remind(pk: int, *, request_id: UUID, terms: Terms | None = None) -> Ticket:
    """Tell the requester that the ticket is about to close for want of an answer."""

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.reminded_at = at

    return move(pk, Action.REMIND, by=None, via=Via.SYSTEM, request_id=request_id, change=change, terms=terms)
