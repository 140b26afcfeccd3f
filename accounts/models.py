"""People, the public bodies they act for, and what each may do (DESIGN §8)."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf

import worktime
from accounts.regions import State
from govbr.search import NAMES, vector
from govbr.text import mask_cpf

ONE_LINE = RegexValidator(r"[\x00-\x1f\x7f]", "O nome tem um caractere que não pode ser usado.", inverse_match=True)
"""Names go into lists, mail and file names: a line break in them could forge another line."""


DISPLAY_NAME = Coalesce(NullIf("social_name", Value("")), NullIf("name", Value("")), "email", output_field=models.CharField())
"""``User.display_name`` as the database finds it."""


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A saved, active user; the address is kept in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person. What he may do comes from memberships and role grants, never from a flag."""

    email = models.EmailField(
        "e-mail", max_length=254, unique=True, error_messages={"unique": "Já existe uma conta com este e-mail."}
    )
    name = models.CharField("nome civil", max_length=150, validators=[ONE_LINE])
    social_name = models.CharField("nome social", max_length=150, blank=True, validators=[ONE_LINE])
    cpf = models.CharField("CPF", max_length=11, null=True, blank=True, unique=True)
    phone = models.CharField("telefone", max_length=20, blank=True)
    is_active = models.BooleanField("ativo", default=True)
    date_joined = models.DateTimeField("desde", default=worktime.now, editable=False)
    names = models.GeneratedField(
        expression=vector("name", "social_name", "email", config=NAMES),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = "pessoa"
        verbose_name_plural = "pessoas"
        constraints = [
            # With every address in lower case, unique means unique whatever the case typed.
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_in_lower_case",
                violation_error_message="O e-mail é guardado em letras minúsculas.",
            ),
            models.CheckConstraint(
                condition=Q(cpf__isnull=True) | Q(cpf__regex=r"^\d{11}$"),
                name="user_cpf_has_11_digits",
                violation_error_message="O CPF tem 11 dígitos.",
            ),
        ]
        indexes = [GinIndex(fields=["names"], name="user_names")]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        """The social name where there is one (Decreto 8.727/2016), else the civil name."""
        return self.social_name or self.name or self.email

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name.split(" ")[0]

    @property
    def masked_cpf(self) -> str:
        """``***.456.789-**``, as federal transparency pages show it; empty without a CPF."""
        return mask_cpf(self.cpf or "")

    @cached_property
    def active_grants(self) -> list[RoleGrant]:
        """The role grants in force with their queues, read once for each time this user was loaded."""
        if not self.is_active or self.pk is None:
            return []
        return list(self.grants.filter(ended_at__isnull=True).select_related("queue"))

    @cached_property
    def active_memberships(self) -> list[Membership]:
        """The bodies this person acts for now, read once for each time this user was loaded."""
        if not self.is_active or self.pk is None:
            return []
        return list(self.memberships.filter(ended_at__isnull=True).select_related("agency__sphere"))

    def holds(self, *roles: str) -> bool:
        """Whether a grant in force has one of these roles, in any scope."""
        return any(grant.role in roles for grant in self.active_grants)

    def queue_ids(self, *roles: str) -> set[int]:
        """The queues in which a grant in force gives one of these roles."""
        return {g.queue_id for g in self.active_grants if g.role in roles and g.queue_id is not None}

    def focal_agency_ids(self) -> set[int]:
        """The bodies whose confirmed focal point this person is."""
        return {m.agency_id for m in self.active_memberships if m.role == Membership.Role.FOCAL_POINT and m.confirmed_at}

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this person in: anyone with a role grant in force."""
        return bool(self.active_grants)

    # The admin asks these two. No rule of ours does: rights come from grants alone.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class Agency(models.Model):
    """A public body."""

    class Power(models.TextChoices):
        EXECUTIVE = "executivo", "Executivo"
        LEGISLATIVE = "legislativo", "Legislativo"
        JUDICIARY = "judiciario", "Judiciário"
        PROSECUTION = "ministerio-publico", "Ministério Público"
        DEFENDER = "defensoria", "Defensoria Pública"
        AUDIT_COURT = "tribunal-de-contas", "Tribunal de Contas"

    class LegalNature(models.TextChoices):
        DIRECT = "administracao-direta", "Administração direta"
        AUTARCHY = "autarquia", "Autarquia"
        FOUNDATION = "fundacao", "Fundação"
        PUBLIC_COMPANY = "empresa-publica", "Empresa pública"
        MIXED_COMPANY = "sociedade-economia-mista", "Sociedade de economia mista"
        CONSORTIUM = "consorcio", "Consórcio público"

    class Kind(models.TextChoices):
        """What delegated support looks at (catalog's routing rules)."""

        COMMON = "comum", "Comum"
        PROSECUTION = "mp", "Ministério Público"
        LABOUR_COURT = "trt", "Tribunal Regional do Trabalho"
        COUNCIL = "conselho", "Conselho supervisor"

    slug = models.SlugField("identificador", max_length=60, unique=True)
    name = models.CharField("nome", max_length=200)
    acronym = models.CharField("sigla", max_length=30)
    sphere = models.ForeignKey("catalog.Sphere", models.PROTECT, verbose_name="esfera", related_name="agencies")
    state = models.CharField("UF", max_length=2, choices=State.choices, blank=True)
    power = models.CharField("poder", max_length=30, choices=Power.choices)
    legal_nature = models.CharField("natureza jurídica", max_length=30, choices=LegalNature.choices)
    kind = models.CharField("tipo", max_length=20, choices=Kind.choices, default=Kind.COMMON)
    supervising_body = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="supervisor", null=True, blank=True, related_name="supervised"
    )
    siorg_code = models.PositiveIntegerField("código SIORG", null=True, blank=True, unique=True)
    active = models.BooleanField("ativo", default=True)

    class Meta:
        verbose_name = "órgão"
        verbose_name_plural = "órgãos"
        ordering = ("name",)
        constraints = [
            models.CheckConstraint(
                condition=Q(supervising_body__isnull=True) | ~Q(supervising_body=F("pk")),
                name="agency_does_not_supervise_itself",
                violation_error_message="Um órgão não supervisiona a si mesmo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acronym} – {self.name}"


class Membership(models.Model):
    """A person acts for a public body. It gives access to nothing until it is confirmed."""

    class Role(models.TextChoices):
        MEMBER = "membro", "Servidor ou colaborador"
        FOCAL_POINT = "ponto-focal", "Ponto focal"

    user = models.ForeignKey(User, models.CASCADE, verbose_name="pessoa", related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="órgão", related_name="memberships")
    role = models.CharField("papel", max_length=20, choices=Role.choices, default=Role.MEMBER)
    started_at = models.DateTimeField("desde", default=worktime.now)
    confirmed_at = models.DateTimeField("confirmado em", null=True, blank=True)
    ended_at = models.DateTimeField("encerrado em", null=True, blank=True)

    class Meta:
        verbose_name = "vínculo"
        verbose_name_plural = "vínculos"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                condition=Q(ended_at__isnull=True),
                name="membership_one_in_force",
                violation_error_message="Esta pessoa já tem um vínculo com este órgão.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="membership_ends_after_start",
                violation_error_message="O fim não pode vir antes do começo.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.agency.acronym}"


class RoleGrant(models.Model):
    """A person holds a role within a scope. Ended grants stay as history."""

    class Role(models.TextChoices):
        ANALYST = "analyst", "Atendente"
        LEAD = "lead", "Líder de fila"
        MANAGER = "manager", "Gestor"
        CURATOR = "curator", "Curador"
        DPO = "dpo", "Encarregado de dados"
        OMBUDSMAN = "ombudsman", "Ouvidor"
        ADMIN = "admin", "Administrador"

    user = models.ForeignKey(User, models.CASCADE, verbose_name="pessoa", related_name="grants")
    role = models.CharField("papel", max_length=20, choices=Role.choices)
    core_system = models.ForeignKey(
        "catalog.CoreSystem", models.PROTECT, verbose_name="estruturante", null=True, blank=True, related_name="grants"
    )
    queue = models.ForeignKey(
        "catalog.Queue", models.PROTECT, verbose_name="fila", null=True, blank=True, related_name="grants"
    )
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name="órgão", null=True, blank=True, related_name="grants")
    started_at = models.DateTimeField("desde", default=worktime.now)
    ended_at = models.DateTimeField("encerrada em", null=True, blank=True)

    class Meta:
        verbose_name = "papel concedido"
        verbose_name_plural = "papéis concedidos"
        constraints = [
            # Each role has its own kind of scope: queue for who works tickets, system or body for
            # who oversees them, none for who serves the whole portal.
            models.CheckConstraint(
                condition=Q(role__in=["analyst", "lead"], queue__isnull=False, core_system__isnull=True, agency__isnull=True)
                | Q(role="manager", queue__isnull=True, core_system__isnull=False, agency__isnull=True)
                | Q(role="manager", queue__isnull=True, core_system__isnull=True, agency__isnull=False)
                | Q(role="curator", queue__isnull=True, core_system__isnull=False, agency__isnull=True)
                | Q(role__in=["dpo", "ombudsman", "admin"], queue__isnull=True, core_system__isnull=True, agency__isnull=True),
                name="grant_scope_fits_role",
                violation_error_message=(
                    "Atendente e líder pedem uma fila; gestor, um estruturante ou um órgão; "
                    "curador, um estruturante; os demais papéis não têm escopo."
                ),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "core_system", "queue", "agency"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="grant_one_in_force",
                violation_error_message="Esta pessoa já tem este papel neste escopo.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="grant_ends_after_start",
                violation_error_message="O fim não pode vir antes do começo.",
            ),
        ]

    def __str__(self) -> str:
        scope = self.queue or self.core_system or self.agency
        return f"{self.user}: {self.get_role_display()}" + (f" · {scope}" if scope else "")
