"""Markdown that people write, as the HTML of our pages (docs/adr/0029)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

TAGS: Final = frozenset(
    "a blockquote br code em h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905  # reads better
)
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})

# No HTML of the writer's own, and no images: they would need words beside them, and vanish in an electoral period.
_PARSER: Final = MarkdownIt("js-default", {"html": False, "typographer": False}).disable("image")


def html(text: str, *, highest: int = 2) -> SafeString:
    """The text as HTML without anything that could run, load or pose as a part of the page.

    The highest level of headings that it has is ``h<highest>``, for the page has its own above it. Whatever is
    written, of any length, it raises nothing.
    """
    tokens = _PARSER.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    first = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - first + highest, 6)}"
    written = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(written, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel="noopener noreferrer")
    return mark_safe(clean)  # noqa: S308  # nh3 has just left nothing but the tags above


def plain(text: str) -> str:
    """What is read of it, without signs: one line for each paragraph, heading, entry of a list or cell of a table."""
    return "\n".join(line for line in _lines(_PARSER.parse(text)) if line)


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "inline":
            yield "".join(
                " " if part.type in ("softbreak", "hardbreak") else part.content for part in token.children or []
            ).strip()
        elif token.type in ("fence", "code_block"):
            yield token.content.strip()
