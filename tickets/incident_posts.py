"""The answers to all tickets of an incident, one ticket after the other.

Each ticket has its own short transaction: its delivery is claimed, what is legal is done by the
verbs, and what came of it is written beside. One that dies leaves nothing half done, and any
number may work beside each other. The author's rights are those of that moment.
"""

from __future__ import annotations

import logging
import time
import uuid
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When

import worktime
from accounts.models import User
from tickets import lifecycle, rules
from tickets.models import REDACTED, IncidentDelivery, IncidentPost, Message, Ticket
from tickets.states import OPEN, TEAM, Action, Via

logger = logging.getLogger(__name__)

RUN = timedelta(seconds=10)
"""No further ticket is begun after this, so that the other jobs have their turn; the rest is asked for again."""
TRIES: Final = 3
"""Errors of ours after which a delivery is given up."""

TO_DO = IncidentDelivery.objects.filter(done_at=None)


def deliver() -> int:
    """Do what is to be done, oldest post first, within ``RUN``; to how many tickets. Asking twice at once does no harm."""
    done, until = 0, time.monotonic() + RUN.total_seconds()
    last = 0
    while time.monotonic() < until:
        delivery = None
        try:
            with transaction.atomic():
                delivery = _claim(last)
                if delivery is None:
                    break
                last = delivery.pk
                if _is_early(delivery):
                    continue
                _settle(delivery)
                done += 1
        except Exception as error:  # one poisoned ticket must not stop the line
            if delivery is None:
                raise
            logger.error("The incident's post failed on ticket pk=%s: %s", delivery.ticket_id, type(error).__name__)
            _failed(delivery)
    unfinished = Exists(TO_DO.filter(post=OuterRef("pk")))
    # What was to be hidden is not kept here either.
    body = Case(When(kind=IncidentPost.Kind.HIDE, then=Value(REDACTED, output_field=TextField())), default=F("body"))
    IncidentPost.objects.filter(~unfinished, done_at=None).update(done_at=worktime.now(), body=body)
    return done


def left() -> bool:
    """Whether there is more to do."""
    return TO_DO.exists()


def _claim(last: int) -> IncidentDelivery | None:
    """The next delivery that nobody holds, locked."""
    waiting = TO_DO.filter(pk__gt=last).order_by("pk").select_related("post__incident", "post__cause", "post__hides")
    return waiting.select_for_update(of=("self",), skip_locked=True).first()


def _is_early(delivery: IncidentDelivery) -> bool:
    """Whether the words to hide may still be on their way to the ticket."""
    hides = delivery.post.hides
    return hides is not None and TO_DO.filter(post=hides, ticket=delivery.ticket_id).exists()


def _settle(delivery: IncidentDelivery) -> None:
    """Post on one ticket, or write down why not; then nothing of the ticket changed."""
    try:
        with transaction.atomic():
            if delivery.post.hides is None:
                _post(delivery.post, delivery.ticket_id)
            else:
                _hide(delivery.post, delivery.post.hides, delivery.ticket_id)
        delivery.ok = True
    except lifecycle.Refused as refused:
        delivery.sentence = refused.sentence[:300]
    delivery.done_at = worktime.now()
    delivery.save(update_fields=["done_at", "ok", "sentence"])


def _failed(delivery: IncidentDelivery) -> None:
    row = IncidentDelivery.objects.filter(pk=delivery.pk, done_at=None)
    row.update(attempts=F("attempts") + 1)
    row.filter(attempts__gte=TRIES).update(
        done_at=worktime.now(), sentence="Houve um erro do portal neste chamado. Escreva nele pela bancada."
    )


def _post(post: IncidentPost, ticket_pk: int) -> None:
    author = User.objects.get(pk=post.author_id)
    # Without what it points to: a join is not read anew where this waited for the lock.
    ticket = Ticket.objects.select_for_update().get(pk=ticket_pk)
    _refuse(post, author, ticket)
    if post.kind == IncidentPost.Kind.RESOLVE:
        _reach_resolution(post, author, ticket)
        request_id = _id(post, ticket, Action.RESOLVE)
        lifecycle.resolve(ticket_pk, by=author, via=Via.DESK, request_id=request_id, body=post.body, cause=post.cause)
    else:
        lifecycle.comment(ticket_pk, by=author, via=Via.DESK, request_id=_id(post, ticket, Action.COMMENT), body=post.body)


