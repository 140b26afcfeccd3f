"""What changed in the privacy notice, which everybody is owed to hear."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

import worktime


class PrivacyChange(models.Model):
    """One change of what the portal does with personal data, told to everybody who had an account then."""

    words = models.CharField(max_length=500)
    """What is different from now on, in plain words."""
    at = models.DateTimeField(default=worktime.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    told_to = models.BigIntegerField(default=0)
    """The last person, in the order of keys, for whom a notice is written."""
    told_at = models.DateTimeField(null=True, blank=True)
    """When everybody's was written."""

    class Meta:
        verbose_name = "mudança do aviso de privacidade"
        verbose_name_plural = "mudanças do aviso de privacidade"
        indexes = [models.Index(fields=["at"], condition=Q(told_at=None), name="privacy_change_to_tell")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"
