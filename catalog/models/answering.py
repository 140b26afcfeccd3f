"""What the team ends a ticket with: the cause, from a list that curators keep for each product."""

from __future__ import annotations

from django.db import models

from catalog.models.base import CatalogRow
from catalog.models.steps import Product


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
