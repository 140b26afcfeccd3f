"""An article as its readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govbr import acronyms, markdown

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from knowledge.facts import Facts
    from knowledge.models import Article


def html(article: Article, facts: Facts, *, highest: int = 2) -> SafeString:
    """Its body with what is true now, short names explained; the highest headings are ``h<highest>``."""
    return markdown.html(acronyms.explained(facts.filled(article)), highest=highest)
