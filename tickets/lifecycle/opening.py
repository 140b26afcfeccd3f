"""A ticket begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

import worktime
from catalog import hours, policies
from catalog.models import Offering, Queue, Sphere
from files.models import StoredFile
from tickets import clocks, notices, routing
from tickets.lifecycle import deadlines, linking
from tickets.lifecycle.move import living, record
from tickets.lifecycle.refusals import USED, IllegalMove, Incomplete
from tickets.lifecycle.words import Words, attach, said_otherwise, say
from tickets.models import Answer, Participant, Ticket, TicketEvent
from tickets.states import TABLE, Action, Via

if TYPE_CHECKING:
    from accounts.models import Agency, User
    from catalog.conditions import Facts


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """For whom the requester speaks: a body of his, one that is not listed, or none."""

    agency: Agency | None = None
    unlisted_name: str = ""
    unlisted_state: str = ""
    unlisted_sphere: Sphere | None = None

    @property
    def situation(self) -> Ticket.AgencySituation:
        if self.agency is not None:
            return Ticket.AgencySituation.MEMBER
        return Ticket.AgencySituation.UNLISTED if self.unlisted_name else Ticket.AgencySituation.NONE


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer of the offering's form, with the question as it was asked."""

    name: str
    label: str
    kind: str
    value: str
    options: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """How a request reached the team that somebody of it opens."""

    kind: Ticket.Origin
    reference: str = ""
    """The number of the letter, the date of the call."""
    told_privacy: bool = False
    """Who opens it says that he told the requester of the notice of privacy; the requester himself has said nothing."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for when he opens a ticket."""

    offering: Offering
    subject: str
    body: str
    agency: AgencyChoice = field(default_factory=AgencyChoice)
    answers: Sequence[Answered] = ()
    files: Mapping[str, Sequence[StoredFile]] = field(default_factory=dict)
    """By the name of the form's field."""
    related_number: int | None = None
    privacy_read: bool = False

    def facts(self, *, similar_open: bool = False) -> Facts:
        """What the routing rules may ask about this request."""
        return routing.facts_of(
            self.offering,
            self.answers,
            agency=self.agency.agency,
            represents_agency=self.agency.situation != Ticket.AgencySituation.NONE,
            text=f"{self.subject}\n{self.body}",
            similar_open=similar_open,
        )


def first_queue(offering: Offering) -> Queue:
    """Where tickets of this offering begin."""
    return living(offering.queue_at(offering.first_level))


def open_ticket(
    request: Request,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    requester: User | None = None,
    origin: Origin | None = None,
) -> Ticket:
    """Open a ticket for oneself, or as an analyst of the queue on behalf of ``requester``, who asked by ``origin``.

    It gets the next number, waits in the queue of the offering's first level and has one event.
    The same ``request_id`` again returns the ticket that it opened. Raises ``Incomplete`` or
    ``IllegalMove``; then nothing was opened.
    """
    if requester is not None and requester != by and first_queue(request.offering).pk not in by.queue_ids("analyst", "lead"):
        raise IllegalMove("Você não pode abrir este chamado em nome de outra pessoa.")
    if origin is not None and (requester is None or requester == by):
        raise IllegalMove("Para um pedido seu, abra o chamado pelo portal.")
    try:
        with transaction.atomic():
            opened = _opened_before(request, request_id, by)
            return opened or begin(request, by=by, via=via, request_id=request_id, requester=requester or by, origin=origin)
    except IntegrityError:
        # The same form was sent twice at once, and the other one has just opened it.
        opened = _opened_before(request, request_id, by)
        if opened is None:
            raise
        return opened


def _opened_before(request: Request, request_id: UUID, by: User) -> Ticket | None:
    event = TicketEvent.objects.filter(request_id=request_id).first()
    if event is None:
        return None
    if event.actor_id != by.pk or event.action != Action.OPEN:
        raise IllegalMove(USED)
    if said_otherwise(request_id, Words(request.body)):
        number = event.ticket.number
        raise IllegalMove(f"Este formulário já abriu o chamado {number}. O texto novo não foi enviado: escreva-o lá.")
    return event.ticket


def begin(
    request: Request,
    *,
    by: User,
    via: Via,
    request_id: UUID,
    requester: User,
    origin: Origin | None = None,
    data: Mapping[str, int | str] | None = None,
) -> Ticket:
    """The rows of a new ticket, in the caller's transaction; who may open it for whom, the caller has asked.

    Raises ``Incomplete`` or ``IllegalMove``.
    """
    offering = request.offering
    words = Words(request.body)
    queue = first_queue(offering)
    if not offering.active or not requester.is_active:
        raise IllegalMove("Este tipo de suporte não está mais disponível.")
    if not request.subject.strip():
        raise Incomplete("Escreva o título do chamado.")
    agency = request.agency.agency
    if agency is not None and agency.pk not in {m.agency_id for m in requester.active_memberships}:
        raise Incomplete("Escolha um órgão do seu cadastro.")

    at, now = worktime.now(), hours.current()
    ticket = Ticket(
        subject=request.subject.strip(),
        offering=offering,
        product=offering.product,
        requester=requester,
        agency=agency,
        agency_situation=request.agency.situation,
        unlisted_agency_name=request.agency.unlisted_name,
        unlisted_agency_state=request.agency.unlisted_state,
        unlisted_agency_sphere=request.agency.unlisted_sphere,
        related_number=request.related_number,
        privacy_read_at=at if request.privacy_read else None,
        opened_via=via,
        origin=origin.kind if origin else "",
        origin_reference=origin.reference.strip() if origin else "",
        opened_at=at,
        status=TABLE[Action.OPEN].to,
        level=offering.first_level,
        queue=queue,
        priority=routing.first_priority(offering, request.facts()),
        policy=policies.in_force(offering, at),
        last_event_at=at,
        last_public_at=at,
    )
    deadlines.settle(ticket, [clocks.turn(at, ticket)], at, now)
    ticket.save()
    known = _of(origin) if origin else dict(data or {})
    event = record(ticket, Action.OPEN, at=at, by=by, via=via, request_id=request_id, before=None, data=known)
    say(ticket, event, requester, words, from_team=False)
    Answer.objects.bulk_create(
        Answer(
            ticket=ticket, name=a.name, label=a.label, kind=a.kind, value=a.value, options=list(a.options), position=position
        )
        for position, a in enumerate(request.answers)
    )
    for field_name, files in request.files.items():
        attach(ticket, files, field_name=field_name)
    if request.related_number is not None:
        linking.to_earlier(ticket, request.related_number, by=by)
    if requester != by:
        Participant.objects.create(ticket=ticket, user=by, since=at)
    notices.tell(ticket, event)
    return ticket


def _of(origin: Origin) -> dict[str, int | str]:
    """What the event keeps of it: no words. When, and who said so, are the event's own."""
    return {"origin": str(origin.kind)} | ({"told_privacy": 1} if origin.told_privacy else {})
