"""When the team works, and what it promises: working hours, holidays, policies."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q

import worktime
from catalog import daytime
from catalog.models.base import CatalogRow, Level, Priority, SaysWhere
from catalog.models.steps import CoreSystem, Product, Sphere

MAX_HOURS = 24 * 365
WITHIN_A_YEAR = [MinValueValidator(1), MaxValueValidator(MAX_HOURS)]


class Weekday(models.IntegerChoices):
    """As Python counts them."""

    MONDAY = 0, "Segunda-feira"
    TUESDAY = 1, "Terça-feira"
    WEDNESDAY = 2, "Quarta-feira"
    THURSDAY = 3, "Quinta-feira"
    FRIDAY = 4, "Sexta-feira"
    SATURDAY = 5, "Sábado"
    SUNDAY = 6, "Domingo"


class WorkWindow(SaysWhere, CatalogRow):
    """A stretch of a weekday in which the team works, in minutes since 0h in Brasília; 1440 is 24h."""

    weekday = models.PositiveSmallIntegerField("dia da semana", choices=Weekday.choices)
    opens = models.PositiveSmallIntegerField("começo")
    closes = models.PositiveSmallIntegerField("fim")

    class Meta:
        verbose_name = "horário de atendimento"
        verbose_name_plural = "horários de atendimento"
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=Weekday.SUNDAY, opens__lt=F("closes"), closes__lte=daytime.DAY),
                name="work_window_within_a_day",
                violation_error_message="O fim é no máximo 24:00.",
                violation_error_code="closes",
            ),
            ExclusionConstraint(
                # The week as one line of minutes: a range needs no extension to be compared.
                expressions=[
                    (
                        Func(
                            F("weekday") * daytime.DAY + F("opens"),
                            F("weekday") * daytime.DAY + F("closes"),
                            function="int4range",
                            output_field=IntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    )
                ],
                condition=Q(active=True),
                name="work_window_no_overlap",
                violation_error_message="Este horário se sobrepõe a outro do mesmo dia.",
                violation_error_code="opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()}, {worktime.clock_said(self.opens)} às {worktime.clock_said(self.closes)}"

    def clean(self) -> None:
        """Raises ``ValidationError`` for a window that ends before it begins: such a one has no range to compare."""
        if self.opens is not None and self.closes is not None and self.closes <= self.opens:
            raise ValidationError({"closes": "O fim vem depois do começo."})


class Holiday(SaysWhere, CatalogRow):
    """A date that the curators decide on: the team works less then, or not at all (DOMAIN §4.3).

    Without ``works_from`` and ``works_until`` nobody works that day. Where the row is not active,
    the date is an ordinary day, even if the law has a holiday then.
    """

    class Kind(models.TextChoices):
        HOLIDAY = "feriado", "Feriado"
        OPTIONAL = "facultativo", "Ponto facultativo"

    date = models.DateField("data", unique=True, error_messages={"unique": "Esta data já está na lista."})
    name = models.CharField("nome", max_length=100)
    kind = models.CharField("tipo", max_length=20, choices=Kind.choices, default=Kind.HOLIDAY)
    works_from = models.TimeField("há expediente a partir de", null=True, blank=True)
    works_until = models.TimeField("há expediente até", null=True, blank=True)
    source = models.CharField("fonte", max_length=200, blank=True)

    class Meta:
        verbose_name = "feriado"
        verbose_name_plural = "feriados"
        ordering = ("date",)
        constraints = [
            models.CheckConstraint(
                condition=Q(works_from__isnull=True) | Q(works_until__isnull=True) | Q(works_from__lt=F("works_until")),
                name="holiday_works_from_before_until",
                violation_error_message="O começo do expediente vem antes do fim.",
                violation_error_code="works_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} · {self.name}"


class ElectoralPeriod(SaysWhere, CatalogRow):
    """A time in which pages show no publicity: no logos, images, news and praise (Lei 9.504/1997, art. 73, VI, b).

    Without a sphere it holds on every page, as in general elections; else on the pages of that sphere.
    """

    starts = models.DateTimeField("começo")
    ends = models.DateTimeField("fim")
    sphere = models.ForeignKey(
        Sphere,
        models.PROTECT,
        verbose_name="esfera",
        null=True,
        blank=True,
        related_name="+",
        help_text="Em branco, vale em todo o portal. Com uma esfera, só nas páginas dela.",
    )
    source = models.CharField("fonte", max_length=200, blank=True)

    class Meta:
        verbose_name = "período eleitoral"
        verbose_name_plural = "períodos eleitorais"
        ordering = ("-starts",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="electoral_period_ends_after_start",
                violation_error_message="O fim vem depois do começo.",
                violation_error_code="ends",
            ),
        ]

    def __str__(self) -> str:
        first, last = (moment.astimezone(worktime.BRASILIA) for moment in (self.starts, self.ends))
        return f"{self.sphere or 'Todo o portal'}, de {first:%d/%m/%Y} a {last:%d/%m/%Y}"


class Policy(SaysWhere):
    """What is promised to the tickets opened while it is in force.

    Of the whole portal, of a core system, or of one product: the narrowest that is in force when a
    ticket is opened holds for all its life. A change is a new row; a row that has come into force
    does not change.
    """

    class Counting(models.TextChoices):
        CONSECUTIVE = "consecutive", "Horas corridas"
        BUSINESS = "business", "Horas úteis"

    core_system = models.ForeignKey(
        CoreSystem, models.PROTECT, verbose_name="estruturante", null=True, blank=True, related_name="policies"
    )
    product = models.ForeignKey(Product, models.PROTECT, verbose_name="produto", null=True, blank=True, related_name="policies")
    in_force_from = models.DateTimeField("vale a partir de")
    wait_hours = models.PositiveSmallIntegerField(
        "horas sem interação para encerrar", default=72, validators=[MaxValueValidator(MAX_HOURS)]
    )
    remind_before_hours = models.PositiveSmallIntegerField("horas antes do encerramento, para lembrar", default=24)
    reopen_hours = models.PositiveSmallIntegerField("horas para reabrir", default=48, validators=[MaxValueValidator(MAX_HOURS)])
    counting = models.CharField("contagem destas horas", max_length=20, choices=Counting.choices, default=Counting.CONSECUTIVE)
    stops_outside = models.BooleanField("o prazo para enquanto outra equipe trabalha", default=False)
    reason = models.CharField("motivo", max_length=200, blank=True)

    class Meta:
        verbose_name = "política de prazos"
        verbose_name_plural = "políticas de prazos"
        ordering = ("-in_force_from",)
        constraints = [
            models.UniqueConstraint(
                fields=["core_system", "product", "in_force_from"],
                nulls_distinct=False,
                name="policy_once_in_force",
                violation_error_message="Já há uma política para este âmbito que vale a partir deste momento.",
                violation_error_code="in_force_from",
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=True) | Q(core_system__isnull=False),
                name="policy_product_has_core_system",
                violation_error_message="Informe também o estruturante do produto.",
                violation_error_code="core_system",
            ),
            models.CheckConstraint(
                # The reminder must be 12 h old before a ticket closes (DESIGN §4).
                condition=Q(remind_before_hours__gte=12, remind_before_hours__lt=F("wait_hours")),
                name="policy_reminds_in_time",
                violation_error_message="O lembrete sai ao menos 12 horas antes do encerramento, e depois do começo da espera.",
                violation_error_code="remind_before_hours",
            ),
            models.CheckConstraint(
                condition=Q(reopen_hours__gte=1),
                name="policy_reopens",
                violation_error_message="Deixe ao menos 1 hora para reabrir.",
                violation_error_code="reopen_hours",
            ),
        ]

    def __str__(self) -> str:
        scope = self.product or self.core_system or "todo o portal"
        return f"{scope}, desde {worktime.moment_said(self.in_force_from)}"

    def clean(self) -> None:
        """Raises ``ValidationError`` where the product is of another core system."""
        if self.product is not None and self.core_system_id not in (None, self.product.core_system_id):
            raise ValidationError({"product": "Escolha um produto do mesmo estruturante."})

    @property
    def has_begun(self) -> bool:
        """Whether tickets may already have been opened under it."""
        return self.in_force_from <= worktime.now()


class PolicyTarget(SaysWhere):
    """The working hours promised at one priority (DOMAIN §2.7)."""

    policy = models.ForeignKey(Policy, models.CASCADE, verbose_name="política", related_name="targets")
    priority = models.PositiveSmallIntegerField("prioridade", choices=Priority.choices)
    first_response_hours = models.PositiveSmallIntegerField("1ª resposta (horas úteis)", validators=WITHIN_A_YEAR)
    n2_hours = models.PositiveSmallIntegerField("solução no N2 (horas úteis)", validators=WITHIN_A_YEAR)
    n3_hours = models.PositiveSmallIntegerField("solução no N3 (horas úteis)", validators=WITHIN_A_YEAR)

    class Meta:
        verbose_name = "meta"
        verbose_name_plural = "metas"
        ordering = ("policy", "priority")
        constraints = [
            models.UniqueConstraint(fields=["policy", "priority"], name="policy_target_once"),
            models.CheckConstraint(
                condition=Q(n3_hours__gte=F("n2_hours")),
                name="policy_target_n3_not_shorter",
                violation_error_message="A meta do N3 não pode ser menor que a do N2.",
                violation_error_code="n3_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_priority_display()}: {self.first_response_hours} h, {self.n2_hours} h, {self.n3_hours} h"

    @property
    def resolution(self) -> dict[str, timedelta]:
        """Working time by level."""
        return {Level.N2: timedelta(hours=self.n2_hours), Level.N3: timedelta(hours=self.n3_hours)}
