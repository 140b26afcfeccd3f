"""The same thing a second time, by a form of its own: after Back the browser fills the old words into a new form.

Pages of the desk are kept nowhere, so that Back asks for them anew, with a new form id; only what was said tells then
that it was sent already. Who means it says so (``AGAIN``). A true repeat, of the same form, is the verbs' own affair.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q

import worktime
from tickets import wording
from tickets.models import IncidentPost, Message, TicketEvent
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from tickets.lifecycle import Request
    from tickets.models import Incident

WITHIN: Final = timedelta(minutes=15)
AGAIN: Final = "de_novo"
"""The form's field, or button, of who means it."""
SAID: Final = "Você já registrou este mesmo texto neste chamado há {ago}."
OPENED: Final = "Você já abriu o chamado {number} para esta pessoa, com o mesmo título e o mesmo texto, há {ago}."
SPLIT: Final = "Você já separou esta mensagem no chamado {number}, com o mesmo assunto, há {ago}."
TOLD_ALL: Final = "Você já enviou este mesmo texto aos chamados deste incidente há {ago}."
MARK: Final = " Para registrar de novo, marque a caixa abaixo."
CHANGE: Final = " Para registrar de novo, mude o texto."


def said(by: User, ticket: int, words: str, *, internal: bool, request_id: UUID) -> str:
    """The sentence for who wrote exactly these words on this ticket just now; empty where he did not. Two queries."""
    if not words.strip() or _is_repeat(request_id):
        return ""
    at = worktime.now()
    same = Message.objects.filter(ticket=ticket, author=by, internal=internal, body=words.strip(), redacted_at=None)
    last = same.filter(created_at__gt=at - WITHIN).order_by("-created_at").values_list("created_at", flat=True).first()
    return SAID.format(ago=_ago(last, at)) if last is not None else ""


def opened(by: User, requester: User, asked: Request, *, request_id: UUID) -> str:
    """The same for who opened such a ticket for this person. Two queries."""
    if _is_repeat(request_id):
        return ""
    at = worktime.now()
    mine = TicketEvent.objects.filter(actor=by, at__gt=at - WITHIN, action=Action.OPEN, ticket__requester=requester)
    same = mine.filter(ticket__offering=asked.offering, ticket__subject=asked.subject.strip(), message__body=asked.body.strip())
    last = same.order_by("-at").values_list("at", "ticket__number").first()
    return OPENED.format(number=last[1], ago=_ago(last[0], at)) if last is not None else ""


def split(by: User, ticket: int, message: int, subject: str, *, request_id: UUID) -> str:
    """The same for who made a ticket of this message. Two queries."""
    if _is_repeat(request_id):
        return ""
    at = worktime.now()
    mine = TicketEvent.objects.filter(ticket=ticket, actor=by, at__gt=at - WITHIN, action=Action.SPLIT, data__message=message)
    made = {event.data["to"]: event for event in mine}
    same = TicketEvent.objects.filter(ticket__in=made, action=Action.OPEN, ticket__subject=subject.strip())
    last = same.order_by("-at").values_list("at", "ticket__number").first()
    return SPLIT.format(number=last[1], ago=_ago(last[0], at)) if last is not None else ""


def told_all(by: User, incident: Incident, words: str, asked: Collection[int]) -> str:
    """The same for who sent this answer to some of these tickets of an incident. One query."""
    at = worktime.now()
    same = IncidentPost.objects.filter(incident=incident, author=by, kind=IncidentPost.Kind.ANSWER, body=words.strip())
    heard = Q(deliveries__done_at=None) | Q(deliveries__ok=True)
    told = same.filter(heard, asked_at__gt=at - WITHIN, deliveries__ticket__in=asked)
    last = told.order_by("-asked_at").values_list("asked_at", flat=True).first()
    return TOLD_ALL.format(ago=_ago(last, at)) + CHANGE if last is not None else ""


def _is_repeat(request_id: UUID) -> bool:
    return TicketEvent.objects.filter(request_id=request_id).exists()


def _ago(then: datetime, at: datetime) -> str:
    return wording.length(at - then)
