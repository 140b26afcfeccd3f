"""When somebody of the team is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import F, Q

import worktime
from accounts.models.people import User

if TYPE_CHECKING:
    from datetime import datetime


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def in_force(self, at: datetime) -> Self:
        """Those within which this moment lies; the end is not part of an absence."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class Absence(models.Model):
    """Somebody of the team is away from ``starts_at`` until ``ends_at``: meanwhile no work is given to him.

    One that was called off before it began has no length. Those of one person do not overlap
    (``accounts.absences`` sees to it).
    """

    user = models.ForeignKey(User, models.CASCADE, verbose_name="pessoa", related_name="absences")
    starts_at = models.DateTimeField("começo")
    ends_at = models.DateTimeField("fim")
    substitute = models.ForeignKey(
        User, models.SET_NULL, verbose_name="substituto", null=True, blank=True, related_name="substitutions"
    )
    declared_at = models.DateTimeField("registrada em", default=worktime.now)

    objects: ClassVar[AbsenceQuerySet] = AbsenceQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is typed as Manager

    class Meta:
        verbose_name = "ausência"
        verbose_name_plural = "ausências"
        ordering = ("-starts_at", "pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("starts_at")),
                name="absence_ends_after_start",
                violation_error_message="O fim vem depois do começo.",
            ),
            models.CheckConstraint(
                condition=Q(substitute__isnull=True) | ~Q(substitute=F("user")),
                name="absence_substitute_is_another",
                violation_error_message="O substituto é outra pessoa.",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "ends_at"], name="absence_of_person"),
            models.Index(fields=["ends_at"], name="absence_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {worktime.moment_said(self.starts_at)} a {worktime.moment_said(self.ends_at)}"
