"""What people may do, and where (DESIGN §8)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

import worktime
from accounts.models.bodies import Agency
from accounts.models.people import User


class RoleGrant(models.Model):
    """A person holds a role within a scope. Ended grants stay as history."""

    class Role(models.TextChoices):
        ANALYST = "analyst", "Atendente"
        LEAD = "lead", "Líder de fila"
        MANAGER = "manager", "Gestor"
        CURATOR = "curator", "Curador"
        DPO = "dpo", "Encarregado de dados"
        OMBUDSMAN = "ombudsman", "Ouvidor"
        ADMIN = "admin", "Administrador"

    user = models.ForeignKey(User, models.CASCADE, verbose_name="pessoa", related_name="grants")
    role = models.CharField("papel", max_length=20, choices=Role.choices)
    core_system = models.ForeignKey(
        "catalog.CoreSystem", models.PROTECT, verbose_name="estruturante", null=True, blank=True, related_name="grants"
    )
    queue = models.ForeignKey(
        "catalog.Queue", models.PROTECT, verbose_name="fila", null=True, blank=True, related_name="grants"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="órgão", null=True, blank=True, related_name="grants")
    started_at = models.DateTimeField("desde", default=worktime.now)
    ended_at = models.DateTimeField("encerrada em", null=True, blank=True)

    class Meta:
        verbose_name = "papel concedido"
        verbose_name_plural = "papéis concedidos"
        constraints = [
            # Each role has its own kind of scope: queue for who works tickets, system or body for
            # who oversees them, none for who serves the whole portal.
            models.CheckConstraint(
                condition=Q(role__in=["analyst", "lead"], queue__isnull=False, core_system__isnull=True, agency__isnull=True)
                | Q(role="manager", queue__isnull=True, core_system__isnull=False, agency__isnull=True)
                | Q(role="manager", queue__isnull=True, core_system__isnull=True, agency__isnull=False)
                | Q(role="curator", queue__isnull=True, core_system__isnull=False, agency__isnull=True)
                | Q(role__in=["dpo", "ombudsman", "admin"], queue__isnull=True, core_system__isnull=True, agency__isnull=True),
                name="grant_scope_fits_role",
                violation_error_message=(
                    "Atendente e líder pedem uma fila; gestor, um estruturante ou um órgão; "
                    "curador, um estruturante; os demais papéis não têm escopo."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "core_system", "queue", "agency"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="grant_one_in_force",
                violation_error_message="Esta pessoa já tem este papel neste escopo.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="grant_ends_after_start",
                violation_error_message="O fim não pode vir antes do começo.",
            ),
        ]

    def __str__(self) -> str:
        scope = self.queue or self.core_system or self.agency
        return f"{self.user}: {self.get_role_display()}" + (f" · {scope}" if scope else "")
