"""What the administrator sees of the outbox and its mail, and may do about it."""

from notifications.admin import inbound, letters, mail, notices

__all__ = ["inbound", "letters", "mail", "notices"]
