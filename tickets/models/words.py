"""What was said and sent on a ticket."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Q, When

from catalog.models import FormField, SupportScript
from catalog.validators import MAX_PLACE
from govbr.search import WordsManager, vector
from tickets.models.event import TicketEvent
from tickets.models.ticket import Ticket

REDACTED = "[trecho oculto]"
"""What stands in the place of hidden words."""

Kind = FormField.Kind


class Message(models.Model):
    """Words on a ticket: public, or internal to the team."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="messages")
    event = models.OneToOneField(TicketEvent, models.PROTECT, related_name="message")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    internal = models.BooleanField(default=False)
    from_team = models.BooleanField(default=False)
    body = models.TextField(max_length=20_000)
    created_at = models.DateTimeField()
    redacted_at = models.DateTimeField(null=True, blank=True)
    script = models.ForeignKey(SupportScript, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    """The support script that the words rest on; only the team hears of it, as of the article."""
    article = models.CharField(max_length=MAX_PLACE, blank=True, default="")
    """An address of the web, or a path of this portal."""

    words = models.GeneratedField(expression=vector("body"), output_field=SearchVectorField(), db_persist=True, editable=False)

    objects: ClassVar[WordsManager[Self]] = WordsManager()

    class Meta:
        verbose_name = "mensagem"
        verbose_name_plural = "mensagens"
        ordering = ("created_at", "id")
        indexes = [
            models.Index(fields=["ticket", "created_at", "id"], name="message_conversation"),
            models.Index(fields=["script"], condition=Q(script__isnull=False), name="message_by_script"),
            GinIndex(fields=["words"], name="message_words"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.body[:40]}"


SEARCHED = [kind.value for kind in (Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.URL, Kind.CNPJ)]
"""The kinds of answer that a search reads. Personal data is not searched; dates and marks say nothing."""


class Answer(models.Model):
    """An answer of the offering's form, with the question as it was asked."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="answers")
    name = models.SlugField(max_length=60)
    label = models.CharField(max_length=150)
    kind = models.CharField(max_length=20, choices=FormField.Kind.choices)
    options = models.JSONField(default=list)
    value = models.TextField(max_length=20_000)
    """Canonical text: digits of CPF, CNPJ and phone; ISO 8601 dates; ``sim``/``nao``."""
    position = models.PositiveSmallIntegerField()
    redacted_at = models.DateTimeField(null=True, blank=True)

    words = models.GeneratedField(
        expression=Case(When(kind__in=SEARCHED, then=vector("value"))),
        output_field=SearchVectorField(null=True),
        db_persist=True,
        editable=False,
    )

    objects: ClassVar[WordsManager[Self]] = WordsManager()

    class Meta:
        verbose_name = "resposta"
        verbose_name_plural = "respostas"
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["ticket", "name"], name="answer_once")]
        indexes = [GinIndex(fields=["words"], name="answer_words")]

    def __str__(self) -> str:
        return f"{self.label}: {self.value[:40]}"


class Attachment(models.Model):
    """A file on a ticket: of a message, or of a field of the form."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="attachments")
    file = models.OneToOneField("files.StoredFile", models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, models.PROTECT, null=True, related_name="attachments")
    field_name = models.CharField(max_length=60, blank=True)
    internal = models.BooleanField(default=False)
    redacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "anexo"
        verbose_name_plural = "anexos"
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.file)
