"""What became of each mail, and what is known against an address (docs/adr/0041-mail.md)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower

import worktime
from notifications.models.notices import AccountLetter, Notice


class MailStep(models.Model):
    """One thing that happened to one mail. Written once (``notifications.steps``), kept for a time, never changed."""

    class Kind(models.TextChoices):
        SENT = "sent", "Aceito pelo servidor de e-mail"
        FAILED = "failed", "Não saiu; será tentado de novo"
        DEAD = "dead", "Não saiu; sem nova tentativa"
        WITHHELD = "withheld", "Não enviado: o endereço não recebe"
        NOT_ALLOWED = "not_allowed", "Não enviado: a pessoa não pode mais ler"
        STOPPED = "stopped", "Envio parado"
        RETRIED = "retried", "Envio pedido de novo"
        DELIVERED = "delivered", "Entregue na caixa"
        DEFERRED = "deferred", "Entrega adiada"
        BOUNCED = "bounced", "Devolvido"
        REJECTED = "rejected", "Recusado pelo provedor"
        COMPLAINED = "complained", "Marcado como spam por quem recebeu"
        CLEARED = "cleared", "Endereço liberado"

    notice = models.ForeignKey(
        Notice, models.CASCADE, verbose_name="aviso", null=True, blank=True, related_name="steps", db_index=False
    )
    letter = models.ForeignKey(
        AccountLetter, models.CASCADE, verbose_name="carta", null=True, blank=True, related_name="steps", db_index=False
    )
    subject = models.CharField("assunto da carta", max_length=150, blank=True)
    """Of a mail that is no notice: a letter about an account, of whose words the log says no more."""
    address = models.CharField("endereço", max_length=320, blank=True)
    kind = models.CharField("passo", max_length=12, choices=Kind.choices)
    at = models.DateTimeField("quando", default=worktime.now)
    answer = models.CharField("resposta", max_length=300, blank=True)
    """What the server or the provider said."""
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="por", null=True, blank=True, related_name="+", db_index=False
    )
    message_id = models.CharField("identificação no provedor", max_length=200, blank=True)
    event = models.CharField(max_length=64, blank=True, editable=False)
    """Of what a provider told: a digest of which of its messages this was, so that one that comes again adds nothing."""

    class Meta:
        verbose_name = "passo de e-mail"
        verbose_name_plural = "passos dos e-mails"
        indexes = [
            models.Index(fields=["notice", "at"], name="mail_step_of_notice"),
            models.Index(fields=["letter", "at"], condition=Q(letter__isnull=False), name="mail_step_of_letter"),
            models.Index(fields=["-at", "-id"], name="mail_step_newest"),
            models.Index(fields=["kind", "-at", "-id"], name="mail_step_of_kind"),
            models.Index(fields=["message_id"], condition=~Q(message_id=""), name="mail_step_message"),
        ]
        constraints = [models.UniqueConstraint(fields=["event"], condition=~Q(event=""), name="mail_step_event_once")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class MailAddress(models.Model):
    """What is known against an address; one that never failed has no row (``notifications.addresses``)."""

    class Reason(models.TextChoices):
        BOUNCED = "bounced", "O servidor do destinatário diz que o endereço não existe"
        REJECTED = "rejected", "O provedor de e-mail recusa o endereço"
        COMPLAINED = "complained", "Quem recebe marcou nossos e-mails como spam"
        LASTING = "lasting", "Há dias nenhum e-mail é aceito"

    email = models.EmailField("endereço", max_length=320, unique=True)
    blocked_at = models.DateTimeField("sem entrega desde", null=True, blank=True)
    reason = models.CharField("motivo", max_length=10, choices=Reason.choices, blank=True)
    answer = models.CharField("resposta", max_length=300, blank=True)
    failing_since = models.DateTimeField("adiado desde", null=True, blank=True)
    """The first of the deferrals after which nothing has arrived."""
    failures = models.PositiveSmallIntegerField("adiamentos", default=0)

    class Meta:
        verbose_name = "endereço com problema"
        verbose_name_plural = "endereços com problema"
        indexes = [
            models.Index(F("blocked_at").desc(nulls_last=True), "email", name="mail_address_newest"),
            models.Index(Coalesce("blocked_at", "failing_since"), name="mail_address_since"),
        ]
        constraints = [models.CheckConstraint(condition=Q(email=Lower("email")), name="mail_address_in_lower_case")]

    def __str__(self) -> str:
        return self.email


class MailCount(models.Model):
    """How often something happened on a day that leaves no row of its own: what providers told of no mail of ours."""

    day = models.DateField()
    what = models.CharField(max_length=20)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "contagem de e-mail"
        verbose_name_plural = "contagens de e-mail"
        constraints = [models.UniqueConstraint(fields=["day", "what"], name="mail_count_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.what}: {self.count}"

    @staticmethod
    def add(what: str) -> None:
        """One more of this, today."""
        day = worktime.now().astimezone(worktime.BRASILIA).date()
        MailCount.objects.bulk_create([MailCount(day=day, what=what)], ignore_conflicts=True)
        MailCount.objects.filter(day=day, what=what).update(count=F("count") + 1)
