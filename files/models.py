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
    return random_token()


def random_token() -> str:
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


class Upload(models.Model):
    """A file that goes up in pieces (``files.chunks``); finished, it is a ``StoredFile`` of the same id."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form_id = models.UUIDField()
    name = models.CharField("nome", max_length=NAME_LENGTH)
    size = models.PositiveBigIntegerField("tamanho em bytes")
    mark = models.CharField(max_length=64, blank=True)
    """What the browser says of the file's version, so that another file of the same name is not its continuation."""
    received = models.PositiveBigIntegerField("recebido em bytes", default=0)
    """All bytes before this one are here."""
    created_at = models.DateTimeField(default=worktime.now)
    touched_at = models.DateTimeField(default=worktime.now)

    class Meta:
        verbose_name = "envio"
        verbose_name_plural = "envios"
        indexes = [models.Index(fields=["touched_at"], name="upload_abandoned")]

    def __str__(self) -> str:
        return self.name


class Piece(models.Model):
    """One piece of an upload, as it lies in the storage until the file is whole."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces")
    offset = models.PositiveBigIntegerField()
    path = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ("offset",)
        constraints = [models.UniqueConstraint(fields=["upload", "offset"], name="piece_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.offset}"
