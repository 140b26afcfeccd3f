"""Markdown that people write, as the HTML of our pages (docs/adr/0029)."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.rules_core import StateCore

TAGS: Final = frozenset(
    "a blockquote br code em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905  # reads better
)
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})

_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
_END: Final = ".,;:!?'*_)]}"
"""Signs that end a sentence, and no address; a bracket that the address opened itself is its own."""


ESCAPED_COLON: Final = "\0"
"""Stands for it while addresses are looked for; the parser has taken every other one out of the text."""


def _link_addresses(state: StateCore) -> None:
    """Makes links of addresses that stand in the text as they are; in code and within links they stay.

    An address whose colon was escaped is none: so it stands where words of somebody else were filled in.
    """
    for token in state.tokens:
        if token.type != "inline":
            continue
        within, found, run = 0, list[Token](), ""
        for child in token.children or []:
            if child.type in ("text", "text_special") and not within:
                run += ESCAPED_COLON if (child.content, child.info) == (":", "escape") else child.content
                continue
            found += _with_links(run) if run else ()
            run = ""
            within += child.nesting if child.type in ("link_open", "link_close") else 0
            found.append(child)
        token.children = found + (list(_with_links(run)) if run else [])


def _with_links(text: str) -> Iterator[Token]:
    done = 0
    for match in _ADDRESS.finditer(text):
        address = match[0].rstrip(_END)
        if match[0][len(address) :].startswith(")") and "(" in address:
            address += ")"
        begin, end = match.start(), match.start() + len(address)
        yield _text(text[done:begin])
        yield Token("link_open", "a", 1, attrs={"href": address.replace(ESCAPED_COLON, ":")})
        yield _text(address)
        yield Token("link_close", "a", -1)
        done = end
    yield _text(text[done:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content.replace(ESCAPED_COLON, ":"))


MOST_BRACKETS: Final = 1_000
"""The parser looks from each opening bracket for its end, so that the time grows with the square of their number."""


MOST_CELLS: Final = 3_000
"""The parser fills up what a row of a table lacks: a wide head over many short rows is a long page out of a short text."""


def _parser(*without: str, as_typed: bool) -> MarkdownIt:
    # No HTML of the writer's own, and no images: they would need words beside them, and vanish in an electoral period.
    parser = MarkdownIt("js-default", {"html": False, "typographer": False, "breaks": as_typed}).disable(["image", *without])
    if as_typed:
        parser.core.ruler.before("text_join", "link_addresses", _link_addresses)  # which forgets what was escaped
    return parser


_PARSERS: Final = {
    (as_typed, links, tables): _parser(*(() if links else ("link",)), *(() if tables else ("table",)), as_typed=as_typed)
    for as_typed in (False, True)
    for links in (False, True)
    for tables in (False, True)
}


def html(text: str, *, highest: int = 2, as_typed: bool = False) -> SafeString:
    """The text as HTML without anything that could run, load or pose as a part of the page.

    The highest level of headings that it has is ``h<highest>``, for the page has its own above it. ``as_typed``
    is for what is written in a hurry: its lines end where they were ended, and its addresses lead somewhere.
    Whatever is written, of any length, it raises nothing.
    """
    tokens = _parsed(text, as_typed=as_typed)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    first = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - first + highest, 6)}"
    parser = _PARSERS[as_typed, True, True]
    written = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(written, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel="noopener noreferrer")
    return mark_safe(clean)  # noqa: S308  # nh3 has just left nothing but the tags above


def plain(text: str) -> str:
    """What is read of it, without signs: one line for each paragraph, heading, entry of a list or cell of a table."""
    return "\n".join(line for line in _lines(_parsed(text)) if line)


def _parsed(text: str, *, as_typed: bool = False) -> list[Token]:
    """Nobody writes as many links as ``MOST_BRACKETS``, nor tables as large as ``MOST_CELLS``.

    In what has more, brackets and bars are signs like others.
    """
    return _PARSERS[as_typed, text.count("[") <= MOST_BRACKETS, _cells(text) <= MOST_CELLS].parse(text)


def _cells(text: str) -> int:
    """How many cells its tables have at most: a table is as wide as its widest line, and an empty line ends it."""
    blocks = groupby(text.splitlines(), key=lambda line: not line.strip())
    bars = ([line.count("|") for line in lines] for empty, lines in blocks if not empty)
    return sum((max(block) + 1) * len(block) for block in bars if any(block))


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(
                " " if part.type in ("softbreak", "hardbreak") else part.content for part in token.children or []
            ).strip()
        elif token.type in ("fence", "code_block"):
            yield token.content.strip()


def readable(source: str) -> str:
    """What is read of it where nothing can be set in bold, as in the text of a mail.

    Lists stay lists, and the address of a link stands behind its words.
    """
    lists: list[int | None] = []  # the next number of each list around, or none
    lines: list[str] = []
    for token in _parsed(source, as_typed=True):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                lines += [""] if not lists else []
            case "list_item_open":
                number = lists[-1]
                lines.append("  " * (len(lists) - 1) + ("- " if number is None else f"{number}. "))
                lists[-1] = None if number is None else number + 1
            case "inline":
                _add(lines, _read(token))
            case "fence" | "code_block":
                _add(lines, token.content.rstrip())
            case "paragraph_close" | "heading_close" if not lists:
                lines.append("")
            case "tr_close" | "table_close":
                lines.append("")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _add(lines: list[str], words: str) -> None:
    """Behind the sign of a list that waits for its words, else on a line of its own."""
    if lines and lines[-1].endswith((". ", "- ")):
        lines[-1] += words
    else:
        lines.append(words)


def _read(inline: Token) -> str:
    said, around = "", list[tuple[int, str]]()
    for part in inline.children or []:
        match part.type:
            case "softbreak" | "hardbreak":
                said += "\n"
            case "link_open":
                around.append((len(said), str(part.attrs.get("href", ""))))
            case "link_close":
                begun, address = around.pop()
                said += f" ({address})" if said[begun:] not in (address, address.removeprefix("mailto:")) else ""
            case _:
                said += part.content
    return said


_SIGN: Final = r"[*_`~\\#>]"
_MARK: Final = r"(?:[-+]|\d+[.)])"
"""Of an entry of a list."""
_SHORTEST_PASSAGE: Final = 3
_LONGEST_PASSAGE: Final = 500


def passage_in(source: str, shown: str) -> str:
    """What stands in the source for a passage that somebody copied from the page; empty where nothing does.

    Signs of emphasis, quotation and lists may stand between its words, and nothing else.
    """
    # Without signs and marks of its own, so that each letter can stand in one way only, and no search takes long.
    words = [word for word in re.sub(_SIGN, "", shown).split() if not re.fullmatch(_MARK, word)]
    if len("".join(words)) < _SHORTEST_PASSAGE or len(shown) > _LONGEST_PASSAGE:
        return ""
    between = rf"{_SIGN}*\s+(?:(?:{_MARK}|{_SIGN}+)\s+)*{_SIGN}*"
    pattern = between.join(f"{_SIGN}*".join(re.escape(letter) for letter in word) for word in words)
    found = re.search(pattern, source)
    return found[0] if found else ""


_ANY_SIGN: Final = re.compile(r"([\\`*_\[\]<>#|~&{}]|:(?=//))")


def escaped(words: str) -> str:
    """Words of somebody else for a place in Markdown: their signs are taken as signs, and they stay in one line.

    Their braces are none of a placeholder either, and what looks like an address leads nowhere.
    """
    return _ANY_SIGN.sub(r"\\\1", " ".join(words.split()))
