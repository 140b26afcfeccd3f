"""What somebody wrote in an answer by mail, without what he answers to and without his signature.

Line by line, so that its time grows with the mail and no faster. Why no library does it: docs/adr/0046.
"""

from __future__ import annotations

import re
from typing import Final

MAX_LINES: Final = 5_000
"""Lines that are looked at; each for its first 300 characters."""
MAX_LINE: Final = 300
INTRO_LINES: Final = 4
"""Over how many lines mail programs break “Em …, Fulano <…> escreveu:”."""

INTRO: Final = re.compile(r"(em|no dia|on|el|le)\s.{3,}\s(escreveu|wrote|escribió|a écrit)\s?:", re.IGNORECASE)
INTRO_BEGINS: Final = re.compile(r"(em|no dia|on|el|le)\s.*(\d|[a-z]{3}\.?,)", re.IGNORECASE)
ORIGINAL: Final = re.compile(
    r"[-_ ]{2,}\s?(mensagem original|mensagem encaminhada|original message|forwarded message|mensaje original)\s?[-_ ]{2,}",
    re.IGNORECASE,
)
RULE: Final = re.compile(r"_{20,}|-{20,}")
"""What Outlook draws over the head of the mail that is answered."""
HEAD_FIRST: Final = re.compile(r"\*?(de|from)\s?:\*?\s.*\S", re.IGNORECASE)
HEAD: Final = re.compile(
    r"\*?(de|from|enviad[oa]s?( em)?|sent|data|date|para|to|cc|c[óo]pia|assunto|subject)\s?:\*?(\s|$)", re.IGNORECASE
)
HEAD_FIELDS: Final = 3
"""So many fields, one below the other, are the head of a mail and no list of somebody's own."""
SIGNATURE: Final = re.compile(r"--\s?")
PHONE: Final = re.compile(
    r"(enviado (do|pelo|da|a partir d[oe])|sent from|obter o outlook|get outlook|baixe o outlook)\b.{0,80}", re.IGNORECASE
)
DISCLAIMER: Final = re.compile(
    r"(aviso (legal|de confidencialidade)|est[ae] (mensagem|e-mail|correio).{0,60}(confidencia|sigilo|privilegiad|destina))",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The text without quotations and signature; empty where nothing else is in it.

    What stands below or between quoted lines (``>``) stays: some people answer so. Below any other quotation nobody
    writes, and there it ends.
    """
    kept: list[str] = []
    lines = text.split("\n")[:MAX_LINES]
    at = 0
    while at < len(lines):
        line = _looked_at(lines[at])
        if ORIGINAL.fullmatch(line) or _is_head(lines, at) or (RULE.fullmatch(line) and _is_head(lines, _next(lines, at + 1))):
            break
        if after := _after_intro(lines, at):
            following = _next(lines, after)
            if following < len(lines) and not lines[following].lstrip().startswith(">"):
                break
            at = after
        elif line.startswith(">"):
            at += 1
        else:
            kept.append(lines[at].rstrip())
            at += 1
    return _without_signature(kept)


def _looked_at(line: str) -> str:
    return line.strip()[:MAX_LINE]


def _next(lines: list[str], at: int) -> int:
    """The next line that is not empty."""
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _after_intro(lines: list[str], at: int) -> int:
    """The line after “Em …, Fulano escreveu:” if that begins here, broken over lines or not; else 0."""
    if not INTRO_BEGINS.match(_looked_at(lines[at]).lstrip("> ")):
        return 0
    for more in range(1, INTRO_LINES + 1):
        joined = " ".join(_looked_at(line).lstrip("> ") for line in lines[at : at + more])
        if joined.endswith(":") and INTRO.fullmatch(joined):
            return at + more
    return 0


def _is_head(lines: list[str], at: int) -> bool:
    """Whether the head of another mail begins here: “De: …”, “Enviado em: …”, “Para: …”."""
    if at >= len(lines) or not HEAD_FIRST.fullmatch(_looked_at(lines[at])):
        return False
    below = [_looked_at(line) for line in lines[at : at + 8] if line.strip()]
    return sum(HEAD.match(line) is not None for line in below) >= HEAD_FIELDS


def _without_signature(lines: list[str]) -> str:
    for at, line in enumerate(lines):
        looked = _looked_at(line)
        if SIGNATURE.fullmatch(looked) or (at and DISCLAIMER.match(looked)):
            lines = lines[:at]
            break
    while lines and (not lines[-1].strip() or PHONE.fullmatch(_looked_at(lines[-1])) or RULE.fullmatch(_looked_at(lines[-1]))):
        lines = lines[:-1]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
