"""What our own mail server says of who sent a mail (RFC 8601)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.conf import settings

if TYPE_CHECKING:
    from notifications.inbound.reading import Mail

QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT: Final = re.compile(r"\([^()]*\)")
RESULT: Final = re.compile(r"\s*(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)


def failed(mail: Mail) -> bool:
    """Whether the sender is proved to be another one.

    Only the field of the server that ``MAIL_AUTHSERV_ID`` names is believed: anybody can write such fields. DMARC
    decides; where it says nothing (many domains have none) a failure of SPF or DKIM that the other one does not outweigh.
    """
    results = _results(mail)
    if decided := results.get("dmarc", set()) & {"pass", "fail"}:
        return "fail" in decided
    said = results.get("spf", set()) | results.get("dkim", set())
    return "fail" in said and "pass" not in said


def _results(mail: Mail) -> dict[str, set[str]]:
    """Method → what our server found, from the topmost field of its own: each server writes above what came before."""
    found: dict[str, set[str]] = {}
    for value in mail.values("Authentication-Results"):
        words = QUOTED.sub("", value)
        for _ in range(3):  # comments within comments
            words = COMMENT.sub(" ", words)
        server, *results = words.split(";")
        if not settings.MAIL_AUTHSERV_ID or server.lower().split()[:1] != [settings.MAIL_AUTHSERV_ID]:
            continue
        for result in filter(None, map(RESULT.match, results)):
            found.setdefault(result[1].lower(), set()).add(result[2].lower())
        break
    return found
