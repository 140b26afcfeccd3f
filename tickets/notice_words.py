"""What a notice says. Its words are made when it is shown or sent, from the rows as they are then.

A notice holds ids; what it promises ("responda até …") comes from its event, so that a notice
read late does not promise what has changed since. Only what the team said to the requester in
public is repeated in a mail, without passwords and whole CPFs: never an internal note, an answer of
the form, a file or its name.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.urls import reverse

from catalog import hours
from notifications import kinds
from tickets import history, notice_facts, secrets
from tickets.models import Message, Ticket, TicketEvent
from tickets.states import RUNS, TABLE, Action, Closure, Level
from tickets.wording import moment

if TYPE_CHECKING:
    from accounts.models import User

LABELS: Final = {
    "ticket_opened": "Recebemos o chamado {number}",
    "ticket_taken": "Atendimento do chamado {number} começou",
    "ticket_question": "A equipe perguntou no chamado {number}",
    "ticket_message": "A equipe escreveu no chamado {number}",
    "ticket_question_withdrawn": "Não é mais preciso responder no chamado {number}",
    "ticket_side_answered": "A pergunta no chamado {number} já foi respondida",
    "ticket_side_wrote": "Mensagem nova no chamado {number}",
    "ticket_escalated": "Chamado {number} encaminhado à equipe N3",
    "ticket_handed_back": "Chamado {number} de volta à equipe N2",
    "ticket_external": "Chamado {number} aguarda outra equipe",
    "ticket_validation": "Solução do chamado {number} em testes",
    "ticket_resumed": "Atendimento do chamado {number} continua",
    "ticket_redacted": "Um trecho do chamado {number} foi ocultado",
    "ticket_reminder": "Falta sua resposta no chamado {number}",
    "ticket_resolved": "Chamado {number} resolvido",
    "ticket_refused": "Chamado {number} encerrado com orientação",
    "ticket_expired": "Chamado {number} encerrado por falta de resposta",
    "ticket_reopened": "Chamado {number} reaberto",
    "ticket_final": "Chamado {number} encerrado definitivamente",
    "ticket_restored": "Chamado {number} retomado",
    "ticket_cancelled": "Chamado {number} cancelado",
    "ticket_solved": "Chamado {number} encerrado: problema resolvido",
    "ticket_answered": "O solicitante escreveu no chamado {number}",
    "ticket_transferred": "Chamado {number} enviado a outra equipe",
    "ticket_split": "Um assunto do chamado {number} ganhou chamado próprio",
    "ticket_duplicate": "Chamado {number} encerrado por ser igual a outro",
    "ticket_deadline": "Prazo do chamado {number}: {percent}% usados",
    "ticket_assigned": "Chamado {number} atribuído a você",
    "ticket_mentioned": "Uma pessoa da equipe chamou você no chamado {number}",
    "ticket_reopened_team": "Chamado {number} reaberto, com você",
    "ticket_closed_team": "Chamado {number} encerrado pelo solicitante",
    "ticket_changed_team": "Mudança no chamado {number}, feita por colega",
    "ticket_offered": "Chamado {number} oferecido a você",
    "ticket_arrived": "Chamado {number} entrou na sua fila",
}
"""The line of each kind in the list of notices."""

THREAD: Final = "ticket-{number}"
"""What makes the mails of a ticket one conversation."""

FOR_TEAM: Final = frozenset(
    {
        *("ticket_answered", "ticket_assigned", "ticket_mentioned", "ticket_reopened_team", "ticket_closed_team"),
        *("ticket_deadline", "ticket_changed_team", "ticket_offered", "ticket_arrived"),
    }
)
"""Kinds that lead to the desk; the others lead to the requester's page."""

PROGRESS: Final = kinds.Group(
    "andamento", "Andamento do chamado", "Recebido, em atendimento, com outra equipe, em testes, reaberto."
)
MESSAGES: Final = kinds.Group(
    "mensagens", "Mensagens no chamado", "O que a equipe, ou quem acompanha, escreve sem fazer uma pergunta."
)
ENDINGS: Final = kinds.Group(
    "encerramentos", "Confirmação de encerramento", "O que você encerrou e o fim do prazo para reabrir."
)
TEAM_WORK: Final = kinds.Group(
    "equipe", "Chamados com você", "Respostas, atribuições, devoluções e encerramentos.", for_team=True
)
COLLEAGUES: Final = kinds.Group(
    "colegas",
    "O que colegas fazem nos seus chamados",
    "Notas, mensagens, mudanças de prioridade e de quem atende.",
    for_team=True,
    default=kinds.How.DIGEST,
)
"""Worth knowing and seldom urgent; an answer to all tickets of an incident tells of many at once."""
DEADLINES: Final = kinds.Group("prazos", "Prazos dos chamados", "Quando uma meta se aproxima ou passa.", for_team=True)
QUEUE: Final = kinds.Group(
    "fila", "Novos na sua fila", "Quando um chamado entra em uma fila sua.", for_team=True, default=kinds.How.NONE
)
"""Every ticket concerns a whole queue: who does not ask for it would only learn not to read his mail."""

