"""Files that people send: kept outside the web root under random names, never served by path."""

from __future__ import annotations

import secrets
import uuid

from django.conf import settings
from django.core.files.storage import default_storage
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


class Scan(models.TextChoices):
    """What the antivirus says of a file. Without one nothing is asked, and ``UNASKED`` files are served."""

    UNASKED = "", "não verificado"
    HELD = "held", "em verificação"
    CLEAN = "clean", "sem vírus conhecido"
    INFECTED = "infected", "com vírus"


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

    scan = models.CharField("antivírus", max_length=10, choices=Scan.choices, default=Scan.UNASKED, blank=True)
    scan_due_at = models.DateTimeField("próxima tentativa", null=True)
    """When a held file is shown to the antivirus next; while it is, this is its lease."""
    scan_tries = models.PositiveSmallIntegerField("tentativas", default=0)
    scan_said = models.CharField("resposta do antivírus", max_length=200, blank=True)
    """The last failure while held; the name of what was found when infected."""
    infection_told_at = models.DateTimeField(null=True)
    """Since when who sent an infected file knows."""

    preview_path = models.CharField(max_length=80, blank=True)
    """Where the small picture of a picture lies (``files.preview``); empty while there is none."""
    preview_due_at = models.DateTimeField(null=True)
    """When it is made, where one is to be; while it is made, this is its lease."""
    preview_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "arquivo"
        verbose_name_plural = "arquivos"
        indexes = [
            models.Index(fields=["created_at"], condition=Q(attached_at__isnull=True), name="file_waiting"),
            models.Index(fields=["scan_due_at"], condition=Q(scan="held"), name="file_held"),
            models.Index(fields=["id"], condition=Q(scan="infected"), name="file_infected"),
            models.Index(
                fields=["preview_due_at"],
                condition=Q(preview_due_at__isnull=False, attached_at__isnull=False),
                name="file_preview_due",
            ),
            models.Index(fields=["preview_path"], condition=~Q(preview_path=""), name="file_preview"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def servable(self) -> bool:
        """Whether it may leave the storage for anybody's browser."""
        return self.scan in (Scan.UNASKED, Scan.CLEAN)

    def delete_content(self) -> None:
        """What the storage holds of it goes; the row is the caller's."""
        for path in filter(None, (self.content.name, self.preview_path)):
            default_storage.delete(path)


class RetainedFile(StoredFile):
    """A file that the antivirus has not let through, for the administrator's list."""

    class Meta:
        proxy = True
        verbose_name = "arquivo retido"
        verbose_name_plural = "arquivos retidos"

    def __str__(self) -> str:
        """Not its name: that is the business of who reads the ticket."""
        return str(self.pk)


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

    @property
    def percent(self) -> int:
        """How much of it is here, rounded down."""
        return self.received * 100 // self.size


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
