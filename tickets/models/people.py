"""Who else has to do with a ticket."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

import worktime
from tickets.models.ticket import Ticket


class Follower(models.Model):
    """Somebody who reads, answers and comments on a ticket that is not his."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="followers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="followed")
    added_at = models.DateTimeField(default=worktime.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="follower_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id}"


class FollowRequest(models.Model):
    """Somebody asked to follow a ticket of his body. The row is its own record: it is decided once and stays."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="follow_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="follow_requests")
    asked_at = models.DateTimeField(default=worktime.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    admitted = models.BooleanField(null=True)
    """Empty until somebody has decided."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "user"], condition=Q(admitted__isnull=True), name="follow_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(admitted__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(admitted__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="follow_request_decided_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="follow_request_by_person")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id}?"


class Participant(models.Model):
    """Somebody of the team who worked on a ticket or was mentioned in it, and so may read it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations")
    since = models.DateTimeField(default=worktime.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="participant_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id}"


class TicketReading(models.Model):
    """Somebody of the team opened a ticket, and with it a person's data. One row for each person, ticket and hour."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    hour = models.DateTimeField()
    """The beginning of the hour in which the ticket was read."""

    class Meta:
        verbose_name = "leitura"
        verbose_name_plural = "leituras"
        constraints = [models.UniqueConstraint(fields=["ticket", "user", "hour"], name="reading_once_an_hour")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id} {self.hour:%Y-%m-%d %H}h"
