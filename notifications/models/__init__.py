"""The outbox and what is known of its mail."""

from notifications.models.mail import MailAddress, MailCount, MailStep
from notifications.models.notices import AccountLetter, Notice, Preference

__all__ = ["AccountLetter", "MailAddress", "MailCount", "MailStep", "Notice", "Preference"]
