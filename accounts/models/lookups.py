"""Who of the team looked for whom."""

from __future__ import annotations

from django.db import models

import worktime
from accounts.models.people import User


class PersonLookup(models.Model):
    """Somebody of the team looked for a person by a whole e-mail or CPF. What was typed is not kept."""

    class By(models.TextChoices):
        EMAIL = "email", "E-mail"
        CPF = "cpf", "CPF"

    user = models.ForeignKey(User, models.PROTECT, related_name="lookups", db_index=False)
    at = models.DateTimeField(default=worktime.now)
    by = models.CharField(max_length=5, choices=By.choices)
    found = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    """Empty where nobody was found."""

    class Meta:
        verbose_name = "consulta a pessoas"
        verbose_name_plural = "consultas a pessoas"
        indexes = [
            models.Index(fields=["user", "at"], name="lookup_by_person"),
            models.Index(fields=["found", "at"], name="lookup_of_person"),
            models.Index(fields=["at", "id"], name="lookup_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.found_id} {self.at:%Y-%m-%d %H:%M}"
