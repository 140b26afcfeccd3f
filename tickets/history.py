"""What happened on a ticket, one plain sentence an event."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from catalog.models import Priority
from tickets.models import Ticket
from tickets.states import Action, is_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tickets.models import TicketEvent

SENTENCES: Final[dict[Action, str]] = {
    Action.OPEN: "{who} abriu o chamado.",
    Action.TAKE: "{who} assumiu o chamado.",
    Action.TRIAGE: "{who} conferiu o pedido: triagem feita.",
    Action.ASSIGN: "{who} passou o chamado para {assignee}.",
    Action.RELEASE: "{who} devolveu o chamado à fila {queue}.",
    Action.ASK: "{who} perguntou ao solicitante.",
    Action.ANSWER: "{who} respondeu à pergunta da equipe.",
    Action.WITHDRAW_QUESTION: "{who} retirou a pergunta.",
    Action.COMMENT: "{who} escreveu uma mensagem.",
    Action.NOTE: "{who} escreveu uma nota interna.",
    Action.SET_PRIORITY: "{who} mudou a prioridade para {priority}.",
    Action.ESCALATE: "{who} encaminhou o chamado ao nível N3.",
    Action.HAND_BACK: "{who} devolveu o chamado ao nível N2.",
    Action.TRANSFER: "{who} transferiu o chamado para a fila {queue}.",
    Action.SPLIT: "{who} separou um assunto deste chamado: ele segue no chamado {number}.",
    Action.WAIT_EXTERNAL: "{who} passou a aguardar uma equipe externa.",
    Action.RESUME: "{who} retomou o atendimento.",
    Action.SCHEDULE: "{who} agendou a continuação do atendimento.",
    Action.VALIDATE: "{who} iniciou os testes da solução.",
    Action.VALIDATED: "{who} concluiu os testes da solução.",
    Action.RESOLVE: "{who} encerrou o chamado como resolvido.",
    Action.SOLVED: "{who} informou que o problema se resolveu e encerrou o chamado.",
    Action.CLOSE_DUPLICATE: "{who} encerrou o chamado por ser igual a outro.",
    Action.REFUSE: "{who} encerrou o chamado por estar fora do escopo do atendimento.",
    Action.CANCEL: "{who} cancelou o chamado.",
    Action.REMIND: "O solicitante foi lembrado de responder.",
    Action.EXPIRE_WAIT: "O chamado foi encerrado por falta de resposta.",
    Action.CONFIRM: "{who} confirmou que o problema foi resolvido.",
    Action.REOPEN: "{who} reabriu o chamado.",
    Action.FINALIZE: "O prazo para reabrir terminou e o chamado foi encerrado definitivamente.",
    Action.RESTORE: "{who} trouxe o chamado de volta à fila.",
    Action.REDACT: "{who} ocultou um trecho do chamado.",
}

OPENED_FOR_HIM: Final[dict[str, str]] = {
    Ticket.Origin.PHONE: "{who} abriu o chamado em nome do solicitante, que pediu por telefone.",
    Ticket.Origin.LETTER: "{who} abriu o chamado em nome do solicitante, que pediu por ofício.",
    Ticket.Origin.MAIL: "{who} abriu o chamado em nome do solicitante, que pediu por e-mail.",
}
SPLIT_OFF: Final = "{who} abriu o chamado com um assunto separado do chamado {number}."

LEFT_ALONE: Final = "O chamado ficou sem atendente: quem atendia não pode continuar."

IN_HIS_STEAD: Final = "Quem recebe substitui uma pessoa ausente."
"""Of a ticket that came to somebody who is away: it went to who stands in for him."""

TOLD_PRIVACY: Final = "Informou a pessoa sobre o aviso de privacidade."
BY_MACRO: Final = "Usou a macro “{name}”."
CALLED: Final = "Avisou {names}."


@dataclass(frozen=True, slots=True)
class Known:
    """What the team reads of events that stands in other rows."""

    macros: Mapping[int, str] = field(default_factory=dict)
    """Event → the name that the macro had from which it came."""
    people: Mapping[int, str] = field(default_factory=dict)
    """Person → name, of those whom notes call."""


NOTHING: Final = Known()


def called(event: TicketEvent) -> list[int]:
    """The ids of those whom a note calls."""
    return [int(pk) for pk in str(event.data.get("mentioned", "")).split()]


def sentence(event: TicketEvent, *, internal: bool, known: Known = NOTHING) -> str:
    """The event in pt-BR, for the team (``internal``) or for the requester's side.

    Empty where the reader is not told. Reads ``actor``, ``assignee`` and ``queue``: load them
    with the events. Of what is ``known`` the team alone is told.
    """
    action = Action(event.action)
    if not internal and not is_told(action, event.data):
        return ""
    if action == Action.ASSIGN and event.assignee is None:
        return LEFT_ALONE
    said = _pattern(event, action).format(
        who=event.actor.display_name if event.actor else "O sistema",
        assignee=event.assignee.display_name if event.assignee else "outra pessoa",
        queue=event.queue.name,
        priority=Priority(event.priority).label,
        number=event.data.get("number", ""),
    )
    return " ".join([said, *_within_the_team(event, known)]) if internal else said


def _within_the_team(event: TicketEvent, known: Known) -> Iterable[str]:
    """What the team reads besides: who stands in, which macro did it, whom a note calls."""
    if "instead_of" in event.data:
        yield IN_HIS_STEAD
    if "told_privacy" in event.data:
        yield TOLD_PRIVACY
    if macro := known.macros.get(event.pk):
        yield BY_MACRO.format(name=macro)
    if names := [name for pk in called(event) if (name := known.people.get(pk))]:
        yield CALLED.format(names=listing(names))


def listing(names: list[str]) -> str:
    """``Bia``, ``Bia e Caio``, ``Bia, Caio e Lia``."""
    *first, last = names
    return f"{', '.join(first)} e {last}" if first else last


def _pattern(event: TicketEvent, action: Action) -> str:
    if action != Action.OPEN:
        return SENTENCES[action]
    return SPLIT_OFF if "number" in event.data else OPENED_FOR_HIM.get(str(event.data.get("origin")), SENTENCES[action])
