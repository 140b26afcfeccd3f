"""Following a ticket of one's body: asked for, admitted or declined, ended (DESIGN §8).

Who works for a body learns of its open tickets only what they are about in general, and asks from
there. Admission is no action of the table: the ticket's life does not change, only who reads it.
``FollowRequest`` is the record of who asked and who decided, so no event repeats it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.crypto import constant_time_compare, salted_hmac

import worktime
from accounts.models import Membership, User
from notifications import outbox
from tickets import rules
from tickets.models import Follower, FollowRequest, Ticket
from tickets.states import OPEN, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from django.db.models import QuerySet

MOST_OPEN: Final = 10
"""Requests of one person that wait for a decision at once."""
WITHIN: Final = timedelta(hours=1)
MOST_WITHIN: Final = 30
"""Requests of one person within that time, decided or not."""
DECIDERS: Final = frozenset({Role.FOCAL_POINT, Role.ANALYST, Role.LEAD, Role.MANAGER})
FOLLOWED: Final = """(
    EXISTS (SELECT FROM tickets_follower WHERE ticket_id = ticket.id)
    OR EXISTS (SELECT FROM tickets_followrequest WHERE ticket_id = ticket.id AND admitted IS NULL)
)"""
"""Whether there is anything to show of the row ``ticket``; beside what else the workbench asks at once."""
GONE: Final = "Este chamado não está mais aberto para o seu órgão, ou você já o acompanha."


class NotNow(Exception):
    """What was asked is not possible; nothing changed. The text is for the person."""


def token(user: User, ticket_pk: int) -> str:
    """What stands for a ticket on this person's limited card: it tells nothing of the ticket and serves nobody else."""
    return salted_hmac("tickets.following", f"{user.pk}:{ticket_pk}", algorithm="sha256").hexdigest()


def asked_among(user: User, tickets: Collection[int]) -> set[int]:
    """Those of these tickets that the person has asked to follow. No query for none."""
    if not tickets:
        return set()
    return set(FollowRequest.objects.filter(user=user, ticket__in=tickets).values_list("ticket", flat=True))


