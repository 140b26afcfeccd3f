"""Reading texts as people meet them: the sentences of a template, of a Python file, of the data that pages show."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

LONGEST: Final = 25
"""Words of a sentence (Lei 15.263/2025 asks for short ones; the figure is ours)."""

BLOCKS: Final = (
    "address|article|aside|blockquote|button|caption|dd|details|div|dl|dt|fieldset|figcaption|footer|form|h[1-6]|header|label"
    "|legend|li|main|nav|ol|option|p|pre|section|select|summary|table|tbody|td|textarea|th|thead|title|tr|ul|br"
)
BRANCHES: Final = re.compile(r"{%-? *if\b[^%]*%}((?:(?!{% *(?:if|endif)\b).)*){% *endif *%}", re.DOTALL)
ALTERNATIVE: Final = re.compile(r"{% *(?:elif\b[^%]*|else) *%}")


def of_template(source: str) -> list[str]:
    """The texts between the elements of a template, each variable as one word, of alternatives the longest."""
    text = re.sub(r"{#.*?#}|{% *comment.*?endcomment *%}|<!--.*?-->|<(style|script)\b.*?</\1>", " ", source, flags=re.DOTALL)
    while (shorter := BRANCHES.sub(_alternatives, text)) != text:
        text = shorter
    text = re.sub(r"{%-? *(?:end)?(?:block|for|empty|message|table|with)\b.*?%}", "\n\n", text, flags=re.DOTALL)
    text = re.sub(r"{% *(?:url|csrf_token|load|extends|include|icon)\b.*?%}", "", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}|{%.*?%}", " x ", text, flags=re.DOTALL)
    text = re.sub(rf"</?(?:{BLOCKS})\b[^>]*>", "\n\n", text)
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def _alternatives(found: re.Match[str]) -> str:
    """Within a sentence the longest is read; whole parts of a page are all read."""
    parts = ALTERNATIVE.split(found[1])
    return (
        "\n\n".join(["", *parts, ""])
        if re.search(rf"</?(?:{BLOCKS})\b|{{% *(?:message|include)", found[1])
        else max(parts, key=len)
    )


def of_python(source: str) -> list[str]:
    """The texts that a module may show somebody: what is said to programmers and to the database is left out."""
    tree = ast.parse(source)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    within = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    found = []
    for node in ast.walk(tree):
        if id(node) in docs:
            continue
        if isinstance(node, ast.JoinedStr):
            found.append("".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in within:
            found.append(node.value)
    return [" ".join(text.split()) for text in found if is_said(text)]


def is_said(text: str) -> bool:
    """Whether it is a text for people: several words, and none of SQL, code or a list of words."""
    if not re.search(r"[a-zà-ú] [a-zà-ú]", text) or re.search(
        r"\b(SELECT|UPDATE|INSERT|CREATE|WHERE|BEGIN)\b|[{}<>_=]{2}|\bdef ", text
    ):
        return False
    return bool(re.search(r"[.!?:]|\b(?:de|do|da|o|a|para|que)\b", text))


def of_values(value: Any, keys: frozenset[str]) -> Iterator[str]:
    """The texts under these keys of what a JSON file holds, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from of_values(item, keys)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str):
                yield inner
            elif key in keys and isinstance(inner, list):
                yield from (item for item in inner if isinstance(item, str))
            else:
                yield from of_values(inner, keys)


def of_json(path: Path, keys: frozenset[str]) -> list[str]:
    return list(of_values(json.loads(path.read_text(encoding="utf-8")), keys))


def sentences(text: str) -> list[str]:
    """The text parted after each full stop, question, exclamation or semicolon, and at the end of a line."""
    return [part.strip() for part in re.split(r"(?<=[.!?;])[”\")]*\s+(?=[^a-z])|\n+", text) if part.strip()]


def too_long(text: str) -> list[str]:
    """The sentences with more than ``LONGEST`` words."""
    return [sentence for sentence in sentences(text) if len(words_in(sentence)) > LONGEST]


def words_in(sentence: str) -> list[str]:
    return re.findall(r"[^\W_][\w.,:/@º°%-]*", sentence)
