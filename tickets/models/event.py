"""The turns of a ticket's life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Queue
from tickets.models.ticket import Ticket
from tickets.states import TABLE, Action

CLOSING = sorted(action.value for action, move in TABLE.items() if move.closes_as)
"""What ends the work; each such event is one closing."""

OPENING = sorted(action.value for action in (Action.OPEN, Action.REOPEN))
"""What brings work in."""


class TicketEvent(models.Model):
    """One turn in the life of a ticket. Append-only: the database refuses changes and deletion.

    ``data`` holds ids and moments only, never words.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    action = models.CharField(max_length=20)
    via = models.CharField(max_length=10)
    request_id = models.UUIDField(unique=True)
    """The form that asked for it; a repeat of the form finds the first result here."""
    old_status = models.CharField(max_length=20, blank=True)
    new_status = models.CharField(max_length=20)
    level = models.CharField(max_length=2)
    queue = models.ForeignKey(Queue, models.PROTECT, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    priority = models.PositiveSmallIntegerField()
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = "evento"
        verbose_name_plural = "eventos"
        ordering = ("at", "id")
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="event_history"),
            models.Index(fields=["actor", "at"], name="event_by_actor"),
            models.Index(fields=["at", "id"], condition=Q(action__in=CLOSING), name="event_closings"),
            models.Index(fields=["at", "id"], condition=Q(action__in=OPENING), name="event_openings"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.action} {self.at:%Y-%m-%d %H:%M:%S}"
