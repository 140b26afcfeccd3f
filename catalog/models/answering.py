"""What the team answers with: support scripts, and the cause, from a list that curators keep for each product."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models

from catalog.models.base import CatalogRow, Level
from catalog.models.steps import CoreSystem, Product, SupportType
from catalog.validators import is_link_list, is_text_list


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
    a fixed list of names, never by the template engine.
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
    """``None`` until somebody has looked; what does not hold any more is offered to nobody."""
    note = models.TextField("observação", max_length=1_000, blank=True)
    source = models.CharField("fonte", max_length=300, blank=True)

    class Meta:
        verbose_name = "roteiro"
        verbose_name_plural = "roteiros"
        ordering = ("title",)
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="script_slug_unique")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Product and types are those of the core system. Raises ``ValidationError``."""
        if not self.core_system_id:
            return
        if self.product is not None and self.product.core_system_id != self.core_system_id:
            raise ValidationError({"product": "Escolha um produto do mesmo estruturante."})
        known = set(SupportType.objects.filter(core_system=self.core_system_id).values_list("slug", flat=True))
        if unknown := [slug for slug in self.support_types if slug not in known]:
            raise ValidationError({"support_types": f"Não há tipo de suporte “{unknown[0]}” neste estruturante."})
