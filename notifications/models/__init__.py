"""The outbox, what is known of its mail, and the mail that comes in."""

from notifications.models.inbound import AnsweredByMachine, InboundMail, Mailbox, OriginalReading
from notifications.models.mail import MailAddress, MailCount, MailStep
from notifications.models.notices import AccountLetter, Notice, Preference

__all__ = [
    "AccountLetter",
    "AnsweredByMachine",
    "InboundMail",
    "MailAddress",
    "MailCount",
    "MailStep",
    "Mailbox",
    "Notice",
    "OriginalReading",
    "Preference",
]
