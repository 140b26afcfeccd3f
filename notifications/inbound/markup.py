"""The words of a mail that came as HTML alone."""

from __future__ import annotations

import html
import re
from typing import Final

import nh3

MAX_HTML: Final = 500_000
"""Characters that are looked at."""
MAX_TAGS: Final = 15_000
"""Tags that are looked at: the library's time grows with the square of how deep they stand in each other."""

BLOCKS: Final = frozenset(
    {"p", "div", "br", "li", "ul", "ol", "tr", "table", "hr", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article"}
)
CELLS: Final = frozenset({"td", "th"})
QUOTED: Final = "blockquote"
TAGS: Final = BLOCKS | CELLS | {QUOTED, "a"}
UNSAID: Final = frozenset({"script", "style", "title", "head", "textarea", "noscript", "template"})
TAG: Final = re.compile(r"(<[^>]*>)")
LINK: Final = re.compile(r'<a href="([^"]*)">')


def as_text(markup: str) -> str:
    """What a reader would see of it, in lines; quotations begin with ``>`` and links say where they lead.

    nh3 makes it well-formed, with these few tags and no attribute but a link's address, so that what is left can be
    read tag by tag.
    """
    out, depth, address, begun = [""], 0, "", 0
    for bit in TAG.split(_well_formed(markup)):
        if not bit.startswith("<"):
            out.append(re.sub(r"\s+", " ", html.unescape(bit)))
            continue
        name = bit.strip("</>").split(" ", 1)[0]
        if name == QUOTED:
            depth = max(depth + (-1 if bit.startswith("</") else 1), 0)
        if name in BLOCKS or name == QUOTED:
            out.append("\n" + "> " * min(depth, 3) + ("- " if bit == "<li>" else ""))
        elif name in CELLS:
            out.append(" ")
        elif link := LINK.match(bit):
            address, begun = html.unescape(link[1]), len(out)
        elif name == "a" and address:
            out += [f" <{address}>"] if address.removeprefix("mailto:") not in "".join(out[begun:]) else []
            address = ""
    lines = [line.strip() for line in "".join(out).replace("\x00", "").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _well_formed(markup: str) -> str:
    found = [match.start() for match in re.finditer("<", markup[:MAX_HTML])]
    end = found[MAX_TAGS] if len(found) > MAX_TAGS else MAX_HTML
    return nh3.clean(
        markup[:end],
        tags=set(TAGS),
        clean_content_tags=set(UNSAID),
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
