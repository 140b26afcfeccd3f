"""Mail that came in: every one, and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.db.models import Q

import worktime


class InboundMail(models.Model):
    """One mail, stored whole before it was answered, marked or read. Its content is a file that nobody serves by path.

    The row itself says nothing of what the mail says.
    """

    class State(models.TextChoices):
        NEW = "new", "A tratar"
        TAKEN = "taken", "No chamado"
        KEPT = "kept", "Guardado"
        REFUSED = "refused", "Recusado"
        IGNORED = "ignored", "Ignorado"
        QUARANTINED = "quarantined", "Em quarentena"

    class Reason(models.TextChoices):
        # Ignored: nobody wrote it.
        AUTOMATIC = "automatic", "resposta automática"
        BOUNCE = "bounce", "devolução"
        LIST = "list", "lista de distribuição"
        LOOP = "loop", "nosso próprio e-mail de volta"
        NO_SENDER = "no_sender", "sem remetente"
        DUPLICATE = "duplicate", "cópia de um e-mail já aceito"
        # Refused: no ticket, or not from who may write on it.
        NO_TICKET = "no_ticket", "sem endereço de resposta válido"
        SEVERAL = "several", "endereços de resposta de mais de um chamado"
        SENDER = "sender", "o remetente não é a pessoa do endereço de resposta"
        AUTHENTICATION = "authentication", "a verificação do remetente falhou"
        RIGHTS = "rights", "a pessoa não pode mais escrever no chamado"
        TEAM = "team", "a equipe responde pelo portal"
        TOO_BIG = "too_big", "grande demais"
        TOO_MANY = "too_many", "e-mails demais em pouco tempo"
        EMPTY = "empty", "sem texto próprio"
        # Kept: shown on the ticket, and nothing changed.
        CLOSED = "closed", "chegou depois do encerramento"
        # Quarantined: a person has to look.
        UNREADABLE = "unreadable", "não pôde ser lido"
        NOT_FETCHED = "not_fetched", "o servidor não o entregou"
        PAYLOAD = "payload", "o que o provedor entregou não pôde ser lido"
        FAILED = "failed", "erro ao tratar"

    class Source(models.TextChoices):
        IMAP = "imap", "Caixa postal"
        WEBHOOK = "webhook", "Provedor"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.CharField("origem", max_length=10, choices=Source.choices)
    received_at = models.DateTimeField("recebido em")
    """When it reached our mail server, which is what counts for deadlines."""
    stored_at = models.DateTimeField("guardado em", default=worktime.now)
    content = models.OneToOneField("files.StoredFile", models.PROTECT, null=True, related_name="+")
    """The mail as it came; empty once it was destroyed, or where the server never gave it out.

    Where the reason is ``PAYLOAD`` all that the provider's call said, for there is no mail to be had from it.
    """
    size = models.PositiveBigIntegerField("tamanho em bytes")
    whole = models.BooleanField("inteiro", default=True)
    """Of a mail beyond the limit the beginning is kept."""
    fingerprint = models.CharField(max_length=64, unique=True)
    """The same mail delivered again has the same; two whose words alone are the same begin alike (``storing``)."""
    copies = models.PositiveIntegerField("cópias", default=1)
    """How many times it was delivered."""
    recipient = models.CharField(max_length=320, blank=True)
    """Whom the envelope named, where who brought the mail knows that. Forgotten in time, as the sender is."""
    sender = models.CharField("remetente", max_length=320, blank=True)
    """The one address that it says it is from; empty until it is read, where it is not one, and once it is forgotten."""
    thread = models.CharField("assunto", max_length=24, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="pessoa", null=True, db_index=False, related_name="+"
    )
    """Whom its reply address names."""
    state = models.CharField("situação", max_length=12, choices=State.choices, default=State.NEW)
    reason = models.CharField("motivo", max_length=16, choices=Reason.choices, blank=True)
    error = models.CharField("erro", max_length=300, blank=True)
    """What was raised and where in the code; never its words, which may quote the mail."""
    attempts = models.PositiveSmallIntegerField("tentativas", default=0)
    next_attempt_at = models.DateTimeField("próxima tentativa", default=worktime.now)
    """While it is handled this is the end of the lease."""
    handled_at = models.DateTimeField("tratado em", null=True)

    class Meta:
        verbose_name = "e-mail recebido"
        verbose_name_plural = "e-mails recebidos"
        indexes = [
            models.Index(fields=["next_attempt_at", "stored_at"], condition=Q(state="new"), name="inbound_line"),
            models.Index(fields=["stored_at"], condition=Q(state="quarantined"), name="inbound_quarantine"),
            models.Index(fields=["-stored_at", "state", "reason"], name="inbound_newest"),
            models.Index(fields=["thread", "stored_at"], condition=~Q(thread=""), name="inbound_thread"),
            models.Index(fields=["user", "stored_at"], condition=Q(user__isnull=False), name="inbound_by_person"),
            # What is not yet forgotten (``storing.forget_old``).
            models.Index(
                fields=["stored_at"],
                condition=~Q(sender="", recipient="") | (Q(content__isnull=False) & ~Q(state__in=["taken", "kept"])),
                name="inbound_to_forget",
            ),
        ]

    def __str__(self) -> str:
        return f"{worktime.moment_said(self.stored_at)}: {self.get_state_display()}"

    @property
    @admin.display(description="situação", ordering="state")
    def outcome(self) -> str:
        """What became of it, in words."""
        return f"{self.get_state_display()}: {self.get_reason_display()}" if self.reason else self.get_state_display()


class OriginalReading(models.Model):
    """Somebody opened a mail as it came, with all that it says. Each time is kept."""

    mail = models.ForeignKey(InboundMail, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=worktime.now)

    class Meta:
        verbose_name = "leitura de e-mail original"
        verbose_name_plural = "leituras de e-mails originais"

    def __str__(self) -> str:
        return f"{self.user_id} → {self.mail_id}"


class Mailbox(models.Model):
    """How far a mailbox of an IMAP server has been read, and who reads it now."""

    name = models.CharField("caixa", max_length=320, unique=True)
    """User, server and folder; no password."""
    uid_validity = models.BigIntegerField(default=0)
    """Another one than the server's: it numbers its mails anew, and ours begins anew, too."""
    last_uid = models.BigIntegerField(default=0)
    """Every mail up to this one is stored."""
    failing_uid = models.BigIntegerField(default=0)
    """The mail at which the server hung up last."""
    failures = models.PositiveSmallIntegerField(default=0)
    """How many times in a row it did."""
    leased_until = models.DateTimeField(null=True)
    checked_at = models.DateTimeField("consultada em", null=True)
    error = models.CharField("último erro", max_length=300, blank=True)

    class Meta:
        verbose_name = "caixa postal"
        verbose_name_plural = "caixas postais"

    def __str__(self) -> str:
        return self.name


class AnsweredByMachine(models.Model):
    """How many automatic mails an address was sent on a day in answer to its own."""

    address = models.CharField(max_length=320)
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["address", "day"], name="answered_once_a_day")]
        indexes = [models.Index(fields=["day"], name="answered_by_day")]

    def __str__(self) -> str:
        return f"{self.address} {self.day}: {self.count}"
