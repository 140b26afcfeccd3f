"""What reports count: derived from the desk's rows, written by ``reports.gathering`` alone (docs/adr/0043)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Agency
from catalog.models import Cause, CoreSystem, Product, Queue, Sphere, SupportType
from files.models import StoredFile
from tickets.models import Ticket


class CycleFact(models.Model):
    """One cycle of one ticket: from opening or reopening to closing, or up to now.

    Days are those of Brasília. Durations are working time in whole seconds, as the desk's clocks count it. Queue,
    assignee and priority are those at the cycle's end, or now; the level is the highest that the cycle reached.
    """

    ticket = models.ForeignKey(Ticket, models.PROTECT, db_index=False, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    """From 1; each reopening counts one more."""
    is_last = models.BooleanField()
    as_of = models.DateTimeField()
    """The ticket's last event that this row knows of."""

    opened_on = models.DateField()
    """When the ticket was opened, whichever cycle this is."""
    opened_hour = models.PositiveSmallIntegerField()
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    closure = models.CharField(max_length=20, blank=True)
    """How this cycle ended; empty while it runs."""
    all_in_time = models.BooleanField()
    """Whether this cycle and all before it met both targets; of a running one, as far as events can tell."""

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, db_index=False, related_name="+")
    sphere = models.ForeignKey(Sphere, models.PROTECT, db_index=False, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, db_index=False, related_name="+")
    support_type = models.ForeignKey(SupportType, models.PROTECT, db_index=False, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, db_index=False, related_name="+")
    state = models.CharField(max_length=2, blank=True)
    """Of the body; of the union's bodies that of their seat."""
    channel = models.CharField(max_length=10)
    """How the request came: the origin that the team noted, else what it was opened by."""
    queue = models.ForeignKey(Queue, models.PROTECT, db_index=False, related_name="+")
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, db_index=False, related_name="+")
    level = models.CharField(max_length=2)
    priority = models.PositiveSmallIntegerField()
    cause = models.ForeignKey(Cause, models.PROTECT, null=True, db_index=False, related_name="+")

    response_seconds = models.PositiveIntegerField(null=True)
    """Until somebody of the team first said something in public; empty where nobody did."""
    response_breached = models.BooleanField()
    resolution_seconds = models.PositiveIntegerField(null=True)
    resolution_breached = models.BooleanField()
    n2_seconds = models.PositiveIntegerField(null=True)
    n3_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        verbose_name = "ciclo contado"
        verbose_name_plural = "ciclos contados"
        constraints = [models.UniqueConstraint(fields=["ticket", "ordinal"], name="cycle_fact_once")]
        indexes = [
            models.Index(fields=["opened_on"], condition=Q(is_last=True), name="cycle_fact_opened"),
            models.Index(fields=["ended_on"], condition=Q(ended_on__isnull=False), name="cycle_fact_ended"),
            models.Index(fields=["started_on"], condition=Q(ended_on__isnull=True), name="cycle_fact_running"),
            # The filters that leave little: of one body, of one analyst.
            models.Index(fields=["agency", "ended_on"], name="cycle_fact_agency_ended"),
            models.Index(fields=["agency", "opened_on"], condition=Q(is_last=True), name="cycle_fact_agency_opened"),
            models.Index(fields=["assignee", "ended_on"], name="cycle_fact_assignee_ended"),
            models.Index(fields=["assignee", "opened_on"], condition=Q(is_last=True), name="cycle_fact_assignee_opened"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.ordinal}"


class Gathered(models.Model):
    """How far the facts reach: every event up to ``until`` is in them. One row."""

    until = models.DateTimeField()
    changes = models.PositiveBigIntegerField(default=0)
    """How often facts were written: one more with each batch that wrote any."""

    class Meta:
        verbose_name = "ponto da contagem"
        verbose_name_plural = "pontos da contagem"

    def __str__(self) -> str:
        return f"{self.until:%Y-%m-%d %H:%M:%S}"


class FactColumn(models.Model):
    """One column of the facts of a block of tickets, as bytes (``reports.packing``). May be thrown away."""

    block = models.PositiveIntegerField()
    name = models.CharField(max_length=30)
    data = models.BinaryField()

    class Meta:
        verbose_name = "coluna de ciclos"
        verbose_name_plural = "colunas de ciclos"
        constraints = [models.UniqueConstraint(fields=["block", "name"], name="fact_column_once")]

    def __str__(self) -> str:
        return f"{self.block} {self.name}"


class ClosedMonth(models.Model):
    """One version of what a month's figures are, kept for good: the database refuses to change or delete it (docs/adr/0047).

    The first is the job's (``reports.months``); each further one is somebody's correction.
    """

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", db_index=False, related_name="+")
    month = models.DateField("mês")
    """Its first day."""
    version = models.PositiveSmallIntegerField("versão")
    definitions = models.PositiveSmallIntegerField("versão das definições")
    closed_at = models.DateTimeField("fechado em")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="por", null=True, db_index=False, related_name="+"
    )
    """Empty for the job."""
    reason = models.CharField("motivo", max_length=500, blank=True)

    class Meta:
        verbose_name = "mês fechado"
        verbose_name_plural = "meses fechados"
        constraints = [
            models.UniqueConstraint(fields=["core_system", "month", "version"], name="closed_month_version_once"),
            models.CheckConstraint(
                condition=Q(version=1, closed_by=None, reason="") | Q(version__gt=1, closed_by__isnull=False) & ~Q(reason=""),
                name="closed_month_corrections_have_reasons",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.core_system_id} {self.month:%Y-%m} v{self.version}"


class ClosedFigures(models.Model):
    """The figures of one part of what a closed month counts (``reports.overview``), written once with it."""

    class Part(models.TextChoices):
        ALL = "all", "Todos"
        PRODUCT = "product", "Produto"
        SPHERE = "sphere", "Esfera"
        AGENCY = "agency", "Órgão"

    closed = models.ForeignKey(ClosedMonth, models.PROTECT, db_index=False, related_name="figures")
    part = models.CharField(max_length=10, choices=Part.choices)
    subject = models.PositiveBigIntegerField(default=0)
    """The id of the product, the sphere or the body; 0 for all."""
    told = models.JSONField()

    class Meta:
        verbose_name = "números de um mês fechado"
        verbose_name_plural = "números de meses fechados"
        constraints = [models.UniqueConstraint(fields=["closed", "part", "subject"], name="closed_figures_once")]

    def __str__(self) -> str:
        return f"{self.closed_id} {self.part} {self.subject}"


class Publication(models.Model):
    """What the public is told of a month, as it was told first and each time it changed (docs/adr/0048); kept for good."""

    core_system = models.ForeignKey(CoreSystem, models.PROTECT, verbose_name="estruturante", db_index=False, related_name="+")
    month = models.DateField("mês")
    """Its first day."""
    number = models.PositiveSmallIntegerField("número")
    closed = models.ForeignKey(ClosedMonth, models.PROTECT, null=True, db_index=False, related_name="+")
    """The version that it tells of; empty while the month is provisional."""
    told = models.JSONField()
    """What may be published, and nothing else (``reports.publishing``)."""
    published_at = models.DateTimeField("publicado em")

    class Meta:
        verbose_name = "publicação"
        verbose_name_plural = "publicações"
        constraints = [models.UniqueConstraint(fields=["core_system", "month", "number"], name="publication_number_once")]

    def __str__(self) -> str:
        return f"{self.core_system_id} {self.month:%Y-%m} n{self.number}"


class KeptPanel(models.Model):
    """The figures of one panel, reckoned ahead of the next look (``reports.keeping``). May be thrown away."""

    digest = models.CharField(max_length=64, unique=True)
    """Of the question."""
    question = models.JSONField()
    """Ids, names of filters and days; no words of anybody."""
    told = models.JSONField()
    changes = models.PositiveBigIntegerField()
    """Of ``Gathered``, when it was reckoned."""
    day = models.DateField()
    """In Brasília, the day that it calls today."""
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "painel pronto"
        verbose_name_plural = "painéis prontos"

    def __str__(self) -> str:
        return self.digest


class Export(models.Model):
    """A table that somebody took out of the reports as a file: who, what, narrowed by what. Kept as a record of it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Em preparo"
        READY = "ready", "Pronto"
        SENT = "sent", "Entregue na hora"
        FAILED = "failed", "Não foi possível"

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="por", db_index=False, related_name="+")
    what = models.CharField("tabela", max_length=60)
    asked = models.JSONField("período e filtros")
    """The address of the panel, as names and values."""
    format = models.CharField("formato", max_length=4)
    with_people = models.BooleanField("com dados de pessoas")
    scope = models.JSONField()
    """What the person read when it was asked for; who reads less later does not get the file."""
    asked_at = models.DateTimeField("pedido em")
    state = models.CharField("situação", max_length=10, choices=State.choices)
    rows = models.PositiveIntegerField("linhas", default=0)
    """Written so far."""
    expected = models.PositiveIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    """Until when a worker that writes it is taken to be alive."""
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField("pronto em", null=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    """Gone after its term."""

    class Meta:
        verbose_name = "exportação"
        verbose_name_plural = "exportações"
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="export_of_person"),
            models.Index(fields=["asked_at"], condition=Q(state="waiting"), name="export_waiting"),
            models.Index(fields=["ended_at"], condition=Q(file__isnull=False), name="export_with_file"),
            models.Index(fields=["asked_at"], name="export_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.what}.{self.format}"
