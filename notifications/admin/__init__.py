"""What the administrator sees of the outbox and its mail, and may do about it."""

from notifications.admin import mail, notices

__all__ = ["mail", "notices"]
