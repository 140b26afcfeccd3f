"""What the team answers with: support scripts, and the cause, from a list that curators keep for each product."""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

import worktime
from catalog import placeholders
from catalog.models.base import CatalogRow, Level
from catalog.models.steps import CoreSystem, Product, SupportType
from catalog.validators import is_link_list, is_text_list
from govbr.search import CONFIG, Fold, WordsManager, vector


class Cause(CatalogRow):
    """Why tickets of a product came about, as the team says when it resolves them; never shown to requesters."""

    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="causes")
    slug = models.SlugField("identificador", max_length=60)
    name = models.CharField("nome", max_length=100)
    position = models.PositiveSmallIntegerField("ordem", default=0)

    class Meta:
        verbose_name = "causa"
        verbose_name_plural = "causas"
        ordering = ("product", "position", "name")
        constraints = [models.UniqueConstraint(fields=["product", "slug"], name="cause_slug_unique")]

    def __str__(self) -> str:
        return self.name


class SupportScript(CatalogRow):
    """How the team deals with a known situation: what to look at, and an answer to start from. Within the team alone.

    Without a product it serves all of its core system. The answer's ``{{ … }}`` are filled in from
    a fixed list of names (``catalog.placeholders``), never by the template engine. Its words change
    only by ``catalog.script_versions``, which keeps each version.
    """

    class Profile(models.TextChoices):
        TECHNICAL = "tecnico", "Técnico"
        BUSINESS = "negocial", "Negocial"

    class Suggestion(models.TextChoices):
        ASK = "ask", "Perguntar ao solicitante"
        RESOLVE = "resolve", "Responder e encerrar"
        REFUSE = "refuse", "Encerrar por estar fora do escopo"
        ESCALATE = "escalate", "Encaminhar ao N3"
        TRANSFER = "transfer", "Transferir"

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="scripts")
    slug = models.SlugField("identificador", max_length=80)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", null=True, blank=True, related_name="scripts")
    title = models.CharField("título", max_length=120)
    support_types = models.JSONField("tipos de suporte", default=list, blank=True, validators=[is_text_list])
    """Slugs."""
    situation = models.TextField("quando usar", max_length=500)
    steps = models.JSONField("passos", default=list, validators=[is_text_list])
    reply = models.TextField("resposta modelo", max_length=5_000)
    level = models.CharField("nível", max_length=2, choices=Level.choices, default=Level.N2)
    profile = models.CharField("perfil", max_length=20, choices=Profile.choices)
    suggestion = models.CharField("ação sugerida", max_length=20, choices=Suggestion.choices, blank=True)
    keywords = models.JSONField("palavras-chave", default=list, blank=True, validators=[is_text_list])
    references = models.JSONField("referências", default=list, blank=True, validators=[is_link_list])
    written_on = models.DateField("data da versão", null=True, blank=True)
    holds = models.BooleanField("continua valendo", null=True, blank=True)
    """``None`` until somebody has looked; what does not hold any more is suggested to nobody, and marked where it is found."""
    valid_until = models.DateField("vale até", null=True, blank=True)
    review_due = models.DateField("rever até", null=True, blank=True)
    version = models.PositiveIntegerField("versão", default=0, editable=False)
    updated_at = models.DateTimeField("atualizado em", null=True, editable=False)
    note = models.TextField("observação", max_length=1_000, blank=True)
    source = models.CharField("fonte", max_length=300, blank=True)

    words = models.GeneratedField(
        expression=vector("title", weight="A")
        + SearchVector(Fold(Cast(F("keywords"), TextField())), config=CONFIG, weight="B")
        + vector("situation", weight="C")
        + SearchVector(Fold(Cast(F("steps"), TextField())), config=CONFIG, weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects: ClassVar[WordsManager[Self]] = WordsManager()

    class Meta:
        verbose_name = "roteiro"
        verbose_name_plural = "roteiros"
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="script_slug_unique")]
        indexes = [GinIndex(fields=["words"], name="script_words")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Product and types are those of the core system, placeholders those that are filled in. Raises ``ValidationError``."""
        if unknown := placeholders.unknown(self.reply):
            raise ValidationError({"reply": f"Não há campo “{{{{ {unknown[0]} }}}}”. Há estes: {placeholders.LISTED}."})
        if not self.core_system_id:
            return
        if self.product is not None and self.product.core_system_id != self.core_system_id:
            raise ValidationError({"product": "Escolha um produto do mesmo estruturante."})
        known = set(SupportType.objects.filter(core_system=self.core_system_id).values_list("slug", flat=True))
        if strangers := [slug for slug in self.support_types if slug not in known]:
            raise ValidationError({"support_types": f"Não há tipo de suporte “{strangers[0]}” neste estruturante."})


class ScriptVersion(models.Model):
    """What a script said from one moment on, and who wrote it. Nothing changes here: the database refuses it."""

    script = models.ForeignKey(SupportScript, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("versão")
    content = models.JSONField()
    """Column → value, of those that ``catalog.script_versions.SAID`` names."""
    at = models.DateTimeField("em")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """``None`` where a file was loaded."""
    note = models.CharField("o que mudou", max_length=300, blank=True)

    class Meta:
        verbose_name = "versão de roteiro"
        verbose_name_plural = "versões de roteiros"
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["script", "number"], name="script_version_once")]

    def __str__(self) -> str:
        return f"{self.script_id} ({self.number})"


class ScriptProposal(models.Model):
    """What somebody of the team would have a script say, or a script that is missing. Decided once, and kept."""

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, related_name="script_proposals")
    script = models.ForeignKey(SupportScript, models.PROTECT, null=True, verbose_name="roteiro", related_name="proposals")
    """``None`` for a new one, until it is accepted."""
    base = models.PositiveIntegerField(default=0)
    """The version that the proposer had before him."""
    product = models.ForeignKey(Product, models.PROTECT, null=True, verbose_name="produto", related_name="+")
    content = models.JSONField()
    reason = models.TextField("por quê", max_length=1_000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="quem propôs", related_name="script_proposals"
    )
    at = models.DateTimeField("proposto em", default=worktime.now)
    decided_at = models.DateTimeField("decidido em", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted = models.BooleanField("aceita", null=True)
    """Empty until somebody has decided."""
    form_id = models.UUIDField(null=True, unique=True, editable=False)
    """The form that made it; a repeat of the form finds it here."""
    answer = models.TextField("resposta a quem propôs", max_length=1_000, blank=True)

    class Meta:
        verbose_name = "proposta de roteiro"
        verbose_name_plural = "propostas de roteiros"
        ordering = ("-at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | Q(accepted__isnull=False, decided_at__isnull=False, decided_by__isnull=False),
                name="script_proposal_decided_by_somebody",
            )
        ]
        indexes = [
            models.Index(fields=["by", "-at"], name="script_proposal_by_person"),
            models.Index(fields=["-at"], condition=Q(accepted__isnull=True), name="script_proposal_open"),
        ]

    def __str__(self) -> str:
        return str(self.content.get("title", ""))
