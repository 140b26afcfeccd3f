"""What somebody reads who opens a mail of the portal."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.core.mail import EmailMultiAlternatives

LINK = re.compile(r'<a [^>]*?href="([^"]+)"[^>]*>(.*?)</a>', re.DOTALL)
UNREAD = re.compile(r'<div class="preheader">.*?</div>|<p class="sender">.*?</p>', re.DOTALL)
"""What only lists of mails show, and the head, which says what stands below the text."""


def html_of(message: EmailMultiAlternatives) -> str:
    content, media_type = message.alternatives[0]
    assert media_type == "text/html"
    return str(content)


def words_of(text: str) -> str:
    """The words of the text part, wherever its lines end. The token of a link tells the second at which it was made."""
    return " ".join(re.sub(r"(/avisos/sair/)[^ /]+", r"\1token", text).split())


def words_of_html(page: str) -> str:
    """The words of the HTML part, addresses of links behind them, as its text has them."""
    body = UNREAD.sub("", page.partition("<body>")[2])
    plain = re.sub(r"</?(?:strong|em|code)>", "", LINK.sub(_link, body))
    return words_of(html.unescape(re.sub(r"<[^>]+>", " ", plain)))


def _link(found: re.Match[str]) -> str:
    return found[1] if found[1] == found[2] else f"{found[2]}: {found[1]} "
