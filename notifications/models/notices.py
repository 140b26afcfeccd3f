"""The transactional outbox (DESIGN §6): what must be told to whom, before anybody is told."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

import worktime
from notifications import kinds


class Notice(models.Model):
    """One thing that one person must hear of. Written in the transaction of what caused it.

    ``data`` holds ids only; the words are made when it is shown or sent.
    """

    class State(models.TextChoices):
        PENDING = "pending", "A enviar"
        SENT = "sent", "Enviado"
        DEAD = "dead", "Não entregue"
        PORTAL = "portal", "Só no portal"
        TO_DIGEST = "to_digest", "À espera do resumo"
        DIGESTED = "digested", "No resumo"
        STOPPED = "stopped", "Envio parado"

    class Line(models.IntegerChoices):
        """Which notices are sent first: news wait for what concerns somebody's ticket or himself."""

        OWN = 0, "Chamados e pessoas"
        NEWS = 1, "Comunicados"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("assunto", max_length=40)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="destinatário", related_name="notices")
    data = models.JSONField("referências", default=dict)
    dedupe_key = models.CharField(max_length=120, unique=True)
    line = models.PositiveSmallIntegerField("fila", choices=Line.choices, default=Line.OWN, db_default=Line.OWN)
    created_at = models.DateTimeField("criado em", default=worktime.now)
    read_at = models.DateTimeField("lido em", null=True, blank=True)
    state = models.CharField("situação", max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    next_attempt_at = models.DateTimeField("próxima tentativa", default=worktime.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("enviado em", null=True, blank=True)
    last_error = models.CharField("último erro", max_length=300, blank=True)
    digest = models.ForeignKey("self", models.PROTECT, null=True, blank=True, db_index=False, related_name="digested")
    """The notice whose mail told of this one among others (``notifications.digests``)."""

    class Meta:
        verbose_name = "aviso"
        verbose_name_plural = "avisos"
        indexes = [
            models.Index(fields=["line", "created_at", "id"], condition=Q(state="pending"), name="notice_line"),
            models.Index(
                fields=["recipient"], condition=Q(state="pending", leased_until__isnull=False), name="notice_in_flight"
            ),
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(fields=["-created_at", "-id"], name="notice_newest"),
            models.Index(
                fields=["state", "-created_at", "-id"],
                condition=Q(state__in=["dead", "stopped", "portal", "to_digest", "digested"]),
                name="notice_not_mailed",
            ),
            models.Index(fields=["-created_at", "-id"], condition=Q(line=1), name="notice_news"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["recipient", "created_at"], condition=Q(state="to_digest"), name="notice_to_digest"),
            models.Index(fields=["digest"], condition=Q(digest__isnull=False), name="notice_digested"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.recipient}"

    @property
    @admin.display(description="assunto", ordering="kind")
    def title(self) -> str:
        """The notice in one line, as the inbox shows it; costs no look-up."""
        return kinds.title_of(self)


class Preference(models.Model):
    """How one person hears of one group of notices, where he chose it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name="pessoa", related_name="+")
    group = models.CharField("assunto", max_length=40)
    how = models.CharField("como", max_length=10, choices=kinds.How.choices)
    chosen_at = models.DateTimeField("escolhido em", default=worktime.now)

    class Meta:
        verbose_name = "preferência de aviso"
        verbose_name_plural = "preferências de aviso"
        constraints = [models.UniqueConstraint(fields=["user", "group"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.group}: {self.how}"


class AccountLetter(models.Model):
    """A mail about an account, its words made (``notifications.account_letters``).

    The words hold a key: they are empty once it left or its time is over. The row stays as long as its steps.
    """

    class State(models.TextChoices):
        PENDING = "pending", "A enviar"
        SENT = "sent", "Enviada"
        DEAD = "dead", "Não entregue"
        STOPPED = "stopped", "Envio parado"
        OVER = "over", "Fora do prazo"

    to = models.EmailField("endereço", max_length=320)
    subject = models.CharField("assunto", max_length=200)
    body = models.TextField(editable=False)
    html = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField("criada em", default=worktime.now)
    ends_at = models.DateTimeField("pode sair até")
    state = models.CharField("situação", max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    next_attempt_at = models.DateTimeField("próxima tentativa", default=worktime.now)
    last_error = models.CharField("último erro", max_length=300, blank=True)

    class Meta:
        verbose_name = "carta sobre conta"
        verbose_name_plural = "cartas sobre contas"
        indexes = [
            models.Index(fields=["next_attempt_at"], condition=Q(state="pending"), name="account_letter_line"),
            models.Index(fields=["ends_at"], condition=~Q(body=""), name="account_letter_words"),
            models.Index(fields=["-created_at", "-id"], name="account_letter_newest"),
            models.Index(fields=["state", "-created_at", "-id"], name="account_letter_state"),
            models.Index(Upper("to"), name="account_letter_to"),
        ]

    def __str__(self) -> str:
        return self.subject
