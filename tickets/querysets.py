"""Which tickets somebody sees, and in which order they are worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

from accounts import absences
from accounts.models import RoleGrant
from catalog.models import Queue
from tickets import states

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from accounts.models import User
    from tickets.models import Ticket  # noqa: F401  # the name in QuerySet["Ticket"], which ruff does not read


HOLDERS: Final = """
    WITH RECURSIVE pair AS (
        (SELECT assignee_id, queue_id FROM tickets_ticket
         WHERE assignee_id IS NOT NULL AND status IN %(open)s ORDER BY assignee_id, queue_id LIMIT 1)
        UNION ALL
        SELECT later.* FROM pair CROSS JOIN LATERAL (
            SELECT assignee_id, queue_id FROM tickets_ticket
            WHERE (assignee_id, queue_id) > (pair.assignee_id, pair.queue_id) AND status IN %(open)s
            ORDER BY assignee_id, queue_id LIMIT 1
        ) later
    )
    SELECT assignee_id, queue_id FROM pair
"""
"""From one pair to the next in the index: a million tickets cost no more than a thousand."""


def holders() -> set[tuple[int, int]]:
    """Who has open tickets in which queue, as ids of person and queue."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDERS, {"open": tuple(sorted(states.OPEN))})
        return set(cursor.fetchall())


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The tickets that this person may read whole (DESIGN §8). Nobody else's exist for him.

        Own ones, unless opened for a body that he left; those of a body whose confirmed focal
        point he is; followed ones, of a body that confirmed him; those of queues he works in or leads; those within a manager's
        scope; those he worked on or was mentioned in.
        """
        if not user.is_authenticated:
            return self.none()
        bodies = {m.agency_id for m in user.active_memberships}
        confirmed = {m.agency_id for m in user.active_memberships if m.confirmed_at}
        # Whoever left the body that a ticket is about sees it no more, his own request included.
        seen = Q(requester=user) & (Q(agency__isnull=True) | Q(agency__in=bodies))
        seen |= Q(pk__in=user.followed.values("ticket")) & (Q(agency__isnull=True) | Q(agency__in=confirmed))
        if focal := user.focal_agency_ids():
            seen |= Q(agency__in=focal)
        if user.is_staff:
            seen |= (_queues_or_scope(user) | _took_part(user)) & ~Q(requester=user)
        return self.filter(seen)

    def in_queues_of(self, user: User) -> Self:
        """What lies on this person's desk: tickets of the queues he works in or leads and of his scope as a manager.

        His own requests are not among them: nobody works those.
        """
        return self.filter(_queues_or_scope(user)).exclude(requester=user)

    def read_by_team(self, user: User) -> Self:
        """The tickets that this person reads at the desk, internal notes included: those on it, and those he worked on."""
        if not user.is_staff:
            return self.none()
        return self.filter(_queues_or_scope(user) | _took_part(user)).exclude(requester=user)

    def listed_to(self, user: User) -> Self:
        """The tickets whose limited card this person may see: of the core systems in whose queues he works or leads.

        The card has no words and no names; who may read a ticket whole is to be asked for before.
        """
        if not user.is_active:
            return self.none()
        cores = Queue.objects.filter(pk__in=user.queue_ids("analyst", "lead")).values("product__core_system")
        return self.filter(product__core_system__in=cores).exclude(requester=user)

    def read_by_dpo(self, user: User) -> Self:
        """The tickets in which this person may hide what should not stand there: all but his own, for a dpo."""
        return self.exclude(requester=user) if user.is_active and user.holds("dpo") else self.none()

    def of_requester_side(self, user: User) -> Self:
        """The tickets that this person asked for or follows, as far as he may read them. One query, at once."""
        # As ids: an index finds them together with the person's own, where a subquery would read every ticket.
        followed = list(user.followed.values_list("ticket", flat=True))
        return self.visible_to(user).filter(Q(requester=user) | Q(pk__in=followed))

    def newest_first(self) -> Self:
        return self.order_by("-last_event_at", "-pk")

    def news_first(self) -> Self:
        """As the requester's side is told of them: what the team does for itself moves nothing here."""
        return self.order_by("-last_public_at", "-pk")

    def open(self) -> Self:
        return self.filter(status__in=states.OPEN)

    def waiting_for_requester(self) -> Self:
        return self.filter(status=states.Status.WAITING_REQUESTER)

    def in_work_order(self) -> Self:
        """One order for the list, the next ticket and the board (DESIGN §4)."""
        return self.order_by("-goes_first", "priority", "due_at", "number")

    def not_offered_to_others(self, user: User, at: datetime) -> Self:
        """Without those that came back from N3 and are kept, for a while, for who had escalated them and still works them."""
        return self.filter(
            Q(offered_until__isnull=True) | Q(offered_until__lte=at) | Q(offered_to=user) | ~_works_it("offered_to", at)
        )

    def left_alone(self, at: datetime) -> Self:
        """Open tickets whose assignees can do nothing for them at that moment (``rules.is_left_alone``)."""
        return self.open().filter(~_works_it("assignee", at), assignee__isnull=False)

    def left_alone_by_each(self, at: datetime) -> list[Self]:
        """The same, one line a person. Most of the time there is none, which is told without reading a ticket."""
        lost: dict[int, list[int]] = {}
        for person, queue in sorted(holders() - set(_workers(at).values_list("user", "queue"))):
            lost.setdefault(person, []).append(queue)
        return [self.open().filter(assignee=person, queue__in=queues) for person, queues in lost.items()]

    def in_sight(self, at: datetime) -> Self:
        """Without those that their analysts scheduled for later."""
        return self.filter(Q(scheduled_for__isnull=True) | Q(scheduled_for__lte=at))

    def to_remind(self, at: datetime) -> Self:
        """Waits whose requesters are to be reminded by ``at`` and have not been."""
        return self.filter(status=states.Status.WAITING_REQUESTER, reminded_at__isnull=True, remind_at__lte=at)

    def to_warn(self, at: datetime) -> Self:
        """Open tickets whose team is to be told of a target by ``at``."""
        return self.open().filter(warn_at__lte=at)

    def reckoned_otherwise(self, version: str) -> list[Self]:
        """Open tickets whose deadlines another version of the calendar gave; as two ranges, for the index."""
        return [self.open().filter(calendar_version__lt=version), self.open().filter(calendar_version__gt=version)]

    def wait_over(self, at: datetime) -> Self:
        """Waits whose time was used up before ``at``; the verb looks again under the lock."""
        return self.filter(status=states.Status.WAITING_REQUESTER, wait_expires_at__lt=at)

    def reopening_over(self, at: datetime) -> Self:
        """Closed tickets whose window for reopening ended before ``at``."""
        return self.filter(status=states.Status.CLOSED, reopen_until__lt=at)


