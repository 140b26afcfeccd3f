"""What is refused, and the sentence that tells a person why."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import worktime
from accounts import absences
from tickets.models import Ticket
from tickets.states import TABLE, Action, Role, Status

if TYPE_CHECKING:
    from accounts.models import User

USED = "Este formulário já foi usado. Recarregue a página e tente de novo."

USED_OTHERWISE = "Este formulário já foi enviado com outro texto. Copie o texto novo, atualize a página e envie de novo."


class Refused(Exception):
    """Something was refused and nothing changed. ``sentence`` tells a person why, in pt-BR."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class IllegalMove(Refused):
    """The table does not allow it: not in this status, not by this person, or not any more."""


class Overtaken(IllegalMove):
    """Somebody else has said something since the page was read on which this was written. ``since`` is what was read."""

    def __init__(self, sentence: str, *, since: int) -> None:
        super().__init__(sentence)
        self.since = since


class Incomplete(Refused):
    """The action needs something that was not given."""


def refuse_if_overtaken(ticket: Ticket, by: User | None, seen: int | None) -> None:
    """Raises ``Overtaken`` where somebody else has said something after the event ``seen``, in public or within the team.

    Of a ticket whose row is locked: its events come one after the other, so their ids stand in their order.
    """
    if seen is None:
        return
    said = list(ticket.messages.filter(event__gt=seen).exclude(author=by).order_by("pk").select_related("author"))
    if not said:
        return
    names = list(dict.fromkeys(message.author.display_name if message.author else "O sistema" for message in said))
    one = len(names) == 1
    if all(message.internal for message in said):
        did = "registrou uma nota interna" if one else "registraram notas internas"
    else:
        did = "respondeu" if one else "responderam"
    raise Overtaken(f"{_all_of(names)} {did} enquanto você escrevia. Leia o que chegou e envie de novo.", since=seen)


def _all_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} e {names[-1]}"


def why_not(action: Action, ticket: Ticket, mine: frozenset[Role], at: datetime, *, by: User | None) -> str:
    """The sentence for somebody whose action was refused."""
    row = TABLE[action]
    if not row.by & mine:
        return "Você não pode fazer isto neste chamado."
    if action == Action.REOPEN and ticket.reopen_until is not None and at > ticket.reopen_until:
        until = worktime.moment_said(ticket.reopen_until)
        return f"O prazo para reabrir este chamado terminou em {until} (horário de Brasília)."
    if ticket.status not in row.frm:
        return f"Este chamado mudou enquanto você olhava. Agora a situação é “{ticket.get_status_display()}”."
    if ticket.status == Status.IN_PROGRESS and ticket.assignee is not None and Role.ASSIGNEE not in mine:
        return f"{ticket.assignee.display_name} está atendendo este chamado."
    if action == Action.TAKE and by is not None and absences.is_absent(by, at):
        return "Você está com uma ausência registrada. Para assumir chamados, encerre a ausência."
    return "Isto não é possível neste momento."
