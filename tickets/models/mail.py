"""Mail that came to a ticket when it was closed."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class LateMail(models.Model):
    """What somebody of the requester's side wrote by mail after the closing: shown on the ticket, and no turn of its life.

    With the id of its ``InboundMail``.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="late_mails")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    body = models.TextField(max_length=20_000)
    received_at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "e-mail depois do encerramento"
        verbose_name_plural = "e-mails depois do encerramento"
        ordering = ("received_at",)

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.received_at:%Y-%m-%d %H:%M}"
