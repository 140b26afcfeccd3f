"""What may be done with a manifestation now. Verbs ask it under the row's lock, pages draw their forms from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from feedback.deadlines import day_of
from feedback.models import Manifestation, ManifestationTurn

Status, Turn = Manifestation.Status, ManifestationTurn.Action

WITHIN: Final = timedelta(hours=1)
SAID: Final = 20
"""Words that may be added to one manifestation within that time."""
TOO_FAST: Final = "Você enviou muita coisa em pouco tempo. O que escreveu continua aqui: espere uma hora e envie de novo."
CLOSED: Final = "Esta manifestação já foi concluída."

AT_THE_DESK: Final = (
    Turn.ANSWER,
    Turn.FORWARD,
    Turn.AREA_REPLIED,
    Turn.EXTEND_AREA,
    Turn.EXTEND,
    Turn.PUBLISH,
    Turn.UNPUBLISH,
    Turn.CLOSE,
)
"""What the ombudsman does, in the order of the page."""


def why_not(action: ManifestationTurn.Action, made: Manifestation, at: datetime) -> str:
    """The sentence for who asks for what is not possible at that moment; empty where it is."""
    today = day_of(at)
    match action:
        case Turn.WORDS:
            problems = {
                f"{CLOSED} Para tratar de outra coisa, faça uma nova.": made.status == Status.CLOSED,
                TOO_FAST: made.turns.filter(action=Turn.WORDS, at__gt=at - WITHIN).count() >= SAID,
            }
        case Turn.ANSWER:
            problems = {CLOSED: made.status == Status.CLOSED}
        case Turn.EXTEND:
            problems = {
                "Esta manifestação já foi respondida.": made.answered_at is not None,
                "O prazo já foi prorrogado uma vez. A lei não permite outra.": made.extended,
                "O prazo já terminou: não pode mais ser prorrogado. Responda agora.": today > made.due_on,
            }
        case Turn.FORWARD:
            problems = {
                "Só se encaminha o que ainda não foi respondido.": made.status not in {Status.RECEIVED, Status.FORWARDED}
            }
        case Turn.EXTEND_AREA:
            problems = {
                "Nenhuma área foi consultada.": made.area_due_on is None,
                "O prazo da área já foi prorrogado uma vez. A lei não permite outra.": made.area_extended,
                "O prazo da área já terminou: não pode mais ser prorrogado.": made.area_due_on is not None
                and today > made.area_due_on,
            }
        case Turn.AREA_REPLIED:
            problems = {"Nenhuma área foi consultada.": made.status != Status.FORWARDED}
        case Turn.CLOSE:
            problems = {CLOSED: made.status == Status.CLOSED, "Responda antes de concluir.": made.status != Status.ANSWERED}
        case Turn.CONSENT | Turn.WITHDRAW_CONSENT:
            problems = {"Só elogios são publicados.": made.kind != Manifestation.Kind.PRAISE}
        case Turn.PUBLISH:
            problems = {"Quem escreveu não autorizou a publicação.": not made.may_publish}
        case Turn.UNPUBLISH:
            problems = {"Este elogio não está publicado.": made.published_at is None}
        case _:
            problems = {"Isto não se faz com uma manifestação recebida.": True}
    return next((sentence for sentence, stands in problems.items() if stands), "")


def possible(made: Manifestation, at: datetime) -> list[ManifestationTurn.Action]:
    """What the ombudsman can do with it at that moment."""
    return [action for action in AT_THE_DESK if not why_not(action, made, at)]
