"""What an offering asks against what a ticket brings: what is there, what is missing, and the question for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from catalog import offers
from catalog.models import AttachmentNeed, FormField

Kind = FormField.Kind

NOT_ASKED_AGAIN: Final = {"titulo", "descricao", "ciencia_privacidade", "chamado_relacionado"}
"""Questions that every ticket answers by being there, or that say nothing about its completeness."""
YES: Final = "sim"


class State(StrEnum):
    PRESENT = "presente"
    REQUIRED = "falta"
    SUGGESTED = "ajudaria"


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the form, and whether the ticket answers it."""

    label: str
    state: State
    detail: str = ""
    """What exactly to ask for, where the label does not say it."""


def checklist(
    questions: Sequence[FormField],
    need: str,
    *,
    answers: Mapping[str, str],
    has_files: bool,
    evidence: Sequence[str] = (),
) -> list[Item]:
    """Each question with its state, in the form's order.

    ``need`` is the offering's ``AttachmentNeed``. ``evidence`` holds the words of the routing rules
    that want evidence first: with them a file is required. Marks that nobody has to set are left
    out, and so are files that nobody asked for. Whether a file shows the right thing, people judge.
    """
    items = []
    for asked in offers.asked_of(questions, answers):
        if asked.name in NOT_ASKED_AGAIN or asked.kind == Kind.AGENCY:
            continue
        if asked.kind == Kind.FILE:
            needed = asked.required or need == AttachmentNeed.REQUIRED
            items += _files(asked.label, needed, need == AttachmentNeed.SUGGESTED, has_files, evidence)
        elif asked.kind == Kind.BOOLEAN:
            if asked.required:
                items.append(Item(asked.label, _state(answers.get(asked.name) == YES, required=True)))
        else:
            items.append(Item(asked.label, _state(bool(answers.get(asked.name, "").strip()), required=asked.required)))
    if evidence and all(asked.kind != Kind.FILE for asked in questions):
        items += _files("Evidências", True, False, has_files, evidence)
    return items


def question(items: Sequence[Item]) -> str:
    """A plain question, in pt-BR, for everything that is missing; empty where nothing is."""
    required = [_line(item) for item in items if item.state == State.REQUIRED]
    suggested = [_line(item) for item in items if item.state == State.SUGGESTED]
    if not required and not suggested:
        return ""
    parts = ["Para analisar o seu pedido, precisamos de mais informações."]
    if required:
        parts.append("\n".join(["Por favor, envie:", *required]))
    if suggested:
        parts.append("\n".join(["Se souber, informe também:" if required else "Se souber, informe:", *suggested]))
    parts.append("Responda por aqui. Os arquivos vão anexados à resposta. Não escreva senhas.")
    return "\n\n".join(parts)


def _files(label: str, needed: bool, suggested: bool, has_files: bool, evidence: Sequence[str]) -> list[Item]:
    if has_files:
        return [Item(label, State.PRESENT)]
    if needed or evidence:
        return [Item(label, State.REQUIRED, " ".join(evidence))]
    return [Item(label, State.SUGGESTED)] if suggested else []


def _state(there: bool, *, required: bool) -> State:
    if there:
        return State.PRESENT
    return State.REQUIRED if required else State.SUGGESTED


def _line(item: Item) -> str:
    return f"- {item.label}: {item.detail}" if item.detail else f"- {item.label}"
