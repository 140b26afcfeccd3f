"""The outbox and what is known of its mail."""

from notifications.models.notices import AccountLetter, Notice, Preference

__all__ = ["AccountLetter", "Notice", "Preference"]
