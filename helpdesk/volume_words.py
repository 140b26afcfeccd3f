"""Invented words for many tickets: nothing in them was ever written by anybody."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Final

RARE: Final = "hortênsia"
"""Stands in one message of 1 % of the tickets, for measuring the search."""
COMMON: Final = "girassol"
"""Stands in one message of 30 % of the tickets, those of ``RARE`` among them."""
ABSENT: Final = "jabuticaba"
"""Stands nowhere."""
LENGTH: Final = 600
"""About how many characters a message has."""

WORDS: Final[dict[str, list[str]]] = json.loads((Path(__file__).parent / "data" / "volume_words.json").read_text("utf-8"))


def subject(rng: Random) -> str:
    thing, other, deed, state = (rng.choice(WORDS[kind]) for kind in ("things", "things", "deeds", "states"))
    return f"{thing.capitalize()} {state} ao {deed} {other}"


def sentence(rng: Random) -> str:
    return rng.choice(WORDS["sentences"]).format(
        deed=rng.choice(WORDS["deeds"]),
        thing=rng.choice(WORDS["things"]),
        other=rng.choice(WORDS["things"]),
        state=rng.choice(WORDS["states"]),
        number=rng.randrange(1_000, 10_000_000),
        day=f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}",
        few=rng.randint(2, 40),
    )


def message(rng: Random, marker: str = "") -> str:
    """About ``LENGTH`` characters, with the marker as a word of its own."""
    said = [f"Referência interna: {marker}."] if marker else []
    length = 0
    while length < LENGTH - 40:
        said.append(sentence(rng))
        length += len(said[-1]) + 1
    return " ".join(said)


def name(rng: Random) -> str:
    first, last = WORDS["first_names"], WORDS["last_names"]
    return f"{rng.choice(first)} {rng.choice(last)} {rng.choice(last)}"


def markers(index: int) -> list[str]:
    """The markers of the ticket of this number in a load, each for a message of its own."""
    return [RARE] * (index % 100 == 7) + [COMMON] * (index % 10 in (1, 4, 7))
