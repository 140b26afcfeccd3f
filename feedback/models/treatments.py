"""What is done about low ratings and manifestations (docs/adr/0053)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import Product
from feedback.models.manifestations import Manifestation
from feedback.treatment_lists import TreatmentQuerySet

MAX_NOTE = 2_000


class Theme(models.Model):
    """What opinions have in common: a short list that the ombudsman and the curators keep."""

    name = models.CharField("nome", max_length=60, unique=True)
    position = models.PositiveSmallIntegerField("ordem", default=0)
    active = models.BooleanField("em uso", default=True)
    """Taken out of use it is offered no more; what has it keeps it."""

    class Meta:
        verbose_name = "tema"
        verbose_name_plural = "temas"
        ordering = ("position", "name")

    def __str__(self) -> str:
        return self.name


class Treatment(models.Model):
    """One low rating or one manifestation, and how far its treatment is. Only ``feedback.treatments`` writes it.

    Of a rating it holds what the desk reads of it: the month, never the day. Its id is random and no moment says when it
    was made, so that neither an order nor a time leads to who gave the rating.
    """

    class Kind(models.TextChoices):
        RATING = "avaliacao", "Avaliação baixa"
        SUGGESTION = Manifestation.Kind.SUGGESTION.value, Manifestation.Kind.SUGGESTION.label
        COMPLAINT = Manifestation.Kind.COMPLAINT.value, Manifestation.Kind.COMPLAINT.label
        PRAISE = Manifestation.Kind.PRAISE.value, Manifestation.Kind.PRAISE.label

    class State(models.TextChoices):
        NEW = "new", "Novo"
        LOOKING = "looking", "Em análise"
        DONE = "done", "Tratado"
        NOTHING = "nothing", "Nada a fazer"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("tipo", max_length=10, choices=Kind.choices)
    answer = models.UUIDField(null=True, unique=True)
    """The rating's id, which it keeps when its day is written anew. No foreign key: the row goes and comes again."""
    manifestation = models.OneToOneField(Manifestation, models.PROTECT, null=True, related_name="treatment")
    product = models.ForeignKey(
        Product, models.PROTECT, verbose_name="produto", null=True, blank=True, db_index=False, related_name="+"
    )
    month = models.DateField("chegou em")
    """The first day of the month in which it came, in Brasília."""
    due_on = models.DateField("responder até", null=True)
    """The law's deadline, as long as a manifestation has no answer."""
    state = models.CharField("situação", max_length=10, choices=State.choices, default=State.NEW)
    theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name="tema", null=True, blank=True, db_index=False, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)
    """Since when there is nothing more to do."""

    objects: ClassVar[TreatmentQuerySet] = TreatmentQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is typed as Manager

    class Meta:
        verbose_name = "tratamento"
        verbose_name_plural = "tratamentos"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="avaliacao", answer__isnull=False, manifestation__isnull=True, due_on__isnull=True)
                | ~Q(kind="avaliacao") & Q(answer__isnull=True, manifestation__isnull=False),
                name="treatment_of_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "nothing"], settled_at__isnull=False)
                | Q(state__in=["new", "looking"], settled_at__isnull=True),
                name="treatment_settled_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "month", "id"], condition=Q(state__in=["new", "looking"]), name="treatment_work_order"
            ),
            models.Index(fields=["-month", "id"], name="treatment_newest"),
            models.Index(fields=["product", "-month", "id"], name="treatment_of_product"),
            models.Index(fields=["theme", "-month", "id"], name="treatment_of_theme"),
            models.Index(fields=["settled_at"], condition=Q(settled_at__isnull=False), name="treatment_settled"),
        ]

    def __str__(self) -> str:
        return str(self.manifestation) if self.manifestation_id else str(self.Kind.RATING.label)


class TreatmentNote(models.Model):
    """What was done, by whom and when; the database refuses to change or delete it."""

    treatment = models.ForeignKey(Treatment, models.PROTECT, related_name="notes", db_index=False)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    """Empty where the portal itself says that there is something new."""
    state = models.CharField(max_length=10, choices=Treatment.State.choices)
    theme = models.ForeignKey(Theme, models.PROTECT, null=True, related_name="+", db_index=False)
    words = models.TextField(blank=True)
    request_id = models.UUIDField(unique=True)
    """The form that asked for it; a repeat does nothing."""

    class Meta:
        verbose_name = "anotação"
        verbose_name_plural = "anotações"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["treatment", "at", "id"], name="treatment_note_trail")]

    def __str__(self) -> str:
        return f"{self.treatment_id} {self.state}"