def _hide(post: IncidentPost, told: IncidentPost, ticket_pk: int) -> None:
    """Hide what the ticket got of an answer. Nothing to do where it got nothing, or got it without these words."""
    ticket = Ticket.objects.get(pk=ticket_pk)
    message = posted(told, ticket)
    if message is None or message.body == REDACTED or post.body not in message.body:
        return
    author, request_id = User.objects.get(pk=post.author_id), _id(post, ticket, Action.REDACT)
    lifecycle.redact(ticket_pk, by=author, via=Via.DESK, request_id=request_id, what=message, passage=post.body)


def posted(post: IncidentPost, ticket: Ticket) -> Message | None:
    """What the ticket was told by this post."""
    action = Action.RESOLVE if post.kind == IncidentPost.Kind.RESOLVE else Action.COMMENT
    return Message.objects.filter(ticket=ticket, event__request_id=_id(post, ticket, action)).first()


def source_of(message: Message) -> IncidentPost | None:
    """The answer to all that this message is one of."""
    posts = IncidentPost.objects.filter(deliveries__ticket=message.ticket_id, deliveries__ok=True, hides=None)
    return next((post for post in posts.select_related("incident") if posted(post, message.ticket) == message), None)


def _refuse(post: IncidentPost, author: User, ticket: Ticket) -> None:
    """What the verbs cannot know: the person acts here as one of the team, and the ticket is still about this."""
    if ticket.requester_id == author.pk:
        raise lifecycle.IllegalMove("Você é o solicitante deste chamado: outra pessoa da equipe responde.")
    if ticket.status not in OPEN:
        raise lifecycle.IllegalMove(f"Este chamado já está encerrado ({ticket.get_closure_display()}).")
    if ticket.product_id != post.incident.product_id:
        raise lifecycle.IllegalMove("Este chamado passou para outro produto.")
    belongs = Q(left_at=None) | Q(left_at=F("incident__ended_at"))  # with its end an incident keeps what it had
    if not post.incident.members.filter(belongs, ticket=ticket).exists():
        raise lifecycle.IllegalMove("Este chamado foi retirado do incidente.")
    if not rules.roles(author, ticket) & TEAM:
        raise lifecycle.IllegalMove("Você não atende este chamado.")


def _reach_resolution(post: IncidentPost, author: User, ticket: Ticket) -> None:
    """Take what is legal of the way to a resolution, each step by its own verb. Raises ``IllegalMove`` where it ends before."""
    for _ in range(4):
        legal = rules.legal_actions(author, ticket)
        if Action.RESOLVE in legal:
            return
        if Action.TAKE in legal:
            ticket = lifecycle.take(ticket.pk, by=author, via=Via.DESK, request_id=_id(post, ticket, Action.TAKE))
        elif Action.ASSIGN in legal and ticket.assignee_id != author.pk:
            request_id = _id(post, ticket, Action.ASSIGN)
            ticket = lifecycle.assign(ticket.pk, by=author, via=Via.DESK, request_id=request_id, to=author)
        elif Action.RESUME in legal:
            ticket = lifecycle.resume(ticket.pk, by=author, via=Via.DESK, request_id=_id(post, ticket, Action.RESUME))
        else:
            break
    raise lifecycle.IllegalMove(_in_whose_hands(ticket))


def _in_whose_hands(ticket: Ticket) -> str:
    if ticket.assignee is not None:
        return f"Está com {ticket.assignee.display_name}."
    if ticket.offered_to is not None:
        return f"Está oferecido a {ticket.offered_to.display_name}."
    return "Você não pode assumir este chamado."


def _id(post: IncidentPost, ticket: Ticket, action: Action) -> uuid.UUID:
    return uuid.uuid5(post.request_id, f"{ticket.pk}:{action}")
