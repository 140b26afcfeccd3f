"""Which tickets belong together."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

import worktime
from tickets.models.ticket import Ticket


class LinkQuerySet(models.QuerySet["TicketLink"]):
    def in_force(self) -> Self:
        return self.filter(removed_at=None)

    def touching(self, ticket: Ticket) -> Self:
        return self.filter(Q(ticket=ticket) | Q(other=ticket))


class TicketLink(models.Model):
    """Two tickets belong together; what was removed stays as history.

    Two tickets have one link at most, and a ticket one parent at most. That a ticket repeats
    another is no link: that is ``Ticket.duplicate_of``.
    """

    class Kind(models.TextChoices):
        RELATED = "related", "Relacionados"
        PARENT = "parent", "Um faz parte do outro"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="links_from")
    """The child; of two related ones the earlier, so that a pair is written in one way only."""
    other = models.ForeignKey(Ticket, models.PROTECT, related_name="links_to")
    """The parent; of two related ones the later."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=worktime.now)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    objects: ClassVar[LinkQuerySet] = LinkQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is typed as Manager

    class Meta:
        verbose_name = "ligação"
        verbose_name_plural = "ligações"
        constraints = [
            models.UniqueConstraint(
                Least("ticket", "other"), Greatest("ticket", "other"), condition=Q(removed_at=None), name="link_once"
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(kind="parent", removed_at=None), name="link_one_parent_at_most"
            ),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="link_of_two_tickets"),
            models.CheckConstraint(condition=Q(kind="parent") | Q(ticket__lt=F("other")), name="link_related_in_order"),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by=None) | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="link_removed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"
