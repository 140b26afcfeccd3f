"""What the workbench offers: for each action its words, its form and its verb.

Whether an action is offered, and whether it is done, ``tickets.rules`` decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tickets import lifecycle
from tickets.admin.bench import forms
from tickets.admin.bench.speech import ComposedForm, Kind, ResolveForm
from tickets.models import Ticket
from tickets.states import Action


class Group(StrEnum):
    WRITE = "Escrever"
    WORK = "Atender"
    FORWARD = "Encaminhar"
    CLOSE = "Encerrar"
    AGAIN = "Retomar"


@dataclass(frozen=True, slots=True)
class Command:
    action: Action
    label: str
    """What the button does, in words."""
    done: str
    """What the person reads afterwards; ``{number}`` is the ticket's."""
    group: Group
    verb: Callable[..., Ticket]
    form: type[forms.ActionForm] = forms.ActionForm
    keyword: str = "body"
    """The verb's name for the words."""
    prompt: str = ""
    hint: str = ""
    """``{wait_hours}`` and ``{reopen_hours}`` are those of the ticket's policy."""
    kind: Kind | None = None
    """Of what is written in the composer; the other actions have forms of their own."""
    public: bool = False
    """The requester reads it: nothing that came up meanwhile may be overlooked."""
    leaves: bool = False
    """The ticket leaves the person's hands: he goes on with the queue."""

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in; else it is a button alone."""
        return self.form is not forms.ActionForm


PUBLIC: Final = "O solicitante lê este texto."
INTERNAL: Final = "Só a equipe lê este texto."

COMMANDS: Final = {
    command.action: command
    for command in (
        Command(Action.TAKE, "Assumir", "Você assumiu o chamado {number}.", Group.WORK, lifecycle.take),
        Command(Action.TRIAGE, "Marcar triagem feita", "Triagem do chamado {number} feita.", Group.WORK, lifecycle.triage),
        Command(
            Action.ASK,
            "Responder e aguardar solicitante",
            "Pergunta enviada. O chamado {number} aguarda o solicitante.",
            Group.WRITE,
            lifecycle.ask,
            ComposedForm,
            prompt="Pergunta",
            hint=f"{PUBLIC} Se você aguardar o solicitante, ele tem {{wait_hours}} para responder.",
            kind=Kind.PUBLIC,
            public=True,
        ),
        Command(
            Action.COMMENT,
            "Enviar mensagem",
            "Mensagem enviada no chamado {number}.",
            Group.WRITE,
            lifecycle.comment,
            ComposedForm,
            prompt="Mensagem",
            hint=PUBLIC,
            kind=Kind.PUBLIC,
            public=True,
        ),
        Command(
            Action.NOTE,
            "Registrar nota interna",
            "Nota registrada no chamado {number}.",
            Group.WRITE,
            lifecycle.note,
            ComposedForm,
            prompt="Nota interna",
            hint=INTERNAL,
            kind=Kind.NOTE,
        ),
        Command(
            Action.WITHDRAW_QUESTION,
            "Retirar a pergunta",
            "Pergunta retirada. O chamado {number} não aguarda mais o solicitante.",
            Group.WORK,
            lifecycle.withdraw_question,
            forms.WordsForm,
            keyword="reason",
            prompt="Por que a resposta não é mais necessária",
            hint=INTERNAL,
        ),
        Command(
            Action.WAIT_EXTERNAL,
            "Aguardar equipe externa",
            "O chamado {number} aguarda a equipe externa.",
            Group.WORK,
            lifecycle.wait_external,
            forms.WaitExternalForm,
        ),
        Command(Action.RESUME, "Retomar o atendimento", "Você retomou o chamado {number}.", Group.WORK, lifecycle.resume),
        Command(
            Action.SCHEDULE,
            "Agendar",
            "Agenda do chamado {number} atualizada.",
            Group.WORK,
            lifecycle.schedule,
            forms.ScheduleForm,
        ),
        Command(
            Action.VALIDATE,
            "Iniciar testes e validação",
            "O chamado {number} está em testes e validação.",
            Group.WORK,
            lifecycle.validate,
        ),
        Command(
            Action.VALIDATED,
            "Concluir testes e validação",
            "Testes do chamado {number} concluídos.",
            Group.WORK,
            lifecycle.validated,
        ),
        Command(
            Action.SET_PRIORITY,
            "Mudar a prioridade",
            "Prioridade do chamado {number} definida.",
            Group.FORWARD,
            lifecycle.set_priority,
            forms.PriorityForm,
            keyword="reason",
            prompt="Motivo",
            hint=INTERNAL,
        ),
        Command(
            Action.ASSIGN,
            "Passar a um atendente",
            "Chamado {number} passado ao atendente.",
            Group.FORWARD,
            lifecycle.assign,
            forms.AssignForm,
        ),
        Command(
            Action.RELEASE,
            "Devolver à fila",
            "Chamado {number} devolvido à fila.",
            Group.FORWARD,
            lifecycle.release,
            forms.WordsForm,
            keyword="reason",
            prompt="Motivo",
            hint=INTERNAL,
            leaves=True,
        ),
        Command(
            Action.ESCALATE,
            "Encaminhar ao N3",
            "Chamado {number} encaminhado ao N3.",
            Group.FORWARD,
            lifecycle.escalate,
            forms.WordsForm,
            keyword="checked",
            prompt="O que já foi verificado",
            hint=INTERNAL,
            leaves=True,
        ),
        Command(
            Action.HAND_BACK,
            "Devolver ao N2",
            "Chamado {number} devolvido ao N2.",
            Group.FORWARD,
            lifecycle.hand_back,
            forms.WordsForm,
            keyword="reason",
            prompt="Motivo",
            hint=INTERNAL,
            leaves=True,
        ),
        Command(
            Action.TRANSFER,
            "Transferir",
            "Chamado {number} transferido.",
            Group.FORWARD,
            lifecycle.transfer,
            forms.TransferForm,
            keyword="reason",
            prompt="Motivo",
            hint=INTERNAL,
            leaves=True,
        ),
        Command(
            Action.RESOLVE,
            "Responder e encerrar",
            "Chamado {number} encerrado como resolvido.",
            Group.WRITE,
            lifecycle.resolve,
            ResolveForm,
            prompt="Resposta definitiva",
            hint=f"{PUBLIC} Ele pode reabrir o chamado em até {{reopen_hours}}.",
            kind=Kind.PUBLIC,
            public=True,
        ),
        Command(
            Action.REFUSE,
            "Encerrar por estar fora do escopo",
            "Chamado {number} encerrado por estar fora do escopo.",
            Group.CLOSE,
            lifecycle.refuse,
            forms.SpeechForm,
            prompt="Orientação: quem pode resolver",
            hint=PUBLIC,
            public=True,
        ),
        Command(
            Action.CLOSE_DUPLICATE,
            "Encerrar por ser igual a outro",
            "Chamado {number} encerrado por ser igual a outro.",
            Group.CLOSE,
            lifecycle.close_duplicate,
            forms.DuplicateForm,
            prompt="Mensagem ao solicitante",
            hint=PUBLIC,
            public=True,
        ),
        Command(
            Action.REOPEN,
            "Reabrir",
            "Chamado {number} reaberto.",
            Group.AGAIN,
            lifecycle.reopen,
            forms.SpeechForm,
            prompt="Por que o chamado volta",
            hint=PUBLIC,
            public=True,
        ),
        Command(
            Action.RESTORE,
            "Trazer de volta à fila",
            "Chamado {number} de volta à fila.",
            Group.AGAIN,
            lifecycle.restore,
            forms.WordsForm,
            keyword="justification",
            prompt="Justificativa",
            hint=INTERNAL,
        ),
    )
}
"""The actions that the desk draws, in their order on the page."""
