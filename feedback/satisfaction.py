"""What the answers of the surveys say together. Closings for want of an answer are reckoned apart (docs/adr/0023)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from django.db.models import Avg, Count, Q
from django.db.models.functions import TruncMonth

from accounts import rights
from accounts.models import RoleGrant, User
from feedback.models import SurveyAnswer
from tickets.states import Closure

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

Role = RoleGrant.Role
SILENT: Final = Q(closure=Closure.NO_INTERACTION)
MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month's averages, from 1 to 5; ``None`` where nobody answered."""

    begins: date
    count: int
    average: float | None
    silent_count: int
    silent_average: float | None


def reads(user: User | AnonymousUser) -> bool:
    """Whether this person reads what the answers say (DESIGN §8)."""
    return rights.holds(user, Role.OMBUDSMAN, Role.MANAGER)


def read_by(user: User | AnonymousUser) -> QuerySet[SurveyAnswer]:
    """The ombudsman reads all, a manager those about the products of his core systems. Their order tells nobody's."""
    answers = SurveyAnswer.objects.order_by("-answered_on", "id")
    if rights.holds(user, Role.OMBUDSMAN):
        return answers
    return answers.filter(product__core_system__in=rights.core_systems(user, Role.MANAGER) or set())


def by_month(answers: QuerySet[SurveyAnswer], today: date) -> list[Month]:
    """The last twelve months that have an answer, newest first. One query."""
    year, month = divmod(today.year * 12 + today.month - MONTHS, 12)
    told = (
        answers.filter(answered_on__gte=date(year, month + 1, 1))
        .annotate(begins=TruncMonth("answered_on"))
        .order_by("-begins")
        .values("begins")
        .annotate(
            count=Count("pk", filter=~SILENT),
            average=Avg("stars", filter=~SILENT),
            silent_count=Count("pk", filter=SILENT),
            silent_average=Avg("stars", filter=SILENT),
        )
    )
    return [Month(**row) for row in told]
