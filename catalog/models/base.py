"""What the rows of the catalog have in common."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
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


class SaysWhere(models.Model):
    """Constraints whose sentence stands beside a field: their ``violation_error_code`` is its name."""

    class Meta:
        abstract = True

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        try:
            super().validate_constraints(exclude)
        except ValidationError as error:
            names = {field.name for field in self._meta.fields}
            placed: dict[str, list[ValidationError]] = {}
            for field, problems in error.error_dict.items():
                for problem in problems:
                    place = problem.code if field == NON_FIELD_ERRORS and problem.code in names else field
                    placed.setdefault(place or field, []).append(problem)
            raise ValidationError(placed) from error
