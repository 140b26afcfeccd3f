"""What everybody may read of praise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feedback.models import Manifestation

if TYPE_CHECKING:
    from django.db.models import QuerySet


def published() -> QuerySet[Manifestation]:
    """Published praise with its product and, where the name may be shown, its author; newest first."""
    return Manifestation.objects.published().select_related("product", "author")
