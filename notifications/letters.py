"""A notice in the words of its templates, as mail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine

from notifications import kinds

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

    from notifications.models import Notice

SUBJECT_LENGTH = 150


def letter(notice: Notice, connection: BaseEmailBackend | None = None) -> EmailMultiAlternatives:
    """The notice as a message to its recipient, in text and HTML.

    Its ``Message-ID`` comes from the row, so that a second delivery is seen to be the same
    message; its headers tell other machines not to answer. Raises whatever the kind's context or
    templates raise.
    """
    context = kinds.context_of(notice)
    context |= {
        "recipient": notice.recipient.display_name,
        "portal_url": settings.PORTAL_URL,
        "url": absolute(str(context.get("url", ""))),
    }
    message = EmailMultiAlternatives(
        subject=one_line(rendered(f"{notice.kind}.subject.txt", context))[:SUBJECT_LENGTH],
        body=rendered(f"{notice.kind}.txt", context).strip() + "\n",
        to=[notice.recipient.email],
        headers={
            "Message-ID": f"<notice-{notice.pk}@{urlsplit(settings.PORTAL_URL).hostname}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834
            "X-Auto-Response-Suppress": "All",
        },
        connection=connection,
    )
    message.attach_alternative(rendered(f"{notice.kind}.html", context), "text/html")
    return message


def rendered(name: str, context: dict[str, object]) -> str:
    """A template of the notices; in plain text nothing is escaped for HTML, so that an apostrophe stays one."""
    template = Engine.get_default().get_template(f"notifications/{name}")
    return template.render(Context(context, autoescape=name.endswith(".html")))


def one_line(words: str) -> str:
    """The words without line ends or other control characters, which in a subject could add headers of their own."""
    visible = "".join(character if character.isprintable() else " " for character in words)
    return " ".join(visible.split())


def absolute(url: str) -> str:
    """A path of the portal as an address that works from a mail."""
    return f"{settings.PORTAL_URL}{url}" if url.startswith("/") else url
