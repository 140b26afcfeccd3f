"""What a refusal means: for the message, for its address, and for the rest of the line."""

from smtplib import (
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from types import SimpleNamespace

import pytest
from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError
from anymail.message import AnymailRecipientStatus, AnymailStatus
from django.core.mail import EmailMessage
from pytest_django import Settings
from requests import ConnectionError as Unreached

from notifications import sending
from notifications.sending import Fault

MESSAGE = EmailMessage("…", "…", to=["ana@example.org"])


def refused(code: int, words: str) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({"ana@example.org": (code, words.encode())})


class UnreachedService(AnymailRequestsAPIError, Unreached):
    """As Anymail makes one of what the library below it raised."""


@pytest.mark.parametrize(
    ("error", "fault", "passing", "deferred"),
    [
        (refused(550, "5.1.1 no such user"), Fault.ADDRESS, False, False),
        (refused(550, "5.2.1 switched off"), Fault.ADDRESS, False, False),
        (SMTPDataError(550, b"5.1.1 no such user"), Fault.ADDRESS, False, False),
        (refused(550, "5.1.10 takes no mail"), Fault.ADDRESS, False, False),
        (refused(550, "5.1.8 bad sender"), Fault.MESSAGE, False, True),
        (refused(550, "5.7.1 relaying denied"), Fault.MESSAGE, False, True),
        (refused(550, "no such user here"), Fault.MESSAGE, False, True),
        (refused(450, "4.2.0 greylisted"), Fault.MESSAGE, True, True),
        (refused(421, "4.7.0 slow down"), Fault.SERVICE, False, False),
        (SMTPSenderRefused(421, b"too many", "x@example.org"), Fault.SERVICE, False, False),
        (SMTPDataError(554, b"5.7.1 looks like spam"), Fault.MESSAGE, False, False),
        (SMTPServerDisconnected("Connection unexpectedly closed"), Fault.MESSAGE, True, False),
        (TimeoutError("timed out"), Fault.MESSAGE, True, False),
        (ValueError("Header values can't contain newlines"), Fault.MESSAGE, False, False),
        (UnreachedService("Error posting to …"), Fault.SERVICE, False, False),
    ],
)
def test_what_a_refusal_means(error: Exception, fault: Fault, passing: bool, deferred: bool) -> None:
    failure = sending.judge(error, MESSAGE)
    assert (failure.fault, failure.passing, failure.deferred) == (fault, passing, deferred)
    assert (failure.reason is not None) == (fault == Fault.ADDRESS)


@pytest.mark.parametrize(
    ("code", "fault"),
    [(401, Fault.SERVICE), (429, Fault.SERVICE), (503, Fault.SERVICE), (400, Fault.MESSAGE), (500, Fault.MESSAGE)],
)
def test_what_the_answer_of_a_service_means(code: int, fault: Fault) -> None:
    answer = SimpleNamespace(reason="…", text="…", json=dict)
    assert sending.judge(AnymailAPIError("…", status_code=code, response=answer), MESSAGE).fault == fault


@pytest.mark.parametrize(("status", "reason"), [("invalid", "bounced"), ("rejected", "rejected")])
def test_a_service_that_takes_no_mail_to_an_address_says_so_at_once(status: str, reason: str) -> None:
    message = EmailMessage("…", "…", to=["ana@example.org"])
    message.anymail_status = AnymailStatus()  # type: ignore[attr-defined]  # as Anymail does
    message.anymail_status.set_recipient_status({"ana@example.org": AnymailRecipientStatus(None, status)})  # type: ignore[attr-defined]
    failure = sending.judge(AnymailRecipientsRefused(), message)
    assert (failure.fault, failure.reason) == (Fault.ADDRESS, reason)


def test_a_service_says_what_it_calls_the_message(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "anymail.backends.test.EmailBackend"
    mail = sending.line()
    _, second = (sending.send(EmailMessage("…", "…", to=["ana@example.org"]), mail) for _ in range(2))
    assert second == sending.Taken("sent", "1")  # this one of Anymail counts from 0


def test_a_mail_to_nobody_is_an_error() -> None:
    with pytest.raises(ValueError, match="nobody"):
        sending.send(EmailMessage("…", "…", to=[]), sending.line())
