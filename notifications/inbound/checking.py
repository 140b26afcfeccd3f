"""What our own mail server says of who sent a mail (RFC 8601)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from django.conf import settings

if TYPE_CHECKING:
    from notifications.inbound.reading import Mail

QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
COMMENT: Final = re.compile(r"\([^()]*\)")
RESULT: Final = re.compile(r"\s*(dmarc|spf|dkim)\s*=\s*([a-z]+)", re.IGNORECASE)
PROPERTY: Final = re.compile(r"\s(smtp\.mailfrom|header\.(?:d|i|from))\s*=\s*(\S*)", re.IGNORECASE)
VOUCHES: Final = {"dmarc": ("header.from",), "spf": ("smtp.mailfrom",), "dkim": ("header.d", "header.i")}
"""Which property of a result names the domain that it is about; of several the first that stands there."""


class Result(NamedTuple):
    """One finding: ``domain`` is whose mail it is about, in lower case; empty where the server does not say."""

    method: str
    found: str
    domain: str


def failed(mail: Mail) -> bool:
    """Whether the sender is proved to be another one.

    Only the field of the server that ``MAIL_AUTHSERV_ID`` names is believed: anybody can write such fields. DMARC
    decides; where it says nothing (many domains have none) a failure of SPF or DKIM that the other one does not outweigh.
    """
    results = _results(mail)
    if decided := {found for method, found, _ in results if method == "dmarc"} & {"pass", "fail"}:
        return "fail" in decided
    said = {found for method, found, _ in results if method != "dmarc"}
    return "fail" in said and "pass" not in said


def vouched(mail: Mail) -> bool:
    """Whether our server found that the domain of ``From`` sent it; without ``MAIL_AUTHSERV_ID`` nobody asks.

    DMARC decides. Where it decides nothing, one pass of SPF or DKIM must be of that domain or of one above it: anybody
    passes both with a domain of his own.
    """
    if not settings.MAIL_AUTHSERV_ID:
        return True
    results = _results(mail)
    author = mail.sender.rpartition("@")[2]
    decided = {found for method, found, _ in results if method == "dmarc"} & {"pass", "fail"}
    if decided:
        of_author = all(_aligned(domain, author) for method, _, domain in results if method == "dmarc" and domain)
        return decided == {"pass"} and of_author
    return any(found == "pass" and _aligned(domain, author) for method, found, domain in results if method != "dmarc")


def _aligned(domain: str, author: str) -> bool:
    """Whether one speaks for the other: the same, or above it.

    One below does not: without a list of the suffixes under which strangers register, a town's ``x.sp.gov.br`` would
    speak for ``sp.gov.br``. A suffix itself signs nothing, and a name without a dot is no domain.
    """
    return "." in domain and (author == domain or author.endswith(f".{domain}"))


def _results(mail: Mail) -> list[Result]:
    """What our server found, from the topmost field of its own: each server writes above what came before."""
    for value in mail.values("Authentication-Results"):
        words = QUOTED.sub("", value)
        for _ in range(3):  # comments within comments
            words = COMMENT.sub(" ", words)
        server, *results = words.split(";")
        if settings.MAIL_AUTHSERV_ID and server.lower().split()[:1] == [settings.MAIL_AUTHSERV_ID]:
            return [_result(found, text) for text in results if (found := RESULT.match(text))]
    return []


def _result(found: re.Match[str], text: str) -> Result:
    method = found[1].lower()
    said: dict[str, str] = {}
    for name, value in PROPERTY.findall(text):
        said.setdefault(name.lower(), value.lower().rpartition("@")[2].strip("<>."))
    domain = next((said[name] for name in VOUCHES[method] if said.get(name)), "")
    return Result(method, found[2].lower(), domain)
