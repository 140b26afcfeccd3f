"""What the desk keeps for the people who work there. Nothing of it belongs to a ticket's life."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class Look(models.Model):
    """How far somebody of the team has read a ticket, and whether he is at it now. It may be lost: it is no record."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_event_id = models.BigIntegerField()
    """The ticket's last event when he last opened it. A bare id: a look must not keep an event from anything."""
    here_until = models.DateTimeField(null=True)
    """He has the ticket open until then, as far as his page has told."""
    writing_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "olhar"
        verbose_name_plural = "olhares"
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="look_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id} {self.seen_event_id}"
