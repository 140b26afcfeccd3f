"""What a returned mail means for the address that it did not reach, where no provider tells us."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings

from notifications import addresses
from notifications.inbound.reading import BEGINNING
from notifications.models import MailAddress, Notice

if TYPE_CHECKING:
    from collections.abc import Collection

MOST: Final = 20
"""Mails of ours that one bounce may name."""


def note(raw: bytes, failed: Collection[str]) -> None:
    """Nothing more is mailed to those of the failed addresses to which a mail went that this bounce returns.

    It must name the mail by its id, which holds a random number that only who got the mail knows: else anybody could
    cut anybody off from his notices by a mail that looks like a bounce.
    """
    host = re.escape((urlsplit(settings.PORTAL_URL).hostname or "").encode())
    ids = re.findall(rb"<notice-([0-9a-f]{8}-[0-9a-f-]{27})@" + host + b">", raw[:BEGINNING])
    notices = Notice.objects.filter(pk__in={found.decode() for found in ids[:MOST]})
    for email in notices.values_list("recipient__email", flat=True).distinct():
        if email in failed:
            addresses.block(email, MailAddress.Reason.BOUNCED, "O e-mail foi devolvido.")
