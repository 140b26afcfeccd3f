"""The end of a ticket, and the ways back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from catalog.models import Cause, SupportScript
from tickets.lifecycle.move import move
from tickets.lifecycle.refusals import Incomplete
from tickets.lifecycle.words import Words, refuse_foreign
from tickets.models import Follower, Ticket
from tickets.states import Action, Closure, Status, Via

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User
    from catalog.terms import Terms
    from files.models import StoredFile


def resolve(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    body: str,
    cause: Cause | None,
    script: SupportScript | None = None,
    article: str = "",
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
) -> Ticket:
    """Close with the definitive answer, which the requester reads, and with the cause, which the team reads.

    The event keeps the cause's id, so that a reopening takes it from the ticket and not from the
    reports. ``cause`` may be ``None`` only where the product has no list of causes. The message keeps
    the script and the article (an address of the web, or a path of this portal) that the answer
    rests on. ``seen``: as of ``move``. Raises ``Incomplete`` where cause or script is not an active one of the ticket's
    product, or the article is no address.
    """
    data: dict[str, int | str] = {}

    def change(ticket: Ticket, at: datetime) -> None:
        refuse_foreign(script, ticket, at)
        ticket.cause = _listed(cause, ticket)
        if ticket.cause is not None:
            data["cause"] = ticket.cause.pk

    words = Words(body, files=files, script=script, article=article.strip())
    return move(pk, Action.RESOLVE, by=by, via=via, request_id=request_id, change=change, words=words, data=data, seen=seen)


def _listed(cause: Cause | None, ticket: Ticket) -> Cause | None:
    """The cause as the curators keep it now for the product that the ticket has now."""
    listed = Cause.objects.filter(product=ticket.product_id, active=True)
    if cause is None:
        if listed.exists():
            raise Incomplete("Escolha a causa.")
        return None
    found = listed.filter(pk=cause.pk).first()
    if found is None:
        raise Incomplete("Esta causa não está na lista do produto deste chamado. Escolha outra.")
    return found


def refuse(
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
    """Close what the desk does not deal with, telling the requester who does.

    ``seen``: as of ``move``; ``script``: as of ``resolve``.
    """
    words = Words(body, files=files, script=script)
    change = partial(refuse_foreign, script)
    return move(pk, Action.REFUSE, by=by, via=via, request_id=request_id, words=words, change=change, seen=seen)


def close_duplicate(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    root: int,
    body: str = "",
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
) -> Ticket:
    """Close what repeats the ticket of number ``root``, which is open or can still be reopened.

    The link goes to the root of ``root``, and what repeated this one is linked there too. A
    requester of the same body follows the root from now on, and reads it once the body has
    confirmed him. ``seen``: as of ``move``. Raises ``Incomplete`` where ``root`` is unknown, over, or repeats this one.
    """
    with transaction.atomic():
        found = _root_of(root)
        # Always in the same order, so that two of these cannot wait for each other.
        both = list(Ticket.objects.select_for_update().filter(pk__in=[pk, found.pk]).order_by("pk"))
        found = _root_of(root)  # as it is now that nobody else changes it

        def change(ticket: Ticket, at: datetime) -> None:
            if found == ticket:
                raise Incomplete("Um chamado não pode ser duplicado dele mesmo.")
            if found not in both:
                raise Incomplete(f"O chamado {root} acaba de ser encerrado como duplicado de outro. Confira e tente de novo.")
            if found.status == Status.FINAL or (found.reopen_until is not None and at > found.reopen_until):
                raise Incomplete(f"O chamado {found.number} não pode mais ser reaberto. Escolha outro.")
            ticket.duplicate_of = found

        words = Words(body, files=files) if body.strip() else None
        ticket = move(
            pk,
            Action.CLOSE_DUPLICATE,
            by=by,
            via=via,
            request_id=request_id,
            change=change,
            words=words,
            data={"root": found.pk},
            seen=seen,
        )
        Ticket.objects.filter(duplicate_of=ticket.pk).update(duplicate_of=ticket.duplicate_of)
        if ticket.agency_id is not None and ticket.agency_id == found.agency_id and ticket.requester_id != found.requester_id:
            Follower.objects.get_or_create(ticket=found, user=ticket.requester)
    return ticket


def _root_of(number: int) -> Ticket:
    ticket = Ticket.objects.filter(number=number).first()
    if ticket is None:
        raise Incomplete(f"Não há chamado com o número {number}.")
    return ticket.duplicate_of or ticket


def solved(pk: int, *, by: User, via: Via, request_id: UUID, body: str = "") -> Ticket:
    """The requester's problem went away."""
    return move(pk, Action.SOLVED, by=by, via=via, request_id=request_id, words=_optional(body))


def cancel(pk: int, *, by: User, via: Via, request_id: UUID, body: str = "") -> Ticket:
    """The requester gives up the request."""
    return move(pk, Action.CANCEL, by=by, via=via, request_id=request_id, words=_optional(body))


def confirm(pk: int, *, by: User, via: Via, request_id: UUID) -> Ticket:
    """The requester says that the problem is resolved; the time to reopen stays."""

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.confirmed_at = at

    return move(pk, Action.CONFIRM, by=by, via=via, request_id=request_id, change=change)


def reopen(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    body: str,
    files: Sequence[StoredFile] = (),
    seen: int | None = None,
) -> Ticket:
    """Go on with a closed ticket, within 48 h of its closing, inclusive (guide, section 3).

    Level, queue and triage stay. It goes before the others, unless its requester had cancelled it. ``seen``: as of ``move``.
    """

    def change(ticket: Ticket, at: datetime) -> None:
        count_reopening(ticket)

    return move(
        pk, Action.REOPEN, by=by, via=via, request_id=request_id, change=change, words=Words(body, files=files), seen=seen
    )


def count_reopening(ticket: Ticket) -> None:
    """What a reopening changes beside the status."""
    ticket.reopenings += 1
    ticket.goes_first = ticket.closure != Closure.CANCELLED


def restore(pk: int, *, by: User, via: Via, request_id: UUID, justification: str) -> Ticket:
    """A manager brings back what was closed for good; the justification stays within the team."""
    words = Words(justification, internal=True)
    return move(pk, Action.RESTORE, by=by, via=via, request_id=request_id, words=words)


def expire_wait(pk: int, *, request_id: UUID, terms: Terms | None = None) -> Ticket:
    """Close for want of an answer (guide, section 5): more than 72 h, after a reminder."""
    return move(pk, Action.EXPIRE_WAIT, by=None, via=Via.SYSTEM, request_id=request_id, terms=terms)


def finalize(pk: int, *, request_id: UUID, terms: Terms | None = None) -> Ticket:
    """Close for good, more than 48 h after closing."""
    return move(pk, Action.FINALIZE, by=None, via=Via.SYSTEM, request_id=request_id, terms=terms)


def _optional(body: str) -> Words | None:
    return Words(body) if body.strip() else None
