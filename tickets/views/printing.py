"""The whole ticket on paper, for who reads it on the portal: everything that was asked and said, and nothing to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.shortcuts import render

import worktime
from govbr.text import format_phone
from tickets import conversation, wording
from tickets.clocks import RESPONSES
from tickets.forms.kinds import as_read
from tickets.states import Role
from tickets.views.turns import Turn, turns_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from tickets.models import Ticket

MOST: Final = 2_000
"""Events on paper; a longer story says that its beginning is left out."""


def paper(request: HttpRequest, user: User, ticket: Ticket, mine: frozenset[Role]) -> HttpResponse:
    """The fields that the federal tool prints (DOMAIN §2.4), but for contacts: those are for the requester alone."""
    now = worktime.now()
    told = conversation.story(ticket, most=MOST)
    files = conversation.files_of(ticket, internal=False)
    turns = turns_of(told, files)
    context = {
        "ticket": ticket,
        "story": told,
        "turns": turns,
        "facts": facts(ticket, turns, contacts=Role.REQUESTER in mine),
        "answers": [(answer.label, as_read(answer.kind, answer.value)) for answer in ticket.answers.all()],
        "files": [file for part in files.by_message.values() for file in part],
        "printed": wording.moment(now),
    }
    return render(request, "tickets/print.html", context)


def facts(ticket: Ticket, turns: list[Turn], *, contacts: bool) -> list[tuple[str, str]]:
    """Label and value of everything but words; what there is nothing to say of is left out."""
    requester, kind = ticket.requester, ticket.offering.support_type
    own = [
        ("E-mail", requester.email),
        ("Telefone", format_phone(requester.phone)),
        ("CPF", requester.masked_cpf),
    ]
    told = [
        ("Número", str(ticket.number)),
        ("Situação", f"{ticket.get_status_display()}. {wording.where(ticket)}"),
        ("Solicitante", requester.display_name),
        *(own if contacts else []),
        ("Órgão", _body(ticket)),
        ("Produto", ticket.product.name),
        ("Tipo de suporte", f"{kind.name} ({kind.get_request_class_display()})"),
        ("Esfera", ticket.offering.sphere.name),
        ("Aberto em", _said(ticket.opened_at)),
        ("Prioridade", ticket.get_priority_display()),
        ("Equipe", ticket.queue.name),
        ("Atendente", ticket.assignee.display_name if ticket.assignee else "Ninguém no momento"),
        ("Primeira resposta", _response(ticket, turns)),
        ("Previsão de solução", _said(ticket.due_at)),
        ("Responder até", _said(ticket.wait_expires_at)),
        ("Encerrado em", _said(ticket.closed_at)),
        ("Motivo do encerramento", wording.CLOSED_BECAUSE.get(ticket.closure, "")),
        ("Pode ser reaberto até", _said(ticket.reopen_until)),
        ("Reaberturas", str(ticket.reopenings) if ticket.reopenings else ""),
    ]
    return [(label, value) for label, value in told if value]


def _body(ticket: Ticket) -> str:
    if ticket.agency is not None:
        return str(ticket.agency)
    return f"{ticket.unlisted_agency_name} (fora da lista)" if ticket.unlisted_agency_name else "Não representa um órgão"


def _response(ticket: Ticket, turns: list[Turn]) -> str:
    """When the team first said something in public, or until when it is to."""
    first = next((t.event.at for t in turns if t.event.action in RESPONSES and t.message and t.message.from_team), None)
    if first is not None:
        return f"Dada: {_said(first)}"
    return f"Prevista até {_said(ticket.first_response_due_at)}" if ticket.first_response_due_at else ""


def _said(at: datetime | None) -> str:
    return wording.moment(at) if at else ""
