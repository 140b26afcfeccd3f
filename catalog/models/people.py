"""Who answers for a product."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

import worktime
from catalog.models.steps import Product


class ProductRole(models.Model):
    """Somebody answers for a product (DOMAIN §2.4): it gives no access to anything. Ended rows stay as history."""

    class Role(models.TextChoices):
        OWNER = "owner", "Dono do produto (PO)"
        SUBSTITUTE = "substitute", "PO substituto"
        TECHNICAL = "technical", "Representante técnico"

    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="roles")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="pessoa", related_name="product_roles")
    role = models.CharField("papel", max_length=20, choices=Role.choices)
    started_at = models.DateTimeField("desde", default=worktime.now)
    ended_at = models.DateTimeField("encerrado em", null=True, blank=True)

    class Meta:
        verbose_name = "responsável pelo produto"
        verbose_name_plural = "responsáveis pelo produto"
        ordering = ("product", "role", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["product"],
                condition=Q(role="owner", ended_at__isnull=True),
                name="product_one_owner",
                violation_error_message="O produto já tem um dono. Encerre o papel dele antes.",
            ),
            models.UniqueConstraint(
                fields=["product", "user", "role"],
                condition=Q(ended_at__isnull=True),
                name="product_role_one_in_force",
                violation_error_message="Esta pessoa já tem este papel neste produto.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="product_role_ends_after_start",
                violation_error_message="O fim não pode vir antes do começo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()} · {self.product}"
