"""Public bodies, and who acts for them."""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

import worktime
from accounts.models.people import User
from accounts.regions import State
from govbr.search import NAMES, vector

SAID: Final = vector("acronym", "name", config=NAMES)
"""What a body is looked for by. No column: only an index has it."""


class Agency(models.Model):
    """A public body."""

    class Power(models.TextChoices):
        EXECUTIVE = "executivo", "Executivo"
        LEGISLATIVE = "legislativo", "Legislativo"
        JUDICIARY = "judiciario", "Judiciário"
        PROSECUTION = "ministerio-publico", "Ministério Público"
        DEFENDER = "defensoria", "Defensoria Pública"
        AUDIT_COURT = "tribunal-de-contas", "Tribunal de Contas"

    class LegalNature(models.TextChoices):
        DIRECT = "administracao-direta", "Administração direta"
        AUTARCHY = "autarquia", "Autarquia"
        FOUNDATION = "fundacao", "Fundação"
        PUBLIC_COMPANY = "empresa-publica", "Empresa pública"
        MIXED_COMPANY = "sociedade-economia-mista", "Sociedade de economia mista"
        CONSORTIUM = "consorcio", "Consórcio público"

    class Kind(models.TextChoices):
        """What delegated support looks at (catalog's routing rules)."""

        COMMON = "comum", "Comum"
        PROSECUTION = "mp", "Ministério Público"
        LABOUR_COURT = "trt", "Tribunal Regional do Trabalho"
        COUNCIL = "conselho", "Conselho supervisor"

    slug = models.SlugField("identificador", max_length=60, unique=True)
    name = models.CharField("nome", max_length=200)
    acronym = models.CharField("sigla", max_length=30)
    sphere = models.ForeignKey("catalog.Sphere", models.PROTECT, verbose_name="esfera", related_name="agencies")
    state = models.CharField("UF", max_length=2, choices=State.choices, blank=True)
    power = models.CharField("poder", max_length=30, choices=Power.choices)
    legal_nature = models.CharField("natureza jurídica", max_length=30, choices=LegalNature.choices)
    kind = models.CharField("tipo", max_length=20, choices=Kind.choices, default=Kind.COMMON)
    supervising_body = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="supervisor", null=True, blank=True, related_name="supervised"
    )
    siorg_code = models.PositiveIntegerField("código SIORG", null=True, blank=True, unique=True)
    active = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "órgão"
        verbose_name_plural = "órgãos"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(supervising_body__isnull=True) | ~Q(supervising_body=F("pk")),
                name="agency_does_not_supervise_itself",
                violation_error_message="Um órgão não supervisiona a si mesmo.",
            ),
        ]
        indexes = [GinIndex(SAID, name="agency_said")]

    def __str__(self) -> str:
        return f"{self.acronym} – {self.name}"


class Membership(models.Model):
    """A person acts for a public body. It gives access to nothing until it is confirmed."""

    class Role(models.TextChoices):
        MEMBER = "membro", "Servidor ou colaborador"
        FOCAL_POINT = "ponto-focal", "Ponto focal"

    user = models.ForeignKey(User, models.CASCADE, verbose_name="pessoa", related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="órgão", related_name="memberships")
    role = models.CharField("papel", max_length=20, choices=Role.choices, default=Role.MEMBER)
    started_at = models.DateTimeField("desde", default=worktime.now)
    confirmed_at = models.DateTimeField("confirmado em", null=True, blank=True)
    ended_at = models.DateTimeField("encerrado em", null=True, blank=True)

    class Meta:
        verbose_name = "vínculo"
        verbose_name_plural = "vínculos"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                condition=Q(ended_at__isnull=True),
                name="membership_one_in_force",
                violation_error_message="Esta pessoa já tem um vínculo com este órgão.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
                violation_error_message="O fim não pode vir antes do começo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.agency.acronym}"
