"""How a manifestation went on, as its author reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from feedback.models import Manifestation, ManifestationTurn

if TYPE_CHECKING:
    from datetime import datetime

Turn = ManifestationTurn.Action

SENTENCES: Final = {
    Turn.REGISTER: "A ouvidoria recebeu a manifestação. Resposta até {until}.",
    Turn.WORDS: "Você acrescentou informações",
    Turn.FORWARD: "A ouvidoria pediu informações à área: {area}.",
    Turn.AREA_REPLIED: "A área respondeu à ouvidoria, que prepara a resposta.",
    Turn.EXTEND: "O prazo foi prorrogado uma vez, até {until}. Motivo:",
    Turn.ANSWER: "Resposta da ouvidoria",
    Turn.CLOSE: "A ouvidoria concluiu a manifestação.",
    Turn.CONSENT: "Você autorizou publicar o elogio.",
    Turn.WITHDRAW_CONSENT: "Você retirou a autorização para publicar o elogio.",
    Turn.PUBLISH: "O elogio foi publicado no portal.",
    Turn.UNPUBLISH: "O elogio saiu da página de elogios.",
}
"""What is not here stays within the office."""
WITH_WORDS: Final = frozenset({Turn.WORDS, Turn.EXTEND, Turn.ANSWER})
"""Turns whose words the author reads: his own, the reason and the answer; never what the office wrote to itself."""


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    sentence: str
    words: str
    from_office: bool


def of(made: Manifestation) -> list[Step]:
    """The turns that its author may read, oldest first. One query; the product's team names nobody."""
    return [
        Step(
            turn.at,
            SENTENCES[Turn(turn.action)].format(area=turn.area, until=f"{turn.until:%d/%m/%Y}" if turn.until else ""),
            turn.words if turn.action in WITH_WORDS else "",
            turn.action in {Turn.EXTEND, Turn.ANSWER},
        )
        for turn in made.turns.filter(action__in=sorted(SENTENCES))
    ]
