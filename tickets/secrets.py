"""Passwords and other secrets in what somebody is about to send: told to him first, so that he can take them out.

Everything is decided word by word within a few characters of a telling word, so that any text costs time in proportion
to its length. A false alarm costs one press; so where both are likely, "esqueci a senha" is no secret and "senha: gato" is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from govbr.cpf import without_cpfs

LONGEST: Final = 30_000
"""Characters of a text that are read: more than a form takes."""
MOST: Final = 10
"""Passages told of."""
SHOWN: Final = 120
"""Characters of a passage that are shown."""

WORD: Final = re.compile(
    r"(?<![^\W_])(?:senhas?|[A-Z]{0,12}password|passwords|passwd|passphrase|pwd|contrasenha)(?![^\W_])", re.IGNORECASE
)
"""A word for a password."""
SAID: Final = re.compile(
    r"""["'\]]{0,2}(?P<of>[^\n:=,.;!?"'<>]{0,40}?)[^\S\n]{0,3}(?P<sign>=>|:=|==?|:|(?<=\s)(?:é|eh|foi|seria)(?=\s))[^\S\n]{0,4}
    (?P<quote>["'`“‘]?)(?P<value>[^\s"'`”’]{1,200})""",
    re.IGNORECASE | re.VERBOSE,
)
"""What it is of, a sign, and what follows."""
NEXT: Final = re.compile(r"""[^\S\n]["'`“‘]?(?P<value>[^\s"'`”’]{1,200})""")
"""The word after it, where no sign says that it is the password."""
KEYED: Final = re.compile(
    r"""(?<![^\W_])(?P<word>client[_-]?secret|secret[_-]?key|secret|api[_-]?key|access[_-]?token|refresh[_-]?token|private[_-]?key
    |access[_-]?key|auth[_-]?token|token|segredo|chave(?:[^\S\n]de[^\S\n](?:acesso|api)|[^\S\n](?:secreta|privada))?)(?![^\W_])
    ["']?[^\S\n]{0,3}(?:=>|:=|==?|:)[^\S\n]{0,4}["'`“‘]?(?P<value>[^\s"'`”’<>,;]{1,300})""",
    re.IGNORECASE | re.VERBOSE,
)
"""Keys of machines: only long words of letters and digits after them are secrets."""
SHAPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----",
        r"PuTTY-User-Key-File-\d",
        r"(?<!\w)gh[pousr]_[A-Za-z0-9]{30,255}",
        r"(?<!\w)github_pat_[A-Za-z0-9_]{30,255}",
        r"(?<!\w)glpat-[\w-]{20,64}",
        r"(?<!\w)(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)",
        r"(?<!\w)AIza[\w-]{35}(?!\w)",
        r"(?<!\w)xox[abprs]-[\w-]{10,100}",
        r"(?<!\w)sk[-_](?:live_|test_|proj-)?[A-Za-z0-9]{20,200}",
        r"(?<![\w.-])eyJ[\w-]{10,400}\.eyJ[\w-]{10,2000}\.[\w-]{10,1000}",
        r"(?i:authorization[\"']?[^\S\n]?[:=][^\S\n]?[\"']?(?:basic|bearer|token))[^\S\n][\w.~+/=-]{8,2000}",
        r"(?i:(?<!\w)bearer)[^\S\n](?=[\w.~+/=-]{0,200}\d)[\w.~+/-]{20,2000}=*",
        r"(?i:--password|--pass|--pwd)[=\s][^\s-][^\s]{3,100}",
        r"(?i:(?<!\w)curl[^\n]{0,200}?[^\S\n](?:-u|--user))[^\S\n]?[\"']?[^\s:\"']{1,60}:[^\s\"']{3,100}",
        r"(?i:<(?:senha|password|passwd|pwd|client_secret)>)[^<>\s]{4,200}(?=</)",
    )
)
"""What is a secret wherever it stands. Every repetition has an end."""
IN_ADDRESS: Final = re.compile(r"(?<![\w+.-])[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@]{1,80}:(?P<value>[^\s/@]{1,200})@[\w.\[-]")

