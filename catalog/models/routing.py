"""What the desk does in known situations."""

from __future__ import annotations

from django.db import models

from catalog.models.base import CatalogRow, Priority
from catalog.models.steps import CoreSystem


class RoutingRule(CatalogRow):
    """What the real desk does in a known situation: typed conditions, outcome, texts."""

    class Outcome(models.TextChoices):
        WARN = "avisar", "Avisar o solicitante"
        ADVISE_REFUSAL = "orientar-e-encerrar", "Orientar e encerrar"
        ADVISE_FIRST = "orientar-antes", "Orientar antes de analisar"
        ESCALATE = "encaminhar-n3", "Encaminhar ao N3"
        REQUIRE_EVIDENCE = "exigir-evidencia", "Pedir evidências antes de analisar"

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="routing_rules")
    slug = models.SlugField("identificador", max_length=60)
    situation = models.CharField("situação", max_length=300)
    conditions = models.JSONField("condições")
    outcome = models.CharField("resultado", max_length=30, choices=Outcome.choices)
    requester_text = models.TextField("texto para o solicitante", max_length=1000, blank=True)
    analyst_text = models.TextField("texto para o atendente", max_length=1000)
    priority = models.PositiveSmallIntegerField("prioridade", choices=Priority.choices, null=True, blank=True)
    source = models.URLField("fonte", max_length=400, blank=True)
    position = models.PositiveSmallIntegerField("ordem", default=0)

    class Meta:
        verbose_name = "regra de roteamento"
        verbose_name_plural = "regras de roteamento"
        ordering = ("position",)
        constraints = [models.UniqueConstraint(fields=["core_system", "slug"], name="routing_rule_slug_unique")]

    def __str__(self) -> str:
        return self.situation
