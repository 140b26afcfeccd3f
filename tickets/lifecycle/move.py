"""The one way in which a ticket changes (DESIGN §4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

import worktime
from catalog import hours
from catalog.models import Queue
from catalog.terms import Terms
from tickets import clocks, notices, rules, waits
from tickets.lifecycle import deadlines, holders
from tickets.lifecycle.refusals import USED, USED_OTHERWISE, IllegalMove, refuse_if_overtaken, why_not
from tickets.lifecycle.words import Words, said_otherwise, say
from tickets.models import Participant, Ticket, TicketEvent
from tickets.states import REQUESTER_SIDE, TABLE, TEAM, Action, Role, Status, Target, Via, is_told
from tickets.waits import Waits

if TYPE_CHECKING:
    from accounts.models import User

_REQUESTERS_CHANNELS = frozenset({Via.PORTAL, Via.MAIL})
"""Who is of both sides speaks here as the requester's."""
LIFE = [field for field in Ticket._meta.concrete_fields if not (field.generated or field.primary_key)]
"""The columns that a move may write."""


def move(
    pk: int,
    *actions: Action,
    by: User | None,
    via: Via,
    request_id: UUID,
    words: Words | None = None,
    change: Callable[[Ticket, datetime], None] | None = None,
    data: Mapping[str, int | str] | None = None,
    as_author: bool = False,
    received_at: datetime | None = None,
    seen: int | None = None,
    terms: Terms | None = None,
) -> Ticket:
    """Take the first of ``actions`` that is legal, and return the ticket as it is then.

    In one transaction: the row lock, then the clock, the guard, the row, one event, the words, the
    notices. Asked again with the same ``request_id`` it changes nothing and returns the ticket.
    ``change`` sets the columns that the action needs beside status; it sees the locked row.
    ``data`` are ids and moments for the event; ``change`` may add to them. ``as_author`` says that
    the person wrote the words in question, which only redaction asks. ``received_at`` is when what
    asks for this reached us, if earlier than now: the guard looks at that moment, the event has its own.
    ``seen`` is the newest event that the person has read, where it matters that he has read all: if
    somebody else has said something since, that raises ``Overtaken``.
    ``terms`` are those of a job that moves many tickets: it has read calendar and policies, draws every
    ``request_id`` anew and undoes the whole transaction where this raises.
    Raises ``IllegalMove``, and ``Ticket.DoesNotExist`` for an unknown ``pk``; then nothing changed.
    """
    try:
        with transaction.atomic(savepoint=terms is None):  # a job that hands terms over undoes its whole transaction
            return _move(
                pk,
                actions,
                by=by,
                via=via,
                request_id=request_id,
                words=words,
                change=change,
                data={} if data is None else data,
                as_author=as_author,
                received_at=received_at,
                seen=seen,
                terms=terms,
            )
    except IntegrityError as collision:
        # The same form sent to two tickets at once: the other one has just used it up.
        if terms is None and TicketEvent.objects.filter(request_id=request_id).exists():
            raise IllegalMove(USED) from collision
        raise


def _move(
    pk: int,
    actions: Sequence[Action],
    *,
    by: User | None,
    via: Via,
    request_id: UUID,
    words: Words | None,
    change: Callable[[Ticket, datetime], None] | None,
    data: Mapping[str, int | str],
    as_author: bool,
    received_at: datetime | None,
    seen: int | None,
    terms: Terms | None,
) -> Ticket:
    # Alone: where a lock was waited for, PostgreSQL looks at the row anew but not at what was joined to it.
    ticket = Ticket.objects.select_for_update().get(pk=pk)
    kept = {field.attname: getattr(ticket, field.attname) for field in LIFE}
    asked = TicketEvent.objects.filter(request_id=request_id).values_list("ticket", "actor", "action")
    earlier = asked.first() if terms is None else None  # a job's id is new each time
    if earlier is not None:
        if earlier[:2] != (ticket.pk, by.pk if by else None) or earlier[2] not in actions:
            raise IllegalMove(USED)
        if said_otherwise(request_id, words):
            raise IllegalMove(USED_OTHERWISE)
        return ticket
    at = max(worktime.now(), ticket.last_event_at)
    mine = rules.roles(by, ticket) | ({Role.AUTHOR} if as_author else set())
    asked_at = at if received_at is None else min(at, received_at)
    legal = rules.legal_actions(by, ticket, asked_at, mine=mine, among=actions)
    action = next((action for action in actions if action in legal), None)
    if action is None:
        raise IllegalMove(why_not(actions[-1], ticket, mine, asked_at, by=by))
    refuse_if_overtaken(ticket, by, seen)

    before = Status(ticket.status)
    acting = rules.acting_roles(action, mine, ticket)
    from_team = bool(acting & TEAM) and not (via in _REQUESTERS_CHANNELS and acting & REQUESTER_SIDE)
    if change is not None:
        change(ticket, at)
    stood_in = holders.pass_to_stand_in(ticket, action, at)
    ticket.status = _new_status(ticket, action, before, at)
    spoke = words is not None and not words.internal
    now = hours.current() if terms is None else terms.hours
    if terms is not None:
        ticket.policy = terms.policy(ticket.policy_id)
    _settle(ticket, action, before, at, spoke=spoke, allowed=clocks.waits_of(ticket.policy, now.calendar))
    if spoke and not from_team:
        ticket.scheduled_for = None  # somebody outside the team spoke: back into sight
    ticket.last_event_at = at
    if is_told(action, data):
        ticket.last_public_at = at
    turn = clocks.turn(at, ticket, answers=spoke and from_team and action in clocks.RESPONSES)
    turns = [*clocks.turns_of(ticket), turn]
    deadlines.settle(ticket, turns, at, now)
    # The row is locked: what was not changed here was not changed at all.
    ticket.save(update_fields=[field.name for field in LIFE if getattr(ticket, field.attname) != kept[field.attname]])
    data = {**data, **stood_in, **_until(ticket)}
    event = record(ticket, action, at=at, by=by, via=via, request_id=request_id, before=before, data=data)
    if ticket.status == Status.CLOSED and before != Status.CLOSED:
        deadlines.keep_cycle(ticket, turns, now)
    if words is not None:
        say(ticket, event, by, words, from_team=from_team)
    if by is not None and from_team and Role.PARTICIPANT not in mine:
        Participant.objects.get_or_create(ticket=ticket, user=by, defaults={"since": at})
    notices.tell(ticket, event, from_team=from_team)
    return ticket