_SAID_OF_ONE: Final = """
    não nao nenhuma nenhum vazia vazio null none nil true false sim incorreta incorreto inválida invalida inválido invalido
    expirada expirado errada errado esquecida esquecido perdida perdido obrigatória obrigatoria obrigatório required string text
    texto oculta oculto omitida omitido removida removido retirada protected redacted hidden secret secreta segredo senha
    password pass padrão padrao nova antiga atual fraca forte temporária provisória provisoria
    alterada trocada redefinida bloqueada
    válida valida correta certa aceita recusada negada diferente igual curta longa inicial única
    unica pessoal intransferível
    minha sua dele dela enviada recebida cadastrada informada digitada solicitada changeme exemplo example abc segura
    undefined empty masked wrong invalid failed incorrect expired desconhecida ok
"""
NO_SECRET: Final = frozenset(_SAID_OF_ONE.split())
"""What is said of a password, and what stands for one in examples and masked logs."""
PLACEHOLDER: Final = re.compile(
    r"(.)\1*|[<\[{(%$].*|.*\.\.\.|(?:os\.environ|env\(|getenv|x{3}|\*{2}|•).*", re.IGNORECASE | re.DOTALL
)
OTHER_THING: Final = re.compile(
    r"""\d{1,2}/\d{1,2}(?:/\d{2,4})?|\d{1,2}[:h]\d{2}|v?\d{1,4}(?:\.\d{1,4}){1,4}|[A-Z]{2,6}-\d{2,6}|https?://.{0,200}|\d{1,3}%?
    |[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}|\d{1,4}-?(?:vezes|dias|horas|min|seg)""",
    re.VERBOSE,
)
"""Dates, hours, versions, codes of errors, addresses."""
ERROR: Final = re.compile(r"\b(?:erro|falha|código|codigo|error|exception|status)\b", re.IGNORECASE)
ENDS: Final = re.compile(r"[\"'.,;)\]`]{0,3}[^\S\n]{0,3}(?:\n|\Z|/|\||usu|log|cpf)", re.IGNORECASE)
"""What may follow a password that looks like a word."""
HIDDEN: Final = "(oculto no e-mail: leia no portal)"
BEFORE, SHORTEST, LONG_NUMBER = 60, 4, 6
CPF: Final = re.compile(r"(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?!\d)")


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a secret stands in a text, with the words that tell it."""

    start: int
    end: int
    shown: str


def find(text: str, most: int = MOST) -> list[Passage]:
    """The passages of a text that look like a secret, in their order, at most so many."""
    text = text[:LONGEST]
    spans = sorted({*_shapes(text), *_passwords(text), *_keys(text)})
    found: list[Passage] = []
    for start, end in spans:
        if (not found or start >= found[-1].end) and len(found) < most:
            found.append(Passage(start, end, " ".join(text[start:end].split())[:SHOWN]))
    return found


def hidden(text: str) -> str:
    """The text without its secrets and CPFs, for a mail, which goes further than the page that has all.

    In words that have no signs of Markdown, as a masked CPF has.
    """
    for passage in reversed(find(text, most=LONGEST)):
        text = f"{text[: passage.start]}{HIDDEN}{text[passage.end :]}"
    return without_cpfs(text, mask=lambda digits: HIDDEN)


def find_in(texts: Iterable[str]) -> list[str]:
    """The same of several texts: the passages as they are shown, each once."""
    return list(dict.fromkeys(passage.shown for text in texts for passage in find(text)))[:MOST]


def _shapes(text: str) -> Iterator[tuple[int, int]]:
    for shape in SHAPES:
        for match in shape.finditer(text):
            yield match.span()
    for match in IN_ADDRESS.finditer(text):
        if not _stands_for_one(match["value"]):
            yield match.span("value")


def _keys(text: str) -> Iterator[tuple[int, int]]:
    for match in KEYED.finditer(text):
        value = match["value"]
        digits, letters = sum(map(str.isdigit, value)), sum(map(str.isalpha, value))
        named = match["word"].lower() not in {"token", "secret", "segredo"} and not match["word"].lower().startswith("chave")
        if len(value) >= (8 if named else 16) and digits >= (1 if named else 3) and letters >= 1 and not _stands_for_one(value):
            yield match.start(), match.end("value")


def _passwords(text: str) -> Iterator[tuple[int, int]]:
    for word in WORD.finditer(text):
        before = text[max(0, word.start() - BEFORE) : word.start()].rpartition("\n")[2]
        said, following = SAID.match(text, word.end()), NEXT.match(text, word.end())
        if said is not None and _is_said(text, said, before):
            yield word.start(), said.start("value") + len(_bare(said))
        elif following is not None and _is_next(_bare(following), before):
            yield word.start(), following.start("value") + len(_bare(following))


def _bare(match: re.Match[str]) -> str:
    return match["value"].rstrip(").,;!?]}>")


def _is_said(text: str, said: re.Match[str], before: str) -> bool:
    """Whether what follows the sign is a password: "senha: gato" is, "senha: campo obrigatório" is not."""
    value = _bare(said)
    if len(value) < SHORTEST or _stands_for_one(value):
        return False
    if value.isdigit():
        return not (ERROR.search(before) and len(value) < LONG_NUMBER)
    if _is_mixed(value):
        return True
    if said["sign"].isalpha() or said["quote"]:
        return bool(said["quote"])
    # A word like any other is a password where its line ends with it, or where "=" ties it to the name.
    rest = text[said.start("value") + len(value) : said.end("value") + 40]
    return said["sign"] == "=" or ENDS.match(rest) is not None


def _is_next(value: str, before: str) -> bool:
    """Whether the word after "senha" is one: "senha Abc@1234", "senha 20262027", after a CPF any with a digit."""
    if len(value) < SHORTEST or _stands_for_one(value):
        return False
    if CPF.search(before) and any(map(str.isdigit, value)):
        return True
    return len(value) >= LONG_NUMBER and (value.isdigit() or _is_mixed(value))


def _is_mixed(value: str) -> bool:
    """Letters with digits or signs, as passwords have and words have not."""
    letters = any(map(str.isalpha, value))
    others = any(map(str.isdigit, value)) or any(not sign.isalnum() and sign not in "-.,;:/()" for sign in value)
    return letters and others


def _stands_for_one(value: str) -> bool:
    """Whether this is said of a password, or stands for one, or is another thing altogether."""
    bare = value.strip("\"'`.,;:()[]{}<>").lower()
    if not bare or bare in NO_SECRET:
        return True
    return PLACEHOLDER.fullmatch(value) is not None or OTHER_THING.fullmatch(value) is not None
