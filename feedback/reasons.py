"""The reasons that a rating may be given, as cards: one list for low ratings, one for high ones.

A slug is kept with the answer and never changes; its words may.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Stars(IntEnum):
    """The scale of the federal model (Portaria SGD/MGI 1.083/2025)."""

    AWFUL = 1
    BAD = 2
    SO_SO = 3
    GOOD = 4
    EXCELLENT = 5


LABELS: Final = {
    Stars.AWFUL: "Péssima",
    Stars.BAD: "Ruim",
    Stars.SO_SO: "Mais ou menos",
    Stars.GOOD: "Boa",
    Stars.EXCELLENT: "Excelente",
}
HIGH_FROM: Final = Stars.GOOD
"""From this rating on the reasons are those of what went well."""
MOST: Final = 3
"""Reasons that one answer may give."""


@dataclass(frozen=True, slots=True)
class Reason:
    slug: str
    text: str


LOW: Final = (
    Reason("demora", "Demorou muito"),
    Reason("nao-resolveu", "O problema continua"),
    Reason("resposta-confusa", "A resposta é difícil de entender"),
    Reason("repetir", "Tive de repetir informações"),
    Reason("sem-noticias", "Fiquei sem notícias"),
    Reason("portal-dificil", "O portal é difícil de usar"),
)
HIGH: Final = (
    Reason("rapidez", "Foi rápido"),
    Reason("resolveu", "O problema foi resolvido"),
    Reason("resposta-clara", "A resposta é clara"),
    Reason("cortesia", "Fui bem tratado pela equipe"),
    Reason("noticias", "Recebi notícias durante o atendimento"),
    Reason("portal-facil", "O portal é fácil de usar"),
)
TEXTS: Final = {reason.slug: reason.text for reason in LOW + HIGH}


def fitting(stars: int) -> tuple[Reason, ...]:
    """The reasons offered for this rating."""
    return HIGH if stars >= HIGH_FROM else LOW
