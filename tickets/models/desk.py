"""What the desk keeps for the people who work there. Nothing of it belongs to a ticket's life."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from catalog.models import CoreSystem, Level, Product, Queue, SupportType
from tickets.models.event import TicketEvent
from tickets.models.ticket import Ticket


class Look(models.Model):
    """How far somebody of the team has read a ticket, and whether he is at it now. It may be lost: it is no record."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, db_index=False, related_name="looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_event_id = models.BigIntegerField()
    """The ticket's last event when he last opened it. A bare id: a look must not keep an event from anything."""
    here_until = models.DateTimeField(null=True)
    """He has the ticket open until then, as far as his page has told."""
    writing_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "olhar"
        verbose_name_plural = "olhares"
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="look_once")]

    def __str__(self) -> str:
        return f"{self.user_id} → {self.ticket_id} {self.seen_event_id}"


class SavedView(models.Model):
    """What narrows a level's list, kept under a name: one person's own, or shared with who works a queue."""

    MAX_NAME = 60

    level = models.CharField("nível", max_length=2, choices=Level.choices)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="quem guardou", related_name="saved_views")
    queue = models.ForeignKey(
        Queue, models.CASCADE, verbose_name="fila", null=True, blank=True, db_index=False, related_name="saved_views"
    )
    """With whom it is shared; empty: with nobody."""
    name = models.CharField("nome", max_length=MAX_NAME)
    chosen: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    """Filter → value, as in the list's address. What is on no filter's list is left out when it is read."""
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "visão"
        verbose_name_plural = "visões"
        constraints = [
            models.UniqueConstraint(fields=["queue", "name"], condition=Q(queue__isnull=False), name="saved_view_once_a_queue"),
            models.UniqueConstraint(
                fields=["owner", "level", "name"], condition=Q(queue__isnull=True), name="saved_view_once_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Somebody knows how to deal with a kind of request in a queue: who assigns is shown it first. It gives no right."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills", db_index=False)
    queue = models.ForeignKey(Queue, models.CASCADE, related_name="skills")
    support_type = models.ForeignKey(SupportType, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "habilidade"
        verbose_name_plural = "habilidades"
        constraints = [models.UniqueConstraint(fields=["user", "queue", "support_type"], name="skill_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.support_type_id} @ {self.queue_id}"


class Macro(models.Model):
    """A reply and an action with its facts, done by one press (``tickets.macros``).

    One's own, or shared with who works the same core system, product or queue.
    """

    name = models.CharField("nome", max_length=80)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="de quem é", related_name="macros")
    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", related_name="+")
    product = models.ForeignKey(
        Product, models.PROTECT, verbose_name="produto", null=True, blank=True, related_name="+", help_text="Vazio: todos."
    )
    queue = models.ForeignKey(
        Queue, models.PROTECT, verbose_name="fila", null=True, blank=True, related_name="+", help_text="Vazio: todas."
    )
    shared = models.BooleanField(
        "compartilhada", default=False, help_text="Toda a equipe usa. Só quem lidera a fila ou cura o catálogo compartilha."
    )
    action = models.CharField("ação", max_length=20)
    """One of ``tickets.macros.ACTIONS``."""
    body = models.TextField("texto", max_length=5_000, blank=True)
    facts = models.JSONField(default=dict, editable=False)
    """What the action's form asks beside words: field → text."""
    active = models.BooleanField("ativa", default=True)

    class Meta:
        verbose_name = "macro"
        verbose_name_plural = "macros"
        ordering = ("name", "pk")
        indexes = [
            models.Index(fields=["owner", "name"], condition=Q(active=True), name="macro_of_person"),
            models.Index(fields=["core_system", "name"], condition=Q(active=True, shared=True), name="macro_shared"),
        ]

    def __str__(self) -> str:
        return self.name


class MacroUse(models.Model):
    """An event came of one press on a macro. Append-only: the database refuses changes and deletion.

    A row of its own, for events hold no words. It stays as it is whatever becomes of the macro.
    """

    event = models.OneToOneField(TicketEvent, models.PROTECT, primary_key=True, related_name="macro_use")
    macro_id = models.BigIntegerField()
    """A bare id: a use must not keep a macro from anything."""
    name = models.CharField(max_length=80)
    """What the macro was called then."""

    class Meta:
        verbose_name = "uso de macro"
        verbose_name_plural = "usos de macros"

    def __str__(self) -> str:
        return f"{self.event_id}: {self.name}"
