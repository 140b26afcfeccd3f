"""What is offered, and the queues that its tickets wait in."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from catalog.models.base import AttachmentNeed, CatalogRow, Level, Priority
from catalog.models.steps import Product, Sphere, SupportType


class Queue(models.Model):
    """Where tickets of a product wait for the team of a level."""

    slug = models.SlugField("identificador", max_length=80, unique=True)
    name = models.CharField("nome", max_length=120)
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="queues")
    level = models.CharField("nível", max_length=2, choices=Level.choices)
    active = models.BooleanField("ativa", default=True)
    successor = models.ForeignKey("self", models.PROTECT, verbose_name="sucessora", null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "fila"
        verbose_name_plural = "filas"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A queue is retired only when nothing new comes to it, and in favour of a living one. Raises ``ValidationError``."""
        problems = {}
        if self.successor_id is not None and self.successor is not None:
            if self.successor_id == self.pk:
                problems["successor"] = "Uma fila não sucede a si mesma."
            elif self.successor.level != self.level:
                problems["successor"] = f"Escolha uma fila {self.level}."
            elif not self.successor.active:
                problems["successor"] = "Escolha uma fila ativa."
        if self.pk and not self.active:
            fed = Offering.objects.filter(Q(n2_queue=self) | Q(n3_queue=self), active=True).count()
            if fed:
                problems["active"] = f"Ofertas ativas que enviam chamados para esta fila: {fed}. Mude a fila delas antes."
        if problems:
            raise ValidationError(problems)


class Offering(CatalogRow):
    """A support type of a product, offered in a sphere: what a ticket is opened for."""

    sphere = models.ForeignKey(Sphere, models.PROTECT, verbose_name="esfera", related_name="offerings")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="offerings")
    support_type = models.ForeignKey(SupportType, models.PROTECT, verbose_name="tipo de suporte", related_name="offerings")
    first_level = models.CharField("nível inicial", max_length=2, choices=Level.choices, default=Level.N2)
    n2_queue = models.ForeignKey(Queue, models.PROTECT, verbose_name="fila N2", related_name="+")
    n3_queue = models.ForeignKey(Queue, models.PROTECT, verbose_name="fila N3", related_name="+")
    default_priority = models.PositiveSmallIntegerField("prioridade inicial", choices=Priority.choices, default=Priority.MEDIUM)
    attachment_need = models.CharField("anexo", max_length=20, choices=AttachmentNeed.choices, default=AttachmentNeed.NONE)

    class Meta:
        verbose_name = "oferta"
        verbose_name_plural = "ofertas"
        ordering = ("sphere", "product", "support_type")
        constraints = [
            models.UniqueConstraint(fields=["sphere", "product", "support_type"], name="offering_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.support_type} · {self.sphere}"

    def clean(self) -> None:
        """All parts of an offering belong to one core system, each queue to its level. Raises ``ValidationError``."""
        if not self.product_id or not self.support_type_id:
            return
        if self.product.core_system_id != self.support_type.core_system_id:
            raise ValidationError("O produto e o tipo de suporte são de estruturantes diferentes.")
        problems = {}
        for name, level in (("n2_queue", Level.N2), ("n3_queue", Level.N3)):
            if getattr(self, f"{name}_id") is None:
                continue
            queue: Queue = getattr(self, name)
            if queue.level != level:
                problems[name] = f"Escolha uma fila {level}."
            elif queue.product.core_system_id != self.product.core_system_id:
                problems[name] = "Escolha uma fila do mesmo estruturante."
            elif not queue.active and self.active:
                problems[name] = "Esta fila está desativada. Escolha outra ou desative a oferta."
        if problems:
            raise ValidationError(problems)

    def queue_at(self, level: str) -> Queue:
        return self.n3_queue if level == Level.N3 else self.n2_queue
