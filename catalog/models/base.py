"""What the rows of the catalog have in common."""

from __future__ import annotations

from django.db import models


class CatalogRow(models.Model):
    """A row that ``load_catalog`` keeps in step with the catalog file, keyed by slug."""

    active = models.BooleanField("ativo", default=True)
    loaded_digest = models.CharField(max_length=64, blank=True, editable=False)
    """SHA-256 of the values last loaded: where the row differs, somebody edited it since."""

    class Meta:
        abstract = True


class Level(models.TextChoices):
    N2 = "N2", "N2"
    N3 = "N3", "N3"


class Priority(models.IntegerChoices):
    """Worked in this order; a lower number goes first."""

    URGENT = 1, "Urgente"
    HIGH = 2, "Alta"
    MEDIUM = 3, "Média"
    LOW = 4, "Baixa"


class AttachmentNeed(models.TextChoices):
    NONE = "nao", "Não pedido"
    SUGGESTED = "sugerido", "Sugerido"
    REQUIRED = "obrigatorio", "Obrigatório"
