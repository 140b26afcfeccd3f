"""What the clocks of a ticket said when a cycle ended."""

from __future__ import annotations

from django.db import models

from tickets.models.ticket import Ticket


class SlaCycle(models.Model):
    """A cycle that is over: from opening or reopening to closing. Later edits of holidays do not touch it.

    Durations are working time.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="sla_cycles")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    response_target = models.DurationField()
    response_elapsed = models.DurationField()
    response_due_at = models.DateTimeField()
    response_breached = models.BooleanField()
    resolution_target = models.DurationField()
    resolution_elapsed = models.DurationField()
    resolution_due_at = models.DateTimeField()
    resolution_breached = models.BooleanField()
    n2_time = models.DurationField()
    n3_time = models.DurationField()
    calendar_version = models.CharField(max_length=12)

    class Meta:
        verbose_name = "ciclo de prazos"
        verbose_name_plural = "ciclos de prazos"
        ordering = ("started_at",)
        constraints = [models.UniqueConstraint(fields=["ticket", "started_at"], name="sla_cycle_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.started_at:%Y-%m-%d %H:%M}"