def _new_status(ticket: Ticket, action: Action, before: Status, at: datetime) -> Status:
    """The status that the table gives."""
    to = TABLE[action].to
    match to:
        case Target.KEEP:
            return before
        case Target.START:
            return Status.IN_PROGRESS if before == Status.QUEUED else before
        case Target.ASKED_FROM:
            return Status(ticket.asked_from) if holders.goes_on(ticket, at) else Status.QUEUED
        case Target.ASSIGNEE_OR_QUEUE:
            return Status.IN_PROGRESS if holders.goes_on(ticket, at) else Status.QUEUED
    return to


def _until(ticket: Ticket) -> dict[str, str]:
    """The last moment for what a ticket now asks of its requester, for the words that tell him."""
    until = ticket.reopen_until if ticket.status == Status.CLOSED else ticket.wait_expires_at
    if until is not None and ticket.reminded_at is not None:
        until = waits.closes_from(until, reminded_at=ticket.reminded_at)
    return {"until": until.isoformat()} if until is not None else {}


def _settle(ticket: Ticket, action: Action, before: Status, at: datetime, *, spoke: bool, allowed: Waits) -> None:
    """What follows from the status: who holds it, what it waits for, until when."""
    status = Status(ticket.status)
    if status == Status.QUEUED:
        ticket.assignee = None
        ticket.queue = living(ticket.queue)
    else:
        ticket.offered_to = ticket.offered_until = None
    if status != Status.IN_PROGRESS:
        ticket.scheduled_for = None
    if status == Status.WAITING_REQUESTER:
        if before != status:
            ticket.asked_from = before
        if before != status or spoke:
            ticket.wait_since, ticket.reminded_at = at, None
            ticket.wait_expires_at, ticket.remind_at = allowed.expires_at(at), allowed.remind_at(at)
    else:
        ticket.asked_from = ""
        ticket.wait_since = ticket.wait_expires_at = ticket.remind_at = ticket.reminded_at = None
    if status != Status.WAITING_EXTERNAL:
        ticket.external_team = ticket.external_number = ""
        ticket.review_at = None
    if status == Status.CLOSED and before != status:
        closure = TABLE[action].closes_as
        assert closure is not None  # noqa: S101 - every move to closed names its closure; a test reads the table
        ticket.closure, ticket.closed_at, ticket.reopen_until = closure, at, allowed.reopen_until(at)
        ticket.goes_first = False
    elif status not in (Status.CLOSED, Status.FINAL):
        ticket.closure, ticket.duplicate_of, ticket.cause = "", None, None
        ticket.closed_at = ticket.reopen_until = ticket.confirmed_at = None


def living(queue: Queue) -> Queue:
    """The queue, or the last successor of a retired one."""
    seen = {queue.pk}
    while not queue.active and queue.successor is not None and queue.successor.pk not in seen:
        queue = queue.successor
        seen.add(queue.pk)
    return queue


def record(
    ticket: Ticket,
    action: Action,
    *,
    at: datetime,
    by: User | None,
    via: Via,
    request_id: UUID,
    before: Status | None,
    data: Mapping[str, int | str],
) -> TicketEvent:
    """The one event of a change."""
    return TicketEvent.objects.create(
        ticket=ticket,
        at=at,
        actor=by,
        action=action,
        via=via,
        request_id=request_id,
        old_status=before or "",
        new_status=ticket.status,
        level=ticket.level,
        queue_id=ticket.queue_id,
        assignee_id=ticket.assignee_id,
        priority=ticket.priority,
        data=dict(data),
    )
