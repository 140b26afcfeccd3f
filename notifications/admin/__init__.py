"""What the administrator sees of the outbox and its mail, and may do about it."""

from notifications.admin import inbound, mail, notices

__all__ = ["inbound", "mail", "notices"]
