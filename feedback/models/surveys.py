"""What the requester thought of the answer: the question, which knows its closing, and the answer, which knows nobody."""

from __future__ import annotations

import secrets
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from catalog.models import Product, Queue
from feedback.reasons import LABELS
from tickets.models import Ticket, TicketEvent

TOKEN_BYTES = 24
"""192 random bits (``secrets``): nobody guesses one."""
MAX_COMMENT = 2_000


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


class Survey(models.Model):
    """The question about one closing, at most one a closing. Whether it was answered stands here, not how or when."""

    closing = models.OneToOneField(TicketEvent, models.PROTECT, related_name="survey")
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    expires_at = models.DateTimeField()
    """The last moment for an answer."""
    invite_at = models.DateTimeField(null=True)
    """When the invitation goes by mail; empty when it went, or never will."""
    answered = models.BooleanField(default=False)

    class Meta:
        verbose_name = "pesquisa de satisfação"
        verbose_name_plural = "pesquisas de satisfação"
        indexes = [
            models.Index(fields=["expires_at"], name="survey_newest"),
            models.Index(fields=["invite_at", "id"], condition=Q(invite_at__isnull=False), name="survey_to_invite"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class SurveyAnswer(models.Model):
    """One opinion. It points to no ticket and no person, and its id is random, so that no order gives anybody away.

    See docs/adr on what is kept and why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answered_on = models.DateField("respondida em")
    """In Brasília."""
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="+", db_index=False)
    queue = models.ForeignKey(Queue, models.PROTECT, verbose_name="fila", related_name="+", db_index=False)
    closure = models.CharField("encerramento", max_length=20, choices=Ticket.Closure.choices)
    stars = models.PositiveSmallIntegerField("nota", choices=[(int(stars), label) for stars, label in LABELS.items()])
    reasons = ArrayField(models.CharField(max_length=30), verbose_name="motivos", default=list, blank=True)
    comment = models.TextField("comentário", max_length=MAX_COMMENT, blank=True)

    class Meta:
        verbose_name = "resposta da pesquisa"
        verbose_name_plural = "respostas da pesquisa"
        constraints = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="survey_answer_stars")]
        indexes = [
            models.Index(fields=["-answered_on", "id"], name="survey_answer_newest"),
            models.Index(fields=["queue", "-answered_on"], name="survey_answer_by_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.stars}"
