"""Announcements: what the Central tells many people at once (docs/adr/0042)."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import slugify

from accounts.models import Agency
from catalog.models import CoreSystem, Product, Sphere
from govbr import markdown

MAX_TITLE: Final = 120
MAX_BODY: Final = 10_000
SLUG_LENGTH: Final = 60
NO_SLUG: Final = "comunicado"


class Announcement(models.Model):
    """News for many people, in Markdown. Only ``community.writing`` and ``community.sending`` write it.

    What has gone out does not change: a correction is an announcement of its own that names it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Rascunho"
        SCHEDULED = "scheduled", "Agendado"
        SENDING = "sending", "Enviando"
        SENT = "sent", "Enviado"
        STOPPED = "stopped", "Parado"

    core_system = models.ForeignKey(
        CoreSystem, models.PROTECT, verbose_name="estruturante", null=True, blank=True, db_index=False, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, models.PROTECT, verbose_name="órgão", null=True, blank=True, db_index=False, related_name="+"
    )
    """In whose name it speaks: a core system's or a body's, and in the scope of whose managers it lies."""
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="quem começou", db_index=False, related_name="+"
    )
    created_at = models.DateTimeField("começado em")
    title = models.CharField("título", max_length=MAX_TITLE)
    body = models.TextField("texto", max_length=MAX_BODY)
    version = models.PositiveIntegerField("versão", default=0, editable=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, verbose_name="corrige", null=True, blank=True, related_name="corrections"
    )

    to_everybody = models.BooleanField("para todas as pessoas", default=False)
    agencies = models.ManyToManyField(Agency, verbose_name="órgãos", blank=True, related_name="+")
    spheres = models.ManyToManyField(Sphere, verbose_name="esferas", blank=True, related_name="+")
    products = models.ManyToManyField(Product, verbose_name="produtos", blank=True, related_name="+")

    by_mail = models.BooleanField("enviar também por e-mail", default=True)
    release_at = models.DateTimeField("sai em", null=True, blank=True)
    """From when its audience reads it; of a draft the moment wished for, or empty for at once."""
    shown_from = models.DateTimeField("na página inicial a partir de", null=True, blank=True)
    """Empty: from ``release_at`` on."""
    shown_until = models.DateTimeField("na página inicial até")

    state = models.CharField("situação", max_length=10, choices=State.choices, default=State.DRAFT)
    reach = models.PositiveIntegerField("pessoas", null=True)
    """How many it concerned when somebody confirmed that it goes out."""
    last_served = models.BigIntegerField(default=0)
    """Notices are written for people up to this id."""
    served = models.PositiveIntegerField("avisos escritos", default=0)
    stopping = models.BooleanField(default=False)
    """Mail of it that had not left when it was stopped, or its time was over, is still to be held back."""

    class Meta:
        verbose_name = "comunicado"
        verbose_name_plural = "comunicados"
        constraints = [
            models.CheckConstraint(
                condition=Q(core_system__isnull=False, agency=None) | Q(core_system=None, agency__isnull=False),
                name="announcement_of_system_or_agency",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(release_at__isnull=False, reach__isnull=False), name="announcement_goes_out_at"
            ),
            models.CheckConstraint(
                condition=Q(shown_from=None) | Q(shown_until__gt=F("shown_from")), name="announcement_shown_from_until"
            ),
            models.CheckConstraint(condition=Q(stopping=False) | ~Q(state="draft"), name="announcement_stopping_was_out"),
            models.CheckConstraint(condition=Q(corrects=None) | ~Q(corrects=F("pk")), name="announcement_corrects_another"),
        ]
        indexes = [
            models.Index(
                fields=["shown_until"], condition=Q(state__in=["scheduled", "sending", "sent"]), name="announcement_shown"
            ),
            models.Index(fields=["-release_at", "-id"], condition=~Q(state="draft"), name="announcement_newest"),
            models.Index(
                fields=["release_at", "id"], condition=Q(state__in=["scheduled", "sending"]), name="announcement_to_send"
            ),
            models.Index(fields=["id"], condition=Q(stopping=True), name="announcement_stopping"),
            models.Index(fields=["core_system", "-id"], name="announcement_of_system"),
            models.Index(fields=["agency", "-id"], name="announcement_of_agency"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcement", args=[self.pk, self.slug])

    @property
    def lead(self) -> str:
        """Its first paragraph, without signs."""
        return markdown.plain(self.body).partition("\n")[0]

    @property
    def slug(self) -> str:
        return slugify(self.title)[:SLUG_LENGTH].strip("-") or NO_SLUG


class AnnouncementEvent(models.Model):
    """Who did what with an announcement, and when. Nothing changes here: the database refuses it."""

    class Action(models.TextChoices):
        WRITE = "write", "Escrito"
        TEST = "test", "Teste enviado a quem escreve"
        RELEASE = "release", "Envio confirmado"
        CANCEL = "cancel", "Agendamento cancelado"
        BEGIN = "begin", "Envio começado"
        FINISH = "finish", "Todos os avisos escritos"
        STOP = "stop", "Parado"
        END = "end", "Fim do tempo na página inicial; o e-mail que faltava não sai mais"
        WAIT = "wait", "Adiado pelo período eleitoral"

    announcement = models.ForeignKey(Announcement, models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    action = models.CharField(max_length=10, choices=Action.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    """``None`` where a job did it."""
    version = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    """Of a writing: all that it said, and to whom."""
    request_id = models.UUIDField(null=True, unique=True)
    """The form that asked for it; a repeat finds it here."""

    class Meta:
        verbose_name = "andamento"
        verbose_name_plural = "andamentos"
        ordering = ("at", "id")
        indexes = [models.Index(fields=["announcement", "at", "id"], name="announcement_trail")]

    def __str__(self) -> str:
        return f"{self.announcement_id} {self.action}"


class Dismissal(models.Model):
    """Somebody wants an announcement on his home page no more."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "comunicado dispensado"
        verbose_name_plural = "comunicados dispensados"
        constraints = [models.UniqueConstraint(fields=["user", "announcement"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.announcement_id}"
