"""One fault that many people report: their tickets answered and resolved together (docs/adr/0015)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from catalog.models import Cause, Product
from tickets.models.ticket import Ticket


class Incident(models.Model):
    """A fault of a product, told to everybody on the product's pages while it lasts."""

    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", related_name="incidents")
    title = models.CharField("título", max_length=120)
    public_text = models.TextField("texto do aviso", max_length=2_000)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="aberto por", related_name="+")
    opened_at = models.DateTimeField("aberto em")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="encerrado por", null=True, related_name="+"
    )
    ended_at = models.DateTimeField("encerrado em", null=True)

    class Meta:
        verbose_name = "incidente"
        verbose_name_plural = "incidentes"
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__gte=F("opened_at"), ended_by__isnull=False),
                name="incident_ended_by_somebody",
            ),
            # The same form sent twice opens one.
            models.UniqueConstraint(fields=["product", "title"], condition=Q(ended_at=None), name="incident_title_once"),
        ]
        indexes = [
            models.Index(fields=["product"], condition=Q(ended_at=None), name="incident_standing"),
            models.Index(fields=["-opened_at"], name="incident_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("admin:tickets_incident_change", args=[self.pk])


class IncidentTicket(models.Model):
    """A ticket of an incident, in one at most at a time; taken out, or the incident over, it stays as history."""

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="members")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="incidents")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "chamado do incidente"
        verbose_name_plural = "chamados do incidente"
        constraints = [
            models.UniqueConstraint(fields=["ticket"], condition=Q(left_at=None), name="incident_ticket_in_one_at_most")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}: {self.ticket_id}"


class IncidentPost(models.Model):
    """One public answer to every ticket of an incident that was open when it was asked for: its deliveries say which.

    Or the hiding of words of such an answer, wherever it went.
    """

    class Kind(models.TextChoices):
        ANSWER = "answer", "Resposta a todos"
        RESOLVE = "resolve", "Solução para todos"
        HIDE = "hide", "Ocultação em todos"

    incident = models.ForeignKey(Incident, models.PROTECT, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = models.TextField(max_length=20_000)
    """Of a hiding: the passage until it is hidden everywhere, empty for the whole."""
    hides = models.ForeignKey("self", models.PROTECT, null=True, related_name="hidings")
    """The answer whose words are hidden."""
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, related_name="+")
    """Of a solution, where the product has causes."""
    request_id = models.UUIDField(unique=True)
    """The form that asked for it; the verbs' request ids come from it and the ticket."""
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "resposta a todos"
        verbose_name_plural = "respostas a todos"
        ordering = ("-asked_at", "-pk")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="hide", hides__isnull=False) | (~Q(kind="hide") & Q(hides=None)),
                name="incident_post_hides_a_post",
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.kind} {self.asked_at:%Y-%m-%d %H:%M}"


class IncidentDelivery(models.Model):
    """What becomes of a post on one ticket. While ``done_at`` is empty it is work to do."""

    post = models.ForeignKey(IncidentPost, models.PROTECT, related_name="deliveries")
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    """Those that broke off with an error of ours."""
    done_at = models.DateTimeField(null=True)
    ok = models.BooleanField(default=False)
    sentence = models.CharField(max_length=300, blank=True)
    """Why not, for the author."""

    class Meta:
        verbose_name = "entrega"
        verbose_name_plural = "entregas"
        constraints = [models.UniqueConstraint(fields=["post", "ticket"], name="incident_delivery_once")]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="incident_delivery_to_do")]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.ticket_id}"
