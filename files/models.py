"""Files that people send: kept outside the web root under random names, never served by path."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

import worktime

NAME_LENGTH = 150


def random_path(instance: StoredFile, filename: str) -> str:
    """A path that tells nothing and cannot be guessed: 256 random bits, no extension."""
    token = secrets.token_hex(32)
    return f"{token[:2]}/{token[2:4]}/{token}"


class StoredFile(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content = models.FileField(upload_to=random_path, max_length=80, unique=True)
    name = models.CharField("nome", max_length=NAME_LENGTH)
    content_type = models.CharField("tipo", max_length=100)
    size = models.PositiveBigIntegerField("tamanho em bytes")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    form_id = models.UUIDField(null=True, db_index=True)
    """The form it was sent with, so that a form sent again finds its files."""
    created_at = models.DateTimeField(default=worktime.now)

    attached_at = models.DateTimeField(null=True)
    """Since when something holds it; until then it waits on its form and may be swept."""

    kept_until = models.DateTimeField(null=True)
    """A draft holds the form: until then the sweep spares what waits on it."""

    class Meta:
        verbose_name = "arquivo"
        verbose_name_plural = "arquivos"
        indexes = [models.Index(fields=["created_at"], condition=Q(attached_at__isnull=True), name="file_waiting")]

    def __str__(self) -> str:
        return self.name
