"""People."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, Lower, NullIf

import worktime
from govbr.search import NAMES, vector
from govbr.text import mask_cpf

if TYPE_CHECKING:
    from accounts.models.bodies import Membership
    from accounts.models.grants import RoleGrant

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
        return {m.agency_id for m in self.active_memberships if m.role == m.Role.FOCAL_POINT and m.confirmed_at}

    @property
    def is_staff(self) -> bool:
        """Whether the admin lets this person in: anyone with a role grant in force."""
        return bool(self.active_grants)

    # The admin asks these two. No rule of ours does: rights come from grants alone.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False
