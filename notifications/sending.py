"""The mail server, or the service in its place: calling it, giving it a message, and what its refusals mean."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import Enum, auto
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import TYPE_CHECKING, Final

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import get_connection

from notifications import smtp
from notifications.letters import one_line
from notifications.models import MailAddress

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)

SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
LENGTH: Final = 300

NO_SUCH_ADDRESS: Final = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""RFC 3463, 7505: no such mailbox or domain, no address at all, moved away, takes no mail, switched off. Other refusals are
as often about us (relaying, reputation, size) as about the address: they are tried again."""
NAMED_BY_SES: Final = re.compile(r"^250 Ok ([0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d{6})$", re.IGNORECASE)
"""How Amazon SES answers to SMTP: it gives each mail an id of its own, by which it tells of it later."""
NOT_NOW: Final = 421
"""RFC 5321: the server goes, or wants no more for now, whoever the message is for."""
SERVICE_AWAY: Final = frozenset({401, 403, 429, 502, 503, 504})
"""HTTP: the service as a whole refuses, for want of a right key, of patience, or of itself."""


class Fault(Enum):
    MESSAGE = auto()
    """Of this message, or of this moment: tried again, ever more rarely."""
    ADDRESS = auto()
    """The address takes no mail: not tried again."""
    SERVICE = auto()
    """Nobody's who gets mail: the line waits."""


@dataclass(frozen=True)
class Taken:
    answer: str
    message_id: str = ""
    """What the service calls the message, where it does not go by ours."""


@dataclass(frozen=True)
class Failure:
    fault: Fault
    words: str
    reason: MailAddress.Reason | None = None
    """Why the address takes no mail, where that is the fault."""
    passing: bool = False
    """It may succeed soon: what comes after it for the same person can wait."""
    deferred: bool = False
    """The address was not taken this time."""


def line() -> BaseEmailBackend:
    """The way to the mail server that the settings name; not called yet."""
    name = f"{smtp.__name__}.EmailBackend" if settings.EMAIL_BACKEND == SMTP else None
    return get_connection(name)


def call_server() -> None:
    """Call the mail server and hang up, sending nothing. Raises ``OSError`` when it does not answer."""
    mail = line()
    mail.open()
    hang_up(mail)


def hang_up(mail: BaseEmailBackend) -> None:
    try:
        mail.close()
    except OSError:
        pass  # a server that broke off needs no good-bye


def send(message: EmailMessage, mail: BaseEmailBackend) -> Taken:
    """Give the message to the server; how it answered. Raises whatever the way there raises (``judge``)."""
    message.connection = mail
    if not message.send():
        raise ValueError("A mail to nobody.")
    status = getattr(message, "anymail_status", None)
    if status is None:
        answer = one_line(getattr(mail, "answer", ""))[:LENGTH]
        named = NAMED_BY_SES.search(answer)
        return Taken(answer, named[1] if named else "")
    return Taken(", ".join(sorted(status.status or ())), str(status.message_id or "")[:200])


def judge(error: Exception, message: EmailMessage) -> Failure:
    """What an error of ``send`` means for the message, its address and the rest of the line."""
    words = one_error(error)
    if isinstance(error, AnymailRecipientsRefused):
        invalid = message.anymail_status.status == {"invalid"}  # type: ignore[attr-defined]  # Anymail put it there
        return Failure(Fault.ADDRESS, words, MailAddress.Reason.BOUNCED if invalid else MailAddress.Reason.REJECTED)
    if isinstance(error, AnymailAPIError):
        unreached = error.status_code is None and isinstance(error, OSError)
        away = unreached or error.status_code in SERVICE_AWAY
        return Failure(Fault.SERVICE if away else Fault.MESSAGE, words)
    at_address = isinstance(error, SMTPRecipientsRefused)
    code, said = _said(error)
    if code == NOT_NOW:
        return Failure(Fault.SERVICE, words)
    if (exact := re.match(r"\d\.\d{1,3}\.\d{1,3}", said)) and exact[0] in NO_SUCH_ADDRESS:
        return Failure(Fault.ADDRESS, words, MailAddress.Reason.BOUNCED)
    return Failure(Fault.MESSAGE, words, passing=code < 500 and isinstance(error, OSError), deferred=at_address)


def _said(error: Exception) -> tuple[int, str]:
    """The code and the words of the server's answer; 0 where it gave none."""
    said: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        ((code, said),) = error.recipients.values()  # our mails have one recipient each
    elif isinstance(error, SMTPResponseException):
        code, said = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, said.decode(errors="replace") if isinstance(said, bytes) else said


def one_error(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")[:LENGTH]
