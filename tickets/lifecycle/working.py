"""The team at work: who holds a ticket, at which level, waiting for whom."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

import worktime
from accounts import absences
from catalog import hours, policies
from catalog.models import Level, Offering, Priority, Queue
from tickets import rules
from tickets.lifecycle.move import living, move
from tickets.lifecycle.refusals import IllegalMove, Incomplete
from tickets.lifecycle.words import Words
from tickets.models import Ticket, TicketEvent
from tickets.states import Action, Status, Via

OFFER = timedelta(hours=1)
"""Working time for which a ticket that came back is kept for who had escalated it."""

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User


def take(pk: int, *, by: User, via: Via, request_id: UUID) -> Ticket:
    """Work it oneself."""

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.assignee = by

    return move(pk, Action.TAKE, by=by, via=via, request_id=request_id, change=change)


def take_next(*, by: User, via: Via, request_id: UUID, level: str) -> Ticket | None:
    """Take the first ticket of one's queues at a level in work order; ``None`` when there is none.

    Tickets that a colleague is taking at this moment are passed over, so that nobody waits. The
    same ``request_id`` again returns the ticket that it took.
    """
    try:
        with transaction.atomic():
            return _taken_before(request_id, by) or _take_first(by, via, request_id, level)
    except (IntegrityError, IllegalMove):
        # The button was pressed twice at once, and the other press has just taken one.
        taken = _taken_before(request_id, by)
        if taken is None:
            raise
        return taken


def _taken_before(request_id: UUID, by: User) -> Ticket | None:
    event = TicketEvent.objects.filter(request_id=request_id, actor=by, action=Action.TAKE).select_related("ticket").first()
    return event.ticket if event else None


def _take_first(by: User, via: Via, request_id: UUID, level: str) -> Ticket | None:
    waiting: Collection[int] = by.queue_ids("analyst", "lead")
    first = (
        Ticket.objects.filter(status=Status.QUEUED, level=level, queue__in=waiting)
        .exclude(requester=by)
        .not_offered_to_others(by, worktime.now())
        .in_work_order()
        .select_for_update(of=("self",), skip_locked=True)
        .first()
    )
    return take(first.pk, by=by, via=via, request_id=request_id) if first else None


def triage(pk: int, *, by: User, via: Via, request_id: UUID) -> Ticket:
    """Record that the request was checked for completeness."""

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.triaged_at = at

    return move(pk, Action.TRIAGE, by=by, via=via, request_id=request_id, change=change)


def assign(pk: int, *, by: User, via: Via, request_id: UUID, to: User) -> Ticket:
    """Give it to a member of its queue, or to who stands in for one who is away.

    Raises ``Incomplete`` when that person cannot work it, has it already, or is away and nobody can in his stead.
    """
    data: dict[str, int | str] = {"to": to.pk}

    def change(ticket: Ticket, at: datetime) -> None:
        if not rules.can_work(to, ticket):
            raise Incomplete(f"{to.display_name} não pode atender este chamado.")
        if ticket.assignee == to and not absences.is_absent(to, at):
            raise Incomplete(f"{to.display_name} já está com este chamado.")
        ticket.assignee = to
        if absences.is_absent(to, at):
            ticket.assignee = rules.stand_in(to.pk, ticket, at)
            if ticket.assignee is None:
                raise Incomplete(f"{to.display_name} está ausente. Escolha outra pessoa.")
            data.update(to=ticket.assignee.pk, instead_of=to.pk)

    return move(pk, Action.ASSIGN, by=by, via=via, request_id=request_id, change=change, data=data)


def release(pk: int, *, by: User, via: Via, request_id: UUID, reason: str) -> Ticket:
    """Put it back into its queue; the reason stays within the team."""
    return move(pk, Action.RELEASE, by=by, via=via, request_id=request_id, words=Words(reason, internal=True))


def set_priority(pk: int, *, by: User, via: Via, request_id: UUID, priority: int, reason: str) -> Ticket:
    if priority not in Priority.values:
        raise Incomplete("Escolha uma prioridade da lista.")

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.priority = priority

    words = Words(reason, internal=True)
    return move(pk, Action.SET_PRIORITY, by=by, via=via, request_id=request_id, change=change, words=words)


def escalate(pk: int, *, by: User, via: Via, request_id: UUID, checked: str) -> Ticket:
    """Send it to the N3 queue of its offering, with what N2 checked (within the team)."""

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.level = Level.N3
        ticket.queue = living(ticket.offering.n3_queue)

    return move(pk, Action.ESCALATE, by=by, via=via, request_id=request_id, change=change, words=Words(checked, internal=True))


def hand_back(pk: int, *, by: User, via: Via, request_id: UUID, reason: str) -> Ticket:
    """Send it back to the N2 queue of its offering, with the reason (within the team).

    For one working hour only the analyst who escalated it last, or while he is away who stands in
    for him, or a lead may take it (DESIGN §4); anybody where neither can work it.
    """
    data: dict[str, int | str] = {}

    def change(ticket: Ticket, at: datetime) -> None:
        ticket.level = Level.N2
        ticket.queue = living(ticket.offering.n2_queue)
        escalation = ticket.events.filter(action=Action.ESCALATE).select_related("actor").last()
        knows_it = escalation.actor if escalation is not None else None
        if knows_it is None:
            return
        goes_on = rules.takes_work(knows_it, ticket, at)
        ticket.offered_to = knows_it if goes_on else rules.stand_in(knows_it.pk, ticket, at)
        if ticket.offered_to is not None:
            ticket.offered_until = hours.current().calendar.add(at, OFFER)
            data.update({} if goes_on else {"instead_of": knows_it.pk}, offered_until=ticket.offered_until.isoformat())

    words = Words(reason, internal=True)
    return move(pk, Action.HAND_BACK, by=by, via=via, request_id=request_id, change=change, words=words, data=data)


def transfer(
    pk: int,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    reason: str,
    offering: Offering | None = None,
    queue: Queue | None = None,
) -> Ticket:
    """Send it to another offering, or to another queue of its level; the reason stays within the team.

    Another product asks for triage anew. Every answer stays; those that the new form does not ask
    are read as text (``tickets.answers``).
    """

    data: dict[str, int | str] = {}

    def change(ticket: Ticket, at: datetime) -> None:
        if offering is not None and offering.active and offering.pk != ticket.offering_id:
            data.update(from_offering=ticket.offering_id, to_offering=offering.pk)
            if offering.product_id != ticket.product_id:
                ticket.triaged_at, data["another_product"] = None, 1
            ticket.offering, ticket.product = offering, offering.product
            ticket.queue = living(offering.queue_at(ticket.level))
            ticket.policy = policies.in_force(offering, ticket.opened_at)
        elif queue is not None and queue.active and queue.level == ticket.level and queue.pk != ticket.queue_id:
            ticket.queue = queue
        else:
            raise Incomplete("Escolha outra oferta, ou outra fila do mesmo nível.")

    words = Words(reason, internal=True)
    return move(pk, Action.TRANSFER, by=by, via=via, request_id=request_id, change=change, words=words, data=data)


def schedule(pk: int, *, by: User, via: Via, request_id: UUID, until: datetime | None) -> Ticket:
    """Out of sight in the queue until a moment (aware), or with ``None`` back into sight. The SLA runs on."""

    def change(ticket: Ticket, at: datetime) -> None:
        if until is not None and until <= at:
            raise Incomplete("A data do agendamento precisa estar no futuro.")
        ticket.scheduled_for = until

    data = {"until": until.isoformat()} if until else {}
    return move(pk, Action.SCHEDULE, by=by, via=via, request_id=request_id, change=change, data=data)


def wait_external(
    pk: int, *, by: User, via: Via, request_id: UUID, team: str, review_at: datetime, outside_number: str = ""
) -> Ticket:
    """Wait for a team outside the desk, and look again at ``review_at`` (aware)."""
    if not team.strip():
        raise Incomplete("Informe a equipe externa.")

    def change(ticket: Ticket, at: datetime) -> None:
        if review_at <= at:
            raise Incomplete("A data de revisão precisa estar no futuro.")
        ticket.external_team, ticket.external_number = team.strip(), outside_number.strip()
        ticket.review_at = review_at

    return move(pk, Action.WAIT_EXTERNAL, by=by, via=via, request_id=request_id, change=change)


def resume(pk: int, *, by: User, via: Via, request_id: UUID) -> Ticket:
    """The outside team has answered: work goes on."""
    return move(pk, Action.RESUME, by=by, via=via, request_id=request_id)


def validate(pk: int, *, by: User, via: Via, request_id: UUID) -> Ticket:
    """The solution is being tested (guide, section 5, item 12)."""
    return move(pk, Action.VALIDATE, by=by, via=via, request_id=request_id)


def validated(pk: int, *, by: User, via: Via, request_id: UUID) -> Ticket:
    """The tests are over: work goes on."""
    return move(pk, Action.VALIDATED, by=by, via=via, request_id=request_id)
