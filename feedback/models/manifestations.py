"""Suggestions, complaints and praise for the ombudsman. They have nothing to do with tickets."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Func, Q, Value
from django.urls import reverse

from catalog.models import Product
from feedback.querysets import ManifestationQuerySet
from tickets.models.ticket import GivenNumber

FIRST_NUMBER = 100_001
"""Six digits, so that nobody takes one for a ticket's number."""
MAX_WORDS = 5_000
MAX_PUBLISHED = 2_000


class Manifestation(models.Model):
    """What somebody tells the ombudsman. Only ``feedback.manifestations`` writes it."""

    class Kind(models.TextChoices):
        SUGGESTION = "sugestao", "Sugestão"
        COMPLAINT = "reclamacao", "Reclamação"
        PRAISE = "elogio", "Elogio"

    class Status(models.TextChoices):
        RECEIVED = "received", "Em análise na ouvidoria"
        FORWARDED = "forwarded", "Em análise na área responsável"
        ANSWERED = "answered", "Respondida"
        CLOSED = "closed", "Concluída"

    number = GivenNumber(
        "número", unique=True, editable=False, db_default=Func(Value("feedback_manifestation_number"), function="nextval")
    )
    kind = models.CharField("tipo", max_length=10, choices=Kind.choices)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="quem escreveu",
        null=True,
        blank=True,
        db_index=False,
        related_name="manifestations",
    )
    """Empty where somebody wrote without a name."""
    code_hash = models.CharField(max_length=64, blank=True)
    """SHA-256 of the code with which who has no name here follows it."""
    request_id = models.UUIDField(unique=True)
    """The form that it came by; a repeat finds it here."""
    product = models.ForeignKey(
        Product, models.PROTECT, verbose_name="produto", null=True, blank=True, db_index=False, related_name="+"
    )
    body = models.TextField("texto", max_length=MAX_WORDS)
    registered_at = models.DateTimeField("recebida em")
    status = models.CharField("situação", max_length=10, choices=Status.choices, default=Status.RECEIVED)
    due_on = models.DateField("responder até")
    """The last day for the answer, in Brasília."""
    extended = models.BooleanField("prorrogada", default=False)
    answered_at = models.DateTimeField("respondida em", null=True, blank=True)
    """The first answer: with it the deadline is kept."""
    has_news = models.BooleanField("há novidade de quem escreveu", default=False)
    """The author wrote again since the ombudsman last answered."""
    area = models.CharField("área consultada", max_length=120, blank=True)
    area_due_on = models.DateField("área responde até", null=True, blank=True)
    area_extended = models.BooleanField(default=False)

    may_publish = models.BooleanField("publicação autorizada", default=False)
    show_name = models.BooleanField("nome autorizado", default=False)
    published_text = models.TextField("texto publicado", max_length=MAX_PUBLISHED, blank=True)
    published_at = models.DateTimeField("publicado em", null=True, blank=True)

    objects: ClassVar[ManifestationQuerySet] = ManifestationQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is typed as Manager

    class Meta:
        verbose_name = "manifestação"
        verbose_name_plural = "manifestações"
        constraints = [
            models.CheckConstraint(
                condition=Q(author__isnull=False, code_hash="") | Q(author__isnull=True, show_name=False) & ~Q(code_hash=""),
                name="manifestation_author_or_code",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["answered", "closed"]) | Q(answered_at__isnull=False),
                name="manifestation_answered_before_closed",
            ),
            models.CheckConstraint(
                condition=Q(status="forwarded", area_due_on__isnull=False) & ~Q(area="")
                | ~Q(status="forwarded") & Q(area_due_on__isnull=True),
                name="manifestation_forwarded_has_deadline",
            ),
            models.CheckConstraint(
                condition=Q(may_publish=False) | Q(kind="elogio"), name="manifestation_only_praise_is_published"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(may_publish=True) & ~Q(published_text=""),
                name="manifestation_published_with_consent",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on", "number"], condition=Q(answered_at__isnull=True), name="manifestation_due"),
            models.Index(fields=["number"], condition=Q(has_news=True), name="manifestation_news"),
            models.Index(fields=["author", "-number"], name="manifestation_of_author"),
            models.Index(
                fields=["-published_at", "-number"], condition=Q(published_at__isnull=False), name="manifestation_praise"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("manifestation", args=[self.number])


class ManifestationTurn(models.Model):
    """One turn of a manifestation, never changed. What the author reads of it is in ``feedback.trail``."""

    class Action(models.TextChoices):
        REGISTER = "register", "Recebida"
        WORDS = "words", "Quem escreveu acrescentou"
        FORWARD = "forward", "Encaminhada a uma área"
        EXTEND_AREA = "extend_area", "Prazo da área prorrogado"
        AREA_REPLIED = "area_replied", "A área respondeu"
        EXTEND = "extend", "Prazo prorrogado"
        ANSWER = "answer", "Resposta da ouvidoria"
        CLOSE = "close", "Concluída"
        CONSENT = "consent", "Publicação autorizada"
        WITHDRAW_CONSENT = "withdraw_consent", "Autorização retirada"
        PUBLISH = "publish", "Elogio publicado"
        UNPUBLISH = "unpublish", "Elogio retirado da página"

    manifestation = models.ForeignKey(Manifestation, models.PROTECT, related_name="turns", db_index=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=20, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    """Who of the ombudsman's office; empty for the author, who is never named here."""
    words = models.TextField(blank=True)
    area = models.CharField(max_length=120, blank=True)
    until = models.DateField(null=True)
    """The deadline that it set, if any."""
    request_id = models.UUIDField(unique=True)
    """The form that asked for it; a repeat does nothing."""

    class Meta:
        verbose_name = "andamento"
        verbose_name_plural = "andamentos"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["manifestation", "at", "id"], name="manifestation_trail")]

    def __str__(self) -> str:
        return f"{self.manifestation_id} {self.action}"