GROUPS: Final = {
    **dict.fromkeys(
        (
            *("ticket_opened", "ticket_taken", "ticket_escalated", "ticket_handed_back", "ticket_transferred"),
            *("ticket_split", "ticket_external", "ticket_validation", "ticket_resumed", "ticket_reopened", "ticket_restored"),
        ),
        PROGRESS,
    ),
    **dict.fromkeys(("ticket_message", "ticket_side_wrote"), MESSAGES),
    **dict.fromkeys(("ticket_cancelled", "ticket_solved", "ticket_final"), ENDINGS),
    **dict.fromkeys(
        (
            *("ticket_answered", "ticket_assigned", "ticket_mentioned"),
            *("ticket_reopened_team", "ticket_closed_team", "ticket_offered"),
        ),
        TEAM_WORK,
    ),
    "ticket_changed_team": COLLEAGUES,
    "ticket_deadline": DEADLINES,
    "ticket_arrived": QUEUE,
}
"""What a person chooses about. The rest asks something of him, or begins or ends a time that runs for him: always by mail."""


def register() -> None:
    """Make every kind known to the outbox. Once, when the app starts."""
    for kind, label in LABELS.items():
        context = CONTEXTS.get(kind, _for_team if kind in FOR_TEAM else _for_requester)
        kinds.register(
            kind,
            context=context,
            label=label,
            group=GROUPS.get(kind),
            readable=may_be_read,
            together=notice_facts.at_hand,
            thread=THREAD,
            answerable=kind not in FOR_TEAM,  # the team answers at the desk, which shows what a mail program hides
        )


def may_be_read(data: kinds.Data, user: User) -> bool:
    """Whether somebody who was told of a ticket may still read it."""
    return notice_facts.may_be_read(int(data["ticket"]), int(data.get("event", 0)), user)


def _for_requester(data: kinds.Data) -> dict[str, object]:
    event = _event(data)
    words = _public_words(event)
    return _common(event) | {
        "url": event.ticket.get_absolute_url(),
        "until": _until(event),
        "words": secrets.hidden(words.body) if words else "",
        "over": _is_over(Action(event.action)),
        "is_file": "attachment" in event.data,
        **_other(event),
    }


def _for_team(data: kinds.Data) -> dict[str, object]:
    event = _event(data)
    return _common(event) | _team(event.ticket)


def _of_change(data: kinds.Data) -> dict[str, object]:
    event = _event(data)
    return _common(event) | _team(event.ticket) | {"what": history.sentence(event, internal=True)}


def _of_offer(data: kinds.Data) -> dict[str, object]:
    event = _event(data)
    until = event.data.get("offered_until")
    offered = {"offered_until": moment(datetime.fromisoformat(until)) if until else ""}
    return _common(event) | _team(event.ticket) | offered


def _of_deadline(data: kinds.Data) -> dict[str, object]:
    ticket = Ticket.objects.select_related("product").get(pk=int(data["ticket"]))
    return {
        "number": ticket.number,
        "subject": secrets.hidden(ticket.subject),
        "product": ticket.product.name,
        "clock": CLOCKS[str(data["clock"])],
        "percent": int(data["percent"]),
        **_team(ticket),
    }


def _team(ticket: Ticket) -> dict[str, object]:
    """Where the desk has the ticket, and until when the team is to answer and to solve it, as it stands now."""
    page = "n3ticket" if ticket.level == Level.N3 else "n2ticket"
    targets = [("Primeira resposta até", ticket.first_response_due_at), ("Solução até", ticket.due_at)]
    return {
        "url": reverse(f"admin:tickets_{page}_change", args=[ticket.pk]),
        "for_team": True,
        "deadlines": [(clock, moment(at)) for clock, at in targets if at and ticket.status in RUNS],
    }


def _event(data: kinds.Data) -> TicketEvent:
    return notice_facts.event(int(data["event"]))


def _common(event: TicketEvent) -> dict[str, object]:
    ticket: Ticket = event.ticket
    return {
        "number": ticket.number,
        "subject": secrets.hidden(ticket.subject),
        "product": ticket.product.name,
        "service_hours": hours.in_words(),
        "action": event.action,
        "queue": event.queue.name,
        "actor": event.actor.display_name if event.actor else "",
    }


def _public_words(event: TicketEvent) -> Message | None:
    """What the team said in public with the event; for a reminder, what still waits for an answer."""
    if event.action == Action.REMIND:
        said = Message.objects.filter(ticket=event.ticket_id, internal=False, from_team=True)
        return said.filter(created_at__lte=event.at).last()
    return notice_facts.said_with(event)


def _other(event: TicketEvent) -> dict[str, object]:
    """The number of the ticket that was split off, or from which this one was; who opened it for its requester."""
    if event.action not in (Action.OPEN, Action.SPLIT):
        return {}
    return {"other": event.data.get("number", ""), "opened_for": event.actor_id != event.ticket.requester_id}


def _until(event: TicketEvent) -> str:
    """The last moment for what the event asks of the requester; empty where it asks nothing."""
    until = event.data.get("until")
    return moment(datetime.fromisoformat(until)) if until else ""


def _is_over(action: Action) -> bool:
    """Whether an answer by mail adds nothing to the ticket any more; one that waited too long is reopened by it (DESIGN §4)."""
    return action == Action.FINALIZE or TABLE[action].closes_as not in (None, Closure.NO_INTERACTION)


CLOCKS: Final = {"response": "da primeira resposta", "resolution": "de solução"}
CONTEXTS: Final = {"ticket_deadline": _of_deadline, "ticket_changed_team": _of_change, "ticket_offered": _of_offer}
"""Kinds that say another thing than the others."""
