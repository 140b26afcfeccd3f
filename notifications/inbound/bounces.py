"""What a returned mail means for the address that it did not reach, where no provider tells us."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings

import worktime
from notifications import addresses
from notifications.inbound.reading import BEGINNING
from notifications.models import MailAddress, Notice

if TYPE_CHECKING:
    from collections.abc import Collection

MOST: Final = 20
"""Mails of ours that one bounce may name."""
RETURNS_WITHIN: Final = timedelta(days=14)
"""Servers give up after five days or so. What names an older mail was made by somebody who kept its id."""
STATUS: Final = re.compile(rb"^Status:[ \t]*([45]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
MAY_PASS: Final = re.compile(rb"4\.|5\.2\.[23]$|5\.[367]\.")
"""RFC 3463: for now; a full mailbox, a mail too long; the server, the mail's form, or its policy. None is about the address."""


def note(raw: bytes, failed: Collection[str]) -> None:
    """Nothing more is mailed to those of the failed addresses to which a mail went that this bounce returns.

    It must name the mail by its id, which holds a random number that only who got the mail knows: else anybody could
    cut anybody off from his notices by a mail that looks like a bounce. And it must not say that it is about
    something else than the address. Where a mail service tells of our mails (``MAIL_WEBHOOKS``) only it is believed:
    who was sent a copy knows the id, too.
    """
    if settings.MAIL_WEBHOOKS:
        return
    told = STATUS.findall(raw[:BEGINNING])
    if told and all(map(MAY_PASS.match, told)):
        return
    host = re.escape((urlsplit(settings.PORTAL_URL).hostname or "").encode())
    ids = re.findall(rb"<notice-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@" + host + b">", raw[:BEGINNING])
    since = worktime.now() - RETURNS_WITHIN
    notices = Notice.objects.filter(pk__in={found.decode() for found in ids[:MOST]}, created_at__gt=since)
    for email in notices.values_list("recipient__email", flat=True).distinct():
        if email in failed:
            addresses.block(email, MailAddress.Reason.BOUNCED, "O e-mail foi devolvido.")