def _works_it(person: str, at: datetime) -> Exists:
    """Whether the person in this column can be given the ticket at that moment (``rules.takes_work``)."""
    return Exists(_workers(at).filter(user=OuterRef(person), queue=OuterRef("queue")))


def _workers(at: datetime) -> QuerySet[RoleGrant]:
    """The grants of those who can be given tickets at that moment, each in its queue."""
    grants = RoleGrant.objects.filter(role__in=absences.WORKERS, ended_at=None, user__is_active=True)
    return grants.exclude(user__in=absences.absent_people(at))


def _took_part(user: User) -> Q:
    """Asked last, of the tickets for which nothing else holds: an analyst takes part in thousands, which the database would
    gather before it answers for the first ticket.
    """
    return Q(Exists(user.participations.filter(ticket=OuterRef("pk"))))


def _queues_or_scope(user: User) -> Q:
    """Of the queues he works in or leads, and of the core systems and bodies in which he is a manager."""
    scope = Q(queue__in=user.queue_ids("analyst", "lead"))
    managed = [g for g in user.active_grants if g.role == "manager"]
    # Conditions that hold for nothing are left out: for them, too, the database would join the products.
    if systems := {g.core_system_id for g in managed if g.core_system_id}:
        scope |= Q(product__core_system__in=systems)
    if agencies := {g.agency_id for g in managed if g.agency_id}:
        scope |= Q(agency__in=agencies)
    return scope
