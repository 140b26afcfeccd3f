"""Whose figures a person reads (DESIGN §8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from accounts import rights
from accounts.models import Agency, RoleGrant, User
from catalog.models import Cause, Queue
from feedback.models import Survey, SurveyAnswer
from knowledge.models import Article
from reports.models import CycleFact

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

Role = RoleGrant.Role


@dataclass(frozen=True, slots=True)
class Scope:
    """A manager's core systems and bodies, an analyst's and a lead's queues, a focal point's bodies: all of it together."""

    systems: frozenset[int]
    bodies: frozenset[int]
    queue_ids: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.systems or self.bodies or self.queue_ids)

    def holds(self) -> Q:
        """What puts a fact into this scope."""
        return Q(core_system__in=self.systems) | Q(agency__in=self.bodies) | Q(queue__in=self.queue_ids)

    def facts(self) -> QuerySet[CycleFact]:
        """What this scope's reports count; nothing where there is none."""
        return CycleFact.objects.filter(self.holds()) if self else CycleFact.objects.none()

    def queues(self) -> QuerySet[Queue]:
        return Queue.objects.filter(Q(product__core_system__in=self.systems) | Q(pk__in=self.queue_ids)).order_by("name")

    def causes(self) -> QuerySet[Cause]:
        """Those of the team's products; causes are the team's words, and no body reads them (docs/adr/0014)."""
        products = self.queues().order_by().values("product")
        return Cause.objects.filter(product__in=products).order_by("product__name", "position", "name")

    def agencies(self) -> QuerySet[Agency]:
        """The register of bodies is no secret of the team's; who reads for bodies alone is offered these."""
        every = Agency.objects.order_by("acronym")
        return every if self.systems or self.queue_ids else every.filter(pk__in=self.bodies)

    def people(self) -> QuerySet[User]:
        """Who works, or worked, in the queues of the scope."""
        workers = RoleGrant.objects.filter(queue__in=self.queues(), role__in=(Role.ANALYST, Role.LEAD))
        return User.objects.filter(pk__in=workers.values("user")).order_by("name")


def scope_of(user: User | AnonymousUser) -> Scope:
    """What this person reads; false where it is nothing."""
    if not isinstance(user, User):
        return Scope(frozenset(), frozenset(), frozenset())
    grants = [grant for grant in user.active_grants if grant.role == Role.MANAGER]
    return Scope(
        systems=frozenset(grant.core_system_id for grant in grants if grant.core_system_id is not None),
        bodies=frozenset(grant.agency_id for grant in grants if grant.agency_id is not None) | user.focal_agency_ids(),
        queue_ids=frozenset(user.queue_ids(Role.ANALYST, Role.LEAD)),
    )


@dataclass(frozen=True, slots=True)
class Opinions:
    """What somebody reads of people's opinions: the ombudsman all, others those about what they answer for."""

    answers: QuerySet[SurveyAnswer]
    surveys: QuerySet[Survey]
    articles: QuerySet[Article]


def opinions_of(user: User | AnonymousUser, scope: Scope) -> Opinions | None:
    """``None`` where it is nothing: who reads for bodies alone reads no opinions, for these know no body."""
    if rights.holds(user, Role.OMBUDSMAN):
        return Opinions(SurveyAnswer.objects.all(), Survey.objects.all(), Article.objects.all())
    return opinions_in(scope) if scope.systems or scope.queue_ids else None


def opinions_in(scope: Scope) -> Opinions:
    """Those about what the scope's core systems and queues answer for."""
    return Opinions(
        SurveyAnswer.objects.filter(Q(product__core_system__in=scope.systems) | Q(queue__in=scope.queue_ids)),
        Survey.objects.filter(
            Q(closing__ticket__product__core_system__in=scope.systems) | Q(closing__queue__in=scope.queue_ids)
        ),
        Article.objects.filter(
            Q(core_system__in=scope.systems) | Q(product__in=Queue.objects.filter(pk__in=scope.queue_ids).values("product"))
        ),
    )
