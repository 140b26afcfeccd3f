"""What was said on a ticket, as it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.template.defaultfilters import linebreaksbr, urlize

from govbr import markdown

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from tickets.models import Message

register = template.Library()


@register.filter
def said(message: Message, highest: int = 3) -> SafeString:
    """The words of a message: the team writes Markdown, whose highest headings are ``h<highest>``; others write plain text."""
    if message.from_team or message.internal:
        return markdown.html(message.body, highest=highest, as_typed=True)
    return linebreaksbr(urlize(message.body))


@register.filter
def as_html(words: str, highest: int = 3) -> SafeString:
    """Markdown of the team's that is no message: of a mail, of a post to all tickets of an incident, of a script."""
    return markdown.html(words, highest=highest, as_typed=True)


@register.filter
def as_text(words: str) -> str:
    """The same for a text without form."""
    return markdown.readable(words)
