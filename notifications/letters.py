"""A notice in the words of its templates, as mail."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.urls import reverse

from notifications import kinds, preferences, replies

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

    from notifications.models import Notice

SUBJECT_LENGTH: Final = 150
LINE: Final = 72
"""Characters of a line of a text, so that it is read well wherever lines are not wrapped."""
AUTOMATIC: Final = {
    "Auto-Submitted": "auto-generated",  # RFC 3834
    # Not "All": that would hold back the reports of what could not be delivered, too (MS-OXCMAIL).
    "X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
}
"""What tells machines not to answer."""


MARK: Final = re.compile(r"\s*(?:(?:-|\d{1,3}\.)\s+)?")
"""What a line begins with that is an entry of a list, or hangs from one."""


def letter(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The notice as a message to its recipient, in text and HTML.

    Its ``Message-ID`` comes from the row, so that a second delivery is seen to be the same
    message; its ``References`` from the thread of its kind. Its headers tell other machines not to
    answer. Raises whatever the kind's context or templates raise.
    """
    context = context_of(notice)
    context["mail_subject"] = subject(notice, context)
    text = rendered(f"{notice.kind}.txt", context)
    context["preheader"] = preheader(text)
    message = EmailMultiAlternatives(
        subject=str(context["mail_subject"]),
        body=in_short_lines(text) + "\n",
        to=[notice.recipient.email],
        reply_to=[str(context["reply_address"])] if context["reply_address"] else None,
        headers={
            "Message-ID": identity(f"notice-{notice.pk}"),
            **AUTOMATIC,
            **_threading(notice),
            **_listing(notice),
            **_unsubscribing(context),
        },
        connection=connection,
    )
    message.attach_alternative(rendered(f"{notice.kind}.html", context), "text/html")
    return message


def in_portal(notice: Notice) -> tuple[str, str, str]:
    """The notice as a page: its subject, its words without what belongs to a mail alone, and the path it leads to.

    Raises whatever the kind's context or templates raise.
    """
    url = str(kinds.context_of(notice).get("url", ""))
    context = {**context_of(notice), "in_portal": True}
    return subject(notice, context), rendered(f"{notice.kind}.txt", context), url


def context_of(notice: Notice) -> dict[str, object]:
    """What every template of a mail may say, beside what its kind says."""
    context = kinds.context_of(notice)
    token = preferences.token(notice)
    return context | {
        "recipient": notice.recipient.display_name,
        "portal_url": settings.PORTAL_URL,
        "url": absolute(str(context.get("url", ""))),
        "preferences_url": absolute(reverse("notice-preferences")),
        "reply_address": replies.reply_to(notice) if kinds.is_answerable(notice.kind) else "",
        "unsubscribe_url": absolute(reverse("notices-unsubscribe", args=[token])) if token else "",
    }


def subject(notice: Notice, context: dict[str, object]) -> str:
    return one_line(rendered(f"{notice.kind}.subject.txt", context))[:SUBJECT_LENGTH]


def identity(name: str) -> str:
    """An id of a mail, or of a thread of mails, of this portal (RFC 5322, 3.6.4)."""
    return f"<{name}@{urlsplit(settings.PORTAL_URL).hostname}>"


def _threading(notice: Notice) -> dict[str, str]:
    """What makes mails of one thread one conversation: each answers the thread's root, which is no mail itself.

    So they belong together whichever of them arrived, and in whatever order.
    """
    thread = kinds.thread_of(notice)
    return {"In-Reply-To": identity(thread), "References": identity(thread)} if thread else {}


def _listing(notice: Notice) -> dict[str, str]:
    """What lets a mail program sort news from what concerns its reader's own tickets (RFC 2919)."""
    if notice.line != notice.Line.NEWS:
        return {}
    group = kinds.group_of(notice.kind)
    name = group.mailing_list if group else "comunicados"
    return {"List-Id": f"{name.capitalize()} {identity(name).replace('@', '.')}", "Precedence": "bulk"}


def _unsubscribing(context: dict[str, object]) -> dict[str, str]:
    """What lets a mail program end such mail by one press (RFC 8058); nothing where something is owed."""
    url = context["unsubscribe_url"]
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url else {}


def rendered(name: str, context: dict[str, object]) -> str:
    """A template of the notices, in text with one empty line between paragraphs.

    In plain text nothing is escaped for HTML, so that an apostrophe stays one.
    """
    template, html = Engine.get_default().get_template(f"notifications/{name}"), name.endswith(".html")
    words = template.render(Context(context, autoescape=html)).strip()
    return words if html else re.sub(r"\n\s*\n", "\n\n", words)


def preheader(text: str) -> str:
    """What a list of mails shows behind the subject: what is expected of the reader, which follows the greeting."""
    _, _, rest = text.partition("\n\n")
    return one_line(rest.partition("\n\n")[0])


def in_short_lines(text: str) -> str:
    """The text in lines of at most ``LINE`` characters, where words allow it; addresses stay whole.

    What stands behind the mark of a list hangs from it.
    """
    return "\n".join(map(_folded, text.splitlines()))


def _folded(line: str) -> str:
    mark = MARK.match(line)
    begun = mark[0] if mark else ""
    return textwrap.fill(
        line[len(begun) :],
        LINE,
        initial_indent=begun,
        subsequent_indent=" " * len(begun),
        break_long_words=False,
        break_on_hyphens=False,
    )


def one_line(words: str) -> str:
    """The words without line ends or other control characters, which in a subject could add headers of their own."""
    visible = "".join(character if character.isprintable() else " " for character in words)
    return " ".join(visible.split())


def absolute(url: str) -> str:
    """A path of the portal as an address that works from a mail."""
    return f"{settings.PORTAL_URL}{url}" if url.startswith("/") else url