@transaction.atomic
def ask(user: User, card: str) -> FollowRequest:
    """Ask to follow the ticket of a limited card; asked again it is the same request.

    Focal points of the body hear of it, and the assignee. Raises ``NotNow`` for a card of another
    person, a ticket that is closed meanwhile or not of his bodies, one that was declined to him,
    and beyond ``MOST_OPEN`` and ``MOST_WITHIN``.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one at a time for each person, so that the limit holds
    pk = next((pk for pk in _limited(user).values_list("pk", flat=True) if constant_time_compare(token(user, pk), card)), None)
    if pk is None:
        raise NotNow(GONE)
    mine = FollowRequest.objects.filter(user=user)
    earlier = mine.filter(ticket=pk).order_by("-asked_at").first()
    if earlier is not None and earlier.admitted is None:
        return earlier
    if earlier is not None and not earlier.admitted:
        raise NotNow("Este pedido já foi recusado. Fale com o ponto focal do seu órgão.")
    if mine.filter(admitted=None, ticket__status__in=OPEN).count() >= MOST_OPEN:
        raise NotNow(f"Você já tem {MOST_OPEN} pedidos esperando resposta. Espere por elas para pedir outros.")
    if mine.filter(asked_at__gt=worktime.now() - WITHIN).count() >= MOST_WITHIN:
        raise NotNow("Você fez muitos pedidos em pouco tempo. Espere uma hora e peça de novo.")
    ticket = Ticket.objects.select_related("assignee").get(pk=pk)
    request = FollowRequest.objects.create(ticket=ticket, user=user)
    focal = Membership.objects.filter(agency=ticket.agency_id, role=Membership.Role.FOCAL_POINT, ended_at=None)
    focal_points = set(focal.exclude(confirmed_at=None).values_list("user", flat=True))
    _tell("follow_asked", request, focal_points - {ticket.requester_id})
    if ticket.assignee is not None and rules.can_work(ticket.assignee, ticket) and ticket.assignee.pk not in focal_points:
        _tell("follow_asked", request, {ticket.assignee.pk}, desk=1)
    return request


def _limited(user: User) -> QuerySet[Ticket]:
    """The open tickets of which this person sees the limited card: of his bodies, and not his to read."""
    agencies = [membership.agency_id for membership in user.active_memberships if membership.confirmed_at]
    return Ticket.objects.open().filter(agency__in=agencies).exclude(pk__in=Ticket.objects.visible_to(user).values("pk"))


def decides(mine: frozenset[Role]) -> bool:
    """Whether these roles admit and decline: the focal point's and the team's."""
    return bool(mine & DECIDERS)


def pending() -> QuerySet[FollowRequest]:
    """What waits for a decision: of people who still belong to the body, on tickets that are not over; oldest first."""
    belongs = Membership.objects.filter(user=OuterRef("user"), agency=OuterRef("ticket__agency"), ended_at=None)
    waiting = FollowRequest.objects.filter(admitted=None, user__is_active=True, ticket__status__in=OPEN)
    found = waiting.filter(Exists(belongs.exclude(confirmed_at=None)))
    return found.select_related("user", "ticket__product", "ticket__requester").order_by("asked_at", "pk")


def pending_for(user: User) -> QuerySet[FollowRequest]:
    """What this person decides as a focal point."""
    return pending().filter(ticket__agency__in=user.focal_agency_ids())


def pending_on(ticket: Ticket) -> QuerySet[FollowRequest]:
    return pending().filter(ticket=ticket)


def decide(pk: int, *, by: User, admit: bool) -> FollowRequest:
    """Admit or decline, once. The asker hears of it, the requester of an admission.

    Raises ``FollowRequest.DoesNotExist`` for who decides nothing on that ticket, and ``NotNow`` where
    somebody was faster, or the asker has left the body or the ticket is over.
    """
    with transaction.atomic():
        # Not with who decided: what a row is joined to is not read anew where this waits for the row.
        rows = FollowRequest.objects.select_for_update(of=("self",)).select_related("user", "ticket__product")
        request = rows.get(pk=pk)
        if not decides(rules.roles(by, request.ticket)) or by.pk == request.user_id:
            raise FollowRequest.DoesNotExist
        if request.admitted is not None:
            word = "aceitou" if request.admitted else "recusou"
            raise NotNow(f"{request.decided_by} já {word} este pedido.")
        if not pending().filter(pk=pk).exists():
            raise NotNow("Este pedido não vale mais: a pessoa saiu do órgão ou o chamado foi encerrado.")
        request.decided_at, request.decided_by, request.admitted = worktime.now(), by, admit
        request.save(update_fields=["decided_at", "decided_by", "admitted"])
        if admit:
            Follower.objects.get_or_create(ticket=request.ticket, user=request.user)
            _tell("follow_started", request, {request.ticket.requester_id} - {by.pk})
        _tell("follow_admitted" if admit else "follow_declined", request, {request.user_id})
    return request


def readers_of(ticket: Ticket) -> QuerySet[Follower]:
    """Who follows and may still read it, in the order in which they began."""
    found = ticket.followers.select_related("user").filter(user__is_active=True).order_by("added_at", "pk")
    if ticket.agency_id is not None:
        bonds = Membership.objects.filter(agency=ticket.agency_id, ended_at=None, confirmed_at__isnull=False)
        found = found.filter(user__in=bonds.values("user"))
    return found


def followers_of(ticket: Ticket) -> list[Follower]:
    """The same, with the people. One query."""
    return list(readers_of(ticket))


def own(ticket: Ticket, user: User) -> int | None:
    """The id of this person's own following of the ticket, if he follows it."""
    return ticket.followers.filter(user=user).values_list("pk", flat=True).first()


def stop(ticket: Ticket, follower_pk: int, *, by: User) -> Follower:
    """End a following: one's own, or as requester or focal point anybody's.

    Raises ``Follower.DoesNotExist`` for everybody else.
    """
    allowed = Q(user=by)
    if rules.roles(by, ticket) & {Role.REQUESTER, Role.FOCAL_POINT}:
        allowed |= ~Q(user=by)
    follower = ticket.followers.select_related("user").get(allowed, pk=follower_pk)
    ticket.followers.filter(pk=follower.pk).delete()
    return follower


def _tell(kind: str, request: FollowRequest, people: Iterable[int], **more: int) -> None:
    # Who is declined learns no number: he may not read the ticket.
    data = {"request": request.pk, **more} | ({} if kind == "follow_declined" else {"number": request.ticket.number})
    for person in people:
        outbox.enqueue(kind, to=person, data=data, dedupe_key=f"follow:{request.pk}:{kind}:{person}")
