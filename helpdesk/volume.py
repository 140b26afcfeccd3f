"""Many invented tickets at once, for measuring: rows such as the verbs would have written, in bulk.

The real catalog must be there (``load_catalog``, ``load_service``). ``check_tickets`` finds nothing to say about what
this writes. No mail goes out: the notices are written as sent.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from random import Random
from typing import Final

from django.db import connection, transaction
from django.db.models import prefetch_related_objects

import worktime
from catalog import hours, offers, policies
from catalog.models import Cause, FormField, Offering, Policy
from helpdesk import volume_copies, volume_copy, volume_people, volume_stories, volume_words
from helpdesk.volume_people import People
from helpdesk.volume_stories import REQUESTER, SYSTEM, TEAM, Told
from notifications.models import Notice
from tickets import clocks, notices, waits
from tickets.lifecycle import deadlines
from tickets.models import Answer, Message, Participant, SlaCycle, Ticket, TicketEvent
from tickets.sla import Turn
from tickets.states import OPEN, TABLE, WITHIN_THE_TEAM, Action, Level, Status, Target, Via

COLUMNS: Final = {"titulo", "descricao", "orgao", "evidencias", "chamado_relacionado", "ciencia_privacidade"}
"""Fields of the form that a ticket keeps as columns, message or files."""
PERIOD: Final = timedelta(days=730)
BATCH: Final = 500
READ_AFTER: Final = timedelta(days=2)
PUBLIC: Final = frozenset({Action.OPEN, Action.COMMENT, Action.ASK, Action.ANSWER, Action.RESOLVE, Action.CANCEL})
INTERNAL: Final = frozenset({Action.ESCALATE})
PRIORITIES: Final = ((1, 2, 3, 4), (5, 20, 60, 15))
Kind = FormField.Kind

GIVEN: Final[dict[str, str]] = {
    Kind.CPF: "12345678909",
    Kind.CNPJ: "11222333000181",
    Kind.PHONE: "61900000000",
    Kind.EMAIL: "contato@example.org",
    Kind.URL: "https://sei.example.org/sei/",
    Kind.BOOLEAN: "sim",
    Kind.DATE: "2026-03-02",
    Kind.DATETIME: "2026-03-02T13:30:00+00:00",
}


def load(wanted: int, *, told: int = volume_copies.TOLD, say: Callable[[int], None] = lambda done: None) -> int:
    """Add invented tickets until there are ``wanted`` of them; how many were added.

    Memory is bounded: ``BATCH`` tickets at a time, each batch in its own transaction, so that a run
    that was broken off is gone on with by the next one. The first ``told`` are told one by one, the
    others copied. ``say`` hears after each batch.
    """
    there = Ticket.objects.filter(requester__email__endswith="@" + volume_people.DOMAIN).count()
    if there >= wanted:
        return 0
    now = worktime.now()
    writer = Writer(volume_people.create(wanted, now - PERIOD), now, Random(there))  # noqa: S311  # no secret
    told = min(wanted, told)
    for first in range(there, told, BATCH):
        batch = range(first, min(first + BATCH, told))
        with transaction.atomic():
            writer.write([writer.begin(index, there, told) for index in batch])
        say(batch.stop)
    volume_copies.multiply(max(there, told), wanted, told=told, say=say)
    volume_copy.analyze()
    return wanted - there


@dataclass
class Draft:
    """A ticket before it is written: its row, its story and what the rows beside it need."""

    ticket: Ticket
    told: Told
    markers: list[str]
    analysts: dict[str, int]
    events: list[TicketEvent] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)


class Writer:
    """Writes batches of tickets. The catalog and the calendar are read once."""

    def __init__(self, people: People, now: datetime, rng: Random) -> None:
        self.people, self.now, self.rng = people, now, rng
        self.hours = hours.current()
        self.by_sphere: dict[int, list[Offering]] = {}
        for offering in offers.offerings().select_related("product__core_system", "n2_queue", "n3_queue").order_by("pk"):
            self.by_sphere.setdefault(offering.sphere_id, []).append(offering)
        self.fields: dict[int, list[FormField]] = {}
        self.policy: dict[int, Policy] = {}
        causes: dict[int, list[int]] = {}
        for product, cause in Cause.objects.filter(active=True).order_by("pk").values_list("product", "pk"):
            causes.setdefault(product, []).append(cause)
        self.causes = {product: cycle(listed) for product, listed in causes.items()}

    def begin(self, index: int, first: int, wanted: int) -> Draft:
        """The ticket of this number in the load, and its story up to now."""
        opened_at = self.now - PERIOD * (1 - (index - first + 0.5) / (wanted - first))
        is_open = volume_stories.is_open(index, first, wanted)
        markers = volume_words.markers(index)
        return self.draft(
            opened_at, lambda allowed: volume_stories.choose(self.rng, opened_at, self.now, allowed, is_open=is_open), markers
        )

    def draft(self, opened_at: datetime, tell: Callable[[waits.Waits], Told], markers: list[str]) -> Draft:
        """A ticket of that moment with the story that ``tell`` chooses, given how long things wait."""
        rng = self.rng
        user, agency, sphere = rng.choice(self.people.requesters)
        offering = rng.choice(self.by_sphere[sphere])
        policy = self._policy(offering, opened_at)
        allowed = clocks.waits_of(policy, self.hours.calendar)
        told = tell(allowed)
        ticket = Ticket(
            subject=volume_words.subject(rng),
            offering=offering,
            product=offering.product,
            requester_id=user,
            agency_id=agency,
            agency_situation=Ticket.AgencySituation.MEMBER,
            privacy_read_at=opened_at,
            opened_via=Via.PORTAL,
            opened_at=opened_at,
            priority=rng.choices(*PRIORITIES)[0],
            level=offering.first_level,
            queue=offering.queue_at(offering.first_level),
            status=TABLE[Action.OPEN].to,
            policy=policy,
            last_event_at=told[-1][2],
            last_public_at=max(at for action, _, at in told if action not in WITHIN_THE_TEAM),
        )
        analysts = {level: rng.choice(ids) for level, ids in self.people.analysts.items()}
        draft = Draft(ticket, told, markers, analysts)
        for action, who, at in told:
            self._take(draft, action, who, at, allowed)
        self._settle(draft)
        return draft

    def _take(self, draft: Draft, action: Action, who: str, at: datetime, allowed: waits.Waits) -> None:
        """One turn: the row as it is then, and the event that says so."""
        ticket, before = draft.ticket, Status(draft.ticket.status)
        actor = {REQUESTER: ticket.requester_id, TEAM: draft.analysts[ticket.level], SYSTEM: None}[who]
        if action != Action.OPEN:
            to = TABLE[action].to
            ticket.status = before if to == Target.KEEP else ticket.asked_from if to == Target.ASKED_FROM else to
        match action:
            case Action.TAKE:
                ticket.assignee_id = actor
            case Action.ESCALATE:
                ticket.level, ticket.queue, ticket.assignee_id = Level.N3, ticket.offering.n3_queue, None
            case Action.REMIND:
                ticket.reminded_at = at
            case Action.RESOLVE if ticket.product_id in self.causes:
                ticket.cause_id = next(self.causes[ticket.product_id])
        if ticket.status == Status.WAITING_REQUESTER:
            if before != Status.WAITING_REQUESTER:
                ticket.asked_from, ticket.wait_since = before, at
                ticket.wait_expires_at, ticket.remind_at = allowed.expires_at(at), allowed.remind_at(at)
        else:
            ticket.asked_from = ""
            ticket.wait_since = ticket.wait_expires_at = ticket.remind_at = ticket.reminded_at = None
        if ticket.status == Status.CLOSED:
            closure = TABLE[action].closes_as
            ticket.closure, ticket.closed_at, ticket.reopen_until = closure or "", at, allowed.reopen_until(at)
        until = ticket.reopen_until if ticket.status == Status.CLOSED else ticket.wait_expires_at
        if action == Action.REMIND and until is not None:
            until = waits.closes_from(until, reminded_at=at)
        data: dict[str, int | str] = {"until": until.isoformat()} if until is not None else {}
        if action == Action.RESOLVE and ticket.cause_id is not None:
            data["cause"] = ticket.cause_id
        draft.events.append(
            TicketEvent(
                at=at,
                actor_id=actor,
                action=action,
                via={REQUESTER: Via.PORTAL, TEAM: Via.DESK, SYSTEM: Via.SYSTEM}[who],
                request_id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                old_status="" if action == Action.OPEN else before,
                new_status=ticket.status,
                level=ticket.level,
                queue_id=ticket.queue_id,
                assignee_id=ticket.assignee_id,
                priority=ticket.priority,
                data=data,
            )
        )
        draft.turns.append(clocks.turn(at, ticket, answers=who == TEAM and action in clocks.RESPONSES))

    def _settle(self, draft: Draft) -> None:
        """The deadlines as the last turn left them; of shares reached since, the team has been told."""
        ticket, turns = draft.ticket, draft.turns
        deadlines.settle(ticket, turns, ticket.last_event_at, self.hours)
        if ticket.warn_at is not None and ticket.warn_at <= self.now:
            cycle = clocks.current(turns, ticket.policy, self.now, self.hours)
            ticket.warn_at = clocks.next_warning(cycle, self.hours, self.now)

    def write(self, drafts: list[Draft]) -> None:
        """A batch, each table at once. Numbers follow the order of opening."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('tickets_number') FROM generate_series(1, %s)", [len(drafts)])
            for draft, (number,) in zip(drafts, cursor.fetchall(), strict=True):
                draft.ticket.number = number
        volume_copy.number([draft.ticket for draft in drafts])
        volume_copy.number([event for draft in drafts for event in draft.events])
        for draft in drafts:
            for event in draft.events:
                event.ticket_id = draft.ticket.pk
        volume_copy.copy(draft.ticket for draft in drafts)
        volume_copy.copy(event for draft in drafts for event in draft.events)
        volume_copy.copy(message for draft in drafts for message in self._messages(draft))
        volume_copy.copy(answer for draft in drafts for answer in self._answers(draft.ticket))
        volume_copy.copy(
            Participant(ticket_id=draft.ticket.pk, user_id=user, since=since)
            for draft in drafts
            for user, since in self._team(draft).items()
        )
        volume_copy.copy(cycle for draft in drafts for cycle in self._cycles(draft))
        volume_copy.copy(notice for draft in drafts for notice in self._notices(draft))

    def _messages(self, draft: Draft) -> Iterator[Message]:
        for event in draft.events:
            if event.action in PUBLIC | INTERNAL:
                yield Message(
                    ticket_id=event.ticket_id,
                    event_id=event.pk,
                    author_id=event.actor_id,
                    internal=event.action in INTERNAL,
                    from_team=event.via == Via.DESK,
                    body=volume_words.message(self.rng, draft.markers.pop(0) if draft.markers else ""),
                    created_at=event.at,
                )

    def _answers(self, ticket: Ticket) -> Iterator[Answer]:
        """Every required question of the offering's form, and some of the others."""
        if ticket.offering_id not in self.fields:
            self.fields[ticket.offering_id] = [
                asked
                for asked in offers.fields_of(ticket.offering)
                if asked.name not in COLUMNS and asked.kind not in (Kind.FILE, Kind.AGENCY)
            ]
        for position, asked in enumerate(self.fields[ticket.offering_id]):
            if asked.required or self.rng.random() < 0.3:
                value = GIVEN.get(asked.kind) or (self.rng.choice(asked.options) if asked.options else "")
                yield Answer(
                    ticket_id=ticket.pk,
                    name=asked.name,
                    label=asked.label,
                    kind=asked.kind,
                    options=asked.options,
                    value=value or volume_words.sentence(self.rng),
                    position=position,
                )

    def _team(self, draft: Draft) -> dict[int, datetime]:
        since: dict[int, datetime] = {}
        for event in draft.events:
            if event.via == Via.DESK and event.actor_id is not None:
                since.setdefault(event.actor_id, event.at)
        return since

    def _cycles(self, draft: Draft) -> Iterator[SlaCycle]:
        """The cycle of a closed ticket: from its opening to its closing."""
        if draft.ticket.status not in OPEN:
            ended = next(n for n, turn in enumerate(draft.turns, start=1) if turn.status == Status.CLOSED)
            yield deadlines.ended_cycle(draft.ticket, draft.turns[:ended], self.hours)

    def _notices(self, draft: Draft) -> Iterator[Notice]:
        """What the requester and the analyst heard by mail; old ones were read."""
        for event in draft.events:
            action = Action(event.action)
            from_team = event.via == Via.DESK
            kind, to = notices.TO_REQUESTER.get(action), draft.ticket.requester_id
            if action == Action.COMMENT and from_team:
                kind = notices.MESSAGE
            elif action in notices.TO_ASSIGNEE and event.assignee_id is not None:
                kind, to = notices.TO_ASSIGNEE[action], event.assignee_id
            if kind is not None:
                yield Notice(
                    kind=kind,
                    recipient_id=to,
                    data={"ticket": event.ticket_id, "number": draft.ticket.number, "event": event.pk},
                    dedupe_key=f"ticket-event:{event.pk}:{kind}:{to}",
                    created_at=event.at,
                    next_attempt_at=event.at,
                    sent_at=event.at,
                    state=Notice.State.SENT,
                    attempts=1,
                    read_at=event.at if self.now - event.at > READ_AFTER else None,
                )

    def _policy(self, offering: Offering, at: datetime) -> Policy:
        """In force when the ticket was opened, with its targets; looked up once while no newer one came into force."""
        known = self.policy.get(offering.pk)
        if known is None:
            known = policies.in_force(offering, at)
            prefetch_related_objects([known], "targets")
            self.policy[offering.pk] = known
        return known
