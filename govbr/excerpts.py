"""Where in a text a search found something, for reading."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from govbr.text import fold

ROOM: Final = 70
"""Characters shown on either side of the find."""
PLURALS: Final = ((re.compile("([a-z])(?:oes|aos|aes)$"), r"\1ao"), (re.compile("([a-z]{2}[ae])is$"), r"\1l"))
"""Those of ``public.fold`` (docs/adr/0013) that change the beginning of a stem."""


class Excerpt(NamedTuple):
    before: str
    hit: str
    """Empty where the words were found in a way that is not looked for here."""
    after: str


def stems(query: str) -> tuple[str, ...]:
    """The words of a query that PostgreSQL wrote: ``'assin' <-> 'digit'`` → ``assin``, ``digit``."""
    return tuple(found.replace("''", "'") for found in re.findall(r"'((?:[^']|'')+)'", query))


def excerpt(text: str, looked_for: tuple[str, ...]) -> Excerpt:
    """The first word of the text that begins with one of the stems, and what stands around it.

    The database finds by its stemmer; here the beginning of a word is enough, and where none
    begins so the text's beginning is shown without a mark. Never raises, whatever the text is.
    """
    flat = " ".join(text.split())
    for word in re.finditer(r"\w+", flat):
        if _bare(word[0]).startswith(looked_for):
            return Excerpt(_before(flat[: word.start()]), word[0], _after(flat[word.end() :]))
    return Excerpt("", "", _after(flat))


def _bare(word: str) -> str:
    folded = fold(word)
    for plural, singular in PLURALS:
        folded = plural.sub(singular, folded)
    return folded


def _before(text: str) -> str:
    return text if len(text) <= ROOM else "… " + text[-ROOM:].partition(" ")[2]


def _after(text: str) -> str:
    return text if len(text) <= ROOM else text[:ROOM].rpartition(" ")[0] + " …"
