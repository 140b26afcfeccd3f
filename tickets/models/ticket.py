"""The ticket itself. Only ``tickets.lifecycle`` writes its state."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse

from catalog.models import Cause, Level, Offering, Policy, Priority, Product, Queue, Sphere
from govbr.search import vector
from tickets import states
from tickets.querysets import TicketQuerySet

FIRST_NUMBER = 10_000_001
"""Numbers have 8 digits (DESIGN §9)."""
MAX_SUBJECT = 120


class GivenNumber(models.BigIntegerField[int, int]):
    """A number that the database gives, known with the INSERT, as Django 6.0 does by itself."""

    db_returning = True

    def deconstruct(self) -> Any:
        name, _, *rest = super().deconstruct()
        return name, "django.db.models.BigIntegerField", *rest


class Ticket(models.Model):
    """One subject that one person asks the team to deal with."""

    class Status(models.TextChoices):
        QUEUED = states.Status.QUEUED, "Na fila"
        IN_PROGRESS = states.Status.IN_PROGRESS, "Em atendimento"
        WAITING_REQUESTER = states.Status.WAITING_REQUESTER, "Aguardando solicitante"
        WAITING_EXTERNAL = states.Status.WAITING_EXTERNAL, "Aguardando equipe externa"
        IN_VALIDATION = states.Status.IN_VALIDATION, "Em testes e validação"
        CLOSED = states.Status.CLOSED, "Encerrado"
        FINAL = states.Status.FINAL, "Encerrado definitivamente"

    class Closure(models.TextChoices):
        RESOLVED = states.Closure.RESOLVED, "Resolvido"
        SOLVED_BY_REQUESTER = states.Closure.SOLVED_BY_REQUESTER, "Resolvido pelo solicitante"
        DUPLICATE = states.Closure.DUPLICATE, "Duplicado"
        OUT_OF_SCOPE = states.Closure.OUT_OF_SCOPE, "Fora do escopo"
        CANCELLED = states.Closure.CANCELLED, "Cancelado"
        NO_INTERACTION = states.Closure.NO_INTERACTION, "Sem interação"

    class AgencySituation(models.TextChoices):
        MEMBER = "member", "Órgão do cadastro"
        UNLISTED = "unlisted", "Órgão fora da lista"
        NONE = "none", "Não representa órgão"

    class Origin(models.TextChoices):
        """How a request came that the team opened for its requester."""

        PHONE = "phone", "Telefone"
        LETTER = "letter", "Ofício"
        MAIL = "mail", "E-mail"

    number = GivenNumber("número", unique=True, editable=False, db_default=Func(Value("tickets_number"), function="nextval"))
    subject = models.CharField("assunto", max_length=MAX_SUBJECT)
    offering = models.ForeignKey(Offering, models.PROTECT, verbose_name="oferta", related_name="tickets")
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", db_index=False, related_name="tickets")
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="solicitante", related_name="tickets")
    agency = models.ForeignKey(
        "accounts.Agency", models.PROTECT, verbose_name="órgão", null=True, blank=True, related_name="tickets"
    )
    agency_situation = models.CharField("vínculo informado", max_length=10, choices=AgencySituation.choices)
    unlisted_agency_name = models.CharField("órgão informado", max_length=200, blank=True)
    unlisted_agency_state = models.CharField("UF informada", max_length=2, blank=True)
    unlisted_agency_sphere = models.ForeignKey(Sphere, models.PROTECT, null=True, blank=True, related_name="+")
    related_number = models.BigIntegerField("chamado anterior", null=True, blank=True)
    privacy_read_at = models.DateTimeField("aviso de privacidade lido em", null=True)
    opened_via = models.CharField("canal", max_length=10)
    origin = models.CharField("origem", max_length=10, choices=Origin.choices, blank=True, default="")
    """Empty where the requester opened it himself."""
    origin_reference = models.CharField("referência da origem", max_length=120, blank=True, default="")
    """The number of the letter, the date of the call."""
    opened_at = models.DateTimeField("aberto em")

    # Written by tickets.lifecycle alone; caches of what the events say (``check_tickets`` proves it).
    status = models.CharField("situação", max_length=20, choices=Status.choices)
    level = models.CharField("nível", max_length=2, choices=Level.choices)
    queue = models.ForeignKey(Queue, models.PROTECT, verbose_name="fila", related_name="tickets")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="atendente", null=True, blank=True, related_name="assigned"
    )
    priority = models.PositiveSmallIntegerField("prioridade", choices=Priority.choices)
    triaged_at = models.DateTimeField("triado em", null=True, blank=True)
    asked_from = models.CharField(max_length=20, blank=True)
    """The status that the open question was asked from."""
    wait_since = models.DateTimeField(null=True, blank=True)
    """When the waiting began, or the last public message since: the 72 h run from here."""
    wait_expires_at = models.DateTimeField("encerra sem resposta em", null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    """From when the requester is reminded of the wait."""
    reminded_at = models.DateTimeField(null=True, blank=True)
    external_team = models.CharField("equipe externa", max_length=120, blank=True)
    external_number = models.CharField("número na equipe externa", max_length=60, blank=True)
    review_at = models.DateTimeField("rever em", null=True, blank=True)
    scheduled_for = models.DateTimeField("agendado para", null=True, blank=True)
    """Out of sight in the queue until then; the clocks run on."""
    offered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="oferecido a", null=True, blank=True, related_name="+"
    )
    offered_until = models.DateTimeField("oferecido até", null=True, blank=True)
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, verbose_name="duplicado de", null=True, blank=True, related_name="duplicates"
    )
    """The root: itself no duplicate."""
    policy = models.ForeignKey(Policy, models.PROTECT, verbose_name="política de prazos", related_name="+")
    """In force for the offering when the ticket was opened."""
    first_response_due_at = models.DateTimeField("1ª resposta até", null=True, blank=True)
    due_at = models.DateTimeField("previsão", null=True, blank=True)
    """When the target of the open cycle is, or was, used up; empty while its clock stands still."""
    warn_at = models.DateTimeField(null=True, blank=True)
    """When the team is next told that a target draws near or is used up."""
    calendar_version = models.CharField(max_length=12, blank=True)
    """The calendar that the three above were reckoned with."""
    closure = models.CharField("encerramento", max_length=20, choices=Closure.choices, blank=True)
    closed_at = models.DateTimeField("encerrado em", null=True, blank=True)
    cause = models.ForeignKey(
        Cause, models.PROTECT, verbose_name="causa", null=True, blank=True, db_index=False, related_name="tickets"
    )
    """Of a ticket that is resolved. What came of earlier cycles, their closing events keep."""
    reopen_until = models.DateTimeField("pode ser reaberto até", null=True, blank=True)
    confirmed_at = models.DateTimeField("resolução confirmada em", null=True, blank=True)
    reopenings = models.PositiveSmallIntegerField("reaberturas", default=0)
    goes_first = models.BooleanField(default=False)
    """Reopened, and not one that its requester had cancelled: worked before the others."""
    last_event_at = models.DateTimeField("última novidade")
    last_public_at = models.DateTimeField("última novidade para o solicitante")
    """Of the last event that the requester's side hears of; the one above tells when the team wrote a note."""

    words = models.GeneratedField(
        expression=vector("subject", weight="A"), output_field=SearchVectorField(), db_persist=True, editable=False
    )

    objects: ClassVar[TicketQuerySet] = TicketQuerySet.as_manager()  # type: ignore[assignment]  # as_manager is typed as Manager

    class Meta:
        verbose_name = "chamado"
        verbose_name_plural = "chamados"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="in_progress") | Q(assignee__isnull=False), name="ticket_in_progress_has_assignee"
            ),
            models.CheckConstraint(condition=~Q(status="queued") | Q(assignee__isnull=True), name="ticket_queued_has_none"),
            models.CheckConstraint(
                condition=Q(
                    status="waiting_requester", wait_since__isnull=False, wait_expires_at__isnull=False, remind_at__isnull=False
                )
                | ~Q(status="waiting_requester")
                & Q(wait_since__isnull=True, wait_expires_at__isnull=True, remind_at__isnull=True),
                name="ticket_waits_have_deadline",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["closed", "final"], closed_at__isnull=False, reopen_until__isnull=False)
                & ~Q(closure="")
                | ~Q(status__in=["closed", "final"]) & Q(closed_at__isnull=True, closure=""),
                name="ticket_closed_has_closure",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True)
                | Q(closure="duplicate", status__in=["closed", "final"]) & ~Q(duplicate_of=F("pk")),
                name="ticket_duplicate_is_closed_as_one",
            ),
            models.CheckConstraint(condition=Q(cause__isnull=True) | Q(closure="resolved"), name="ticket_cause_of_resolved"),
            models.CheckConstraint(
                condition=Q(scheduled_for__isnull=True) | Q(status="in_progress"), name="ticket_scheduled_is_in_progress"
            ),
            models.CheckConstraint(
                condition=Q(offered_to__isnull=True, offered_until__isnull=True)
                | Q(offered_to__isnull=False, offered_until__isnull=False, status="queued"),
                name="ticket_offered_waits_in_queue",
            ),
            models.CheckConstraint(
                condition=Q(agency_situation="member", agency__isnull=False)
                | Q(agency_situation="unlisted", agency__isnull=True) & ~Q(unlisted_agency_name="")
                | Q(agency_situation="none", agency__isnull=True),
                name="ticket_agency_fits_situation",
            ),
            models.CheckConstraint(condition=~Q(origin="") | Q(origin_reference=""), name="ticket_reference_of_an_origin"),
        ]
        indexes = [
            # Read in order until the page is full; what is not looked for is left out within the index.
            models.Index(
                F("level"),
                F("goes_first").desc(),
                F("priority"),
                F("due_at"),
                F("number"),
                F("queue"),
                F("status"),
                condition=Q(status__in=sorted(states.OPEN)),
                include=["requester", "scheduled_for"],
                name="ticket_work_order",
            ),
            models.Index(
                F("level"),
                F("last_event_at").desc(),
                F("number").desc(),
                F("queue"),
                F("status"),
                condition=Q(status__in=sorted(states.EVERY - states.OPEN)),
                name="ticket_closed_newest",
            ),
            models.Index(fields=["wait_expires_at", "id"], condition=Q(status="waiting_requester"), name="ticket_wait_expires"),
            models.Index(
                fields=["remind_at", "id"],
                condition=Q(status="waiting_requester", reminded_at__isnull=True),
                name="ticket_remind_at",
            ),
            models.Index(
                fields=["warn_at", "id"],
                condition=Q(status__in=sorted(states.OPEN), warn_at__isnull=False),
                name="ticket_warn_at",
            ),
            models.Index(
                fields=["calendar_version", "id"], condition=Q(status__in=sorted(states.OPEN)), name="ticket_calendar_version"
            ),
            models.Index(fields=["reopen_until", "id"], condition=Q(status="closed"), name="ticket_reopen_until"),
            models.Index(fields=["last_event_at", "id"], name="ticket_by_last_event"),
            models.Index(fields=["requester", "-last_public_at"], name="ticket_by_requester"),
            models.Index(fields=["agency", "-last_public_at"], name="ticket_by_agency"),
            # The newest of a product that have a common word: read until there are enough.
            models.Index(fields=["product", "-last_public_at", "-id"], name="ticket_by_product"),
            # Else a small body's tickets by number are looked for among everybody's.
            models.Index(fields=["agency", "-number"], name="ticket_by_agency_number"),
            models.Index(fields=["cause"], condition=Q(cause__isnull=False), name="ticket_by_cause"),
            models.Index(fields=["origin", "opened_at"], condition=~Q(origin=""), name="ticket_by_origin"),
            # What lies where, counted within the index.
            models.Index(
                fields=["queue", "assignee", "status", "due_at", "number"],
                condition=Q(status__in=sorted(states.OPEN)),
                name="ticket_load",
            ),
            models.Index(
                # Led from one pair of these to the next, one need not read the tickets (``querysets.holders``).
                fields=["assignee", "queue", "id"],
                condition=Q(status__in=sorted(states.OPEN)),
                name="ticket_held_in_queue",
            ),
            # What narrows a queue, each for itself: what few tickets have is not to be looked for among all the open ones.
            models.Index(
                *(F("assignee"), F("goes_first").desc(), F("priority"), F("due_at"), F("number"), F("level"), F("queue")),
                condition=Q(status__in=sorted(states.OPEN)),
                name="ticket_work_of_assignee",
            ),
            models.Index(fields=["level", "due_at", "queue"], condition=Q(status__in=sorted(states.RUNS)), name="ticket_due"),
            models.Index(
                fields=["level", "first_response_due_at", "queue"],
                condition=Q(status__in=sorted(states.RUNS), first_response_due_at__isnull=False),
                name="ticket_response_due",
            ),
            models.Index(
                fields=["level", "scheduled_for", "number", "queue"],
                condition=Q(scheduled_for__isnull=False),
                name="ticket_scheduled",
            ),
            models.Index(
                *(F("level"), F("goes_first").desc(), F("priority"), F("due_at"), F("number"), F("queue")),
                condition=Q(status__in=sorted(states.OPEN), reopenings__gt=0),
                name="ticket_reopened",
            ),
            models.Index(
                *(F("level"), F("status"), F("goes_first").desc(), F("priority"), F("due_at"), F("number"), F("queue")),
                condition=Q(status__in=sorted(states.OPEN - states.UNDER_WAY)),
                name="ticket_elsewhere",
            ),
            models.Index(
                fields=["queue", "level", "scheduled_for", "requester"],
                condition=Q(status__in=sorted(states.OPEN)),
                name="ticket_open_of_queue",
            ),
            models.Index(
                fields=["product", "level", "queue"], condition=Q(status__in=sorted(states.OPEN)), name="ticket_open_of_product"
            ),
            models.Index(
                fields=["offering", "level", "queue"],
                condition=Q(status__in=sorted(states.OPEN)),
                name="ticket_open_of_offering",
            ),
            models.Index(
                fields=["agency", "level", "queue"], condition=Q(status__in=sorted(states.OPEN)), name="ticket_open_of_agency"
            ),
            GinIndex(fields=["words"], name="ticket_words"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("ticket", args=[self.number])


class N2Ticket(Ticket):
    class Meta:
        proxy = True
        verbose_name = "chamado N2"
        verbose_name_plural = "fila N2"


class PersonalDataTicket(Ticket):
    """A ticket as the dpo meets it."""

    class Meta:
        proxy = True
        verbose_name = "chamado com dados pessoais"
        verbose_name_plural = "dados pessoais nos chamados"


class N3Ticket(Ticket):
    class Meta:
        proxy = True
        verbose_name = "chamado N3"
        verbose_name_plural = "fila N3"
