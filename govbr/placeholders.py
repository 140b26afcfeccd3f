"""Names in double braces, ``{{ espera }}``, that stand for something in a text that people write.

They are looked for and filled in here, never by the template engine: what people write runs nowhere.
Who fills them in has a fixed list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


def names(text: str) -> list[str]:
    """What stands in double braces, in its order, as often as it stands there."""
    return [name.strip() for name in _PLACEHOLDER.findall(text)]


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its placeholders filled in; a name that ``words`` lacks stays as it is."""
    return _PLACEHOLDER.sub(lambda found: words.get(found[1].strip(), found[0]), text)
