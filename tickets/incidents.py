"""Incidents: one fault, many tickets, one answer to all of them.

The requesters never learn of each other: each reads his own ticket, and the banner, which is public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypedDict, cast
from uuid import UUID

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from kombu.exceptions import OperationalError

import worktime
from catalog.models import Cause, Product
from tickets import repeats
from tickets.lifecycle import IllegalMove, Incomplete, Words
from tickets.lifecycle.redacting import hidden
from tickets.lifecycle.refusals import USED
from tickets.models import Incident, IncidentDelivery, IncidentPost, IncidentTicket, Ticket
from tickets.states import OPEN

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    from accounts.models import User


class Belonging(TypedDict):
    has_it: bool


JOB: Final = "tickets.tasks.deliver_incident_posts"

NOT_YOURS: Final = "Só quem atende este produto pode fazer isto no incidente."
TWIN: Final = "Este produto já tem um incidente aberto com este título."
OVER: Final = "Este incidente já foi encerrado."


def runs(user: User, product: Product) -> bool:
    """Whether this person opens and works incidents of a product: he works its queues, or manages its core system."""
    products, systems = _scope(user)
    return product.pk in products or product.core_system_id in systems


def products_of(user: User) -> QuerySet[Product]:
    """The products whose incidents this person works."""
    products, systems = _scope(user)
    return Product.objects.filter(Q(pk__in=products) | Q(core_system__in=systems))


def runs_any(user: User) -> bool:
    return any(_scope(user))


def _scope(user: User) -> tuple[list[int], list[int]]:
    """The products whose queues this person works, and the core systems that he manages."""
    grants = user.active_grants
    products = [g.queue.product_id for g in grants if g.role in ("analyst", "lead") and g.queue is not None]
    return products, [g.core_system_id for g in grants if g.role == "manager" and g.core_system_id is not None]


def run_by(user: User) -> QuerySet[Incident]:
    """The incidents that this person works."""
    products, systems = _scope(user)
    return Incident.objects.filter(Q(product__in=products) | Q(product__core_system__in=systems))


def standing(product_id: int) -> list[Incident]:
    """What everybody is told on the product's pages, newest first. One query."""
    return list(Incident.objects.filter(product=product_id, ended_at=None).order_by("-opened_at", "-pk"))


def around(ticket: Ticket) -> list[WithAnnotations[Incident, Belonging]]:
    """The standing incidents of the ticket's product; ``has_it`` says of each whether the ticket belongs to it. One query."""
    member = IncidentTicket.objects.filter(incident=OuterRef("pk"), ticket=ticket, left_at=None)
    found = Incident.objects.filter(product=ticket.product_id, ended_at=None).annotate(has_it=Exists(member))
    return cast("list[WithAnnotations[Incident, Belonging]]", list(found.order_by("-opened_at", "-pk")))


def members(incident: Incident) -> QuerySet[IncidentTicket]:
    """The incident's tickets: those of now, or of its end."""
    return incident.members.filter(left_at=incident.ended_at)


def begin(product: Product, *, by: User, title: str, public_text: str) -> Incident:
    """Open an incident: from now on the product's pages tell of it. Raises ``IllegalMove``, ``Incomplete``."""
    if not runs(by, product):
        raise IllegalMove(NOT_YOURS)
    title, public_text = _told(title, public_text)
    try:
        with transaction.atomic():
            return Incident.objects.create(
                product=product, title=title, public_text=public_text, opened_by=by, opened_at=worktime.now()
            )
    except IntegrityError as twin:
        raise Incomplete(TWIN) from twin


def reword(pk: int, *, by: User, title: str, public_text: str) -> Incident:
    """Tell it otherwise. Raises ``IllegalMove``, ``Incomplete``; then nothing changed."""
    try:
        with transaction.atomic():
            incident = _locked(pk, by)
            incident.title, incident.public_text = _told(title, public_text)
            incident.save(update_fields=["title", "public_text"])
            return incident
    except IntegrityError as twin:
        raise Incomplete(TWIN) from twin


def add(pk: int, ticket_pk: int, *, by: User) -> IncidentTicket:
    """Take a ticket of the incident's product in; the same again changes nothing.

    Raises ``IllegalMove`` for who does not work the incident or where it is over, and ``Incomplete``
    where he does not read the ticket, or it is closed, of another product or in another incident.
    """
    with transaction.atomic():
        incident = _locked(pk, by)
        ticket = Ticket.objects.read_by_team(by).select_for_update(of=("self",)).filter(pk=ticket_pk).first()
        if ticket is None:
            raise Incomplete("Não há chamado com este número entre os que você pode ler.")
        there = IncidentTicket.objects.filter(ticket=ticket, left_at=None).select_related("incident").first()
        if there is not None and there.incident_id == incident.pk:
            return there
        if there is not None:
            raise Incomplete(f"O chamado {ticket.number} já está no incidente “{there.incident}”.")
        if ticket.product_id != incident.product_id:
            raise Incomplete(f"O chamado {ticket.number} é de outro produto. Este incidente é de {incident.product}.")
        if ticket.status not in OPEN:
            raise Incomplete(f"O chamado {ticket.number} está encerrado.")
        return IncidentTicket.objects.create(incident=incident, ticket=ticket, added_by=by, added_at=worktime.now())


def take_out(pk: int, ticket_pk: int, *, by: User) -> None:
    """The ticket is about something else; one that is out already stays out. Raises ``IllegalMove``."""
    with transaction.atomic():
        incident = _locked(pk, by)
        readable = Ticket.objects.read_by_team(by).filter(pk=ticket_pk)
        incident.members.filter(left_at=None, ticket__in=readable).update(left_at=worktime.now())


def end(pk: int, *, by: User) -> Incident:
    """The fault is over: the banner goes, the tickets go on one by one. Again, it changes nothing. Raises ``IllegalMove``."""
    with transaction.atomic():
        incident = _locked(pk, by, over=True)
        if incident.ended_at is None:
            incident.ended_at, incident.ended_by = worktime.now(), by
            incident.save(update_fields=["ended_at", "ended_by"])
            incident.members.filter(left_at=None).update(left_at=incident.ended_at)
        return incident


def post(pk: int, *, by: User, request_id: UUID, kind: str, body: str, cause: Cause | None = None) -> IncidentPost:
    """Ask for one public answer, or the definitive one with its cause, on every ticket of the incident that is open now.

    The work is rows, done by ``incident_posts`` and woken when this is committed. The same
    ``request_id`` again returns the first post. Raises ``IllegalMove``, ``Incomplete``; then nothing was asked.
    """
    words = Words(body)
    try:
        with transaction.atomic():
            incident = _locked(pk, by)
            earlier = IncidentPost.objects.filter(request_id=request_id).first()
            if earlier is not None:
                if (earlier.incident_id, earlier.author_id, earlier.kind) != (incident.pk, by.pk, kind):
                    raise IllegalMove(USED)
                return earlier
            tickets = incident.members.filter(left_at=None, ticket__status__in=OPEN).order_by("pk")
            asked = list(tickets.values_list("ticket", flat=True))
            if not asked:
                raise Incomplete("Não há chamado aberto neste incidente.")
            if kind == IncidentPost.Kind.RESOLVE:
                _refuse_cause(cause, incident)
            elif sentence := repeats.told_all(by, incident, words.body, asked):
                raise Incomplete(sentence)  # a solution cannot go out twice: it closes
            made = IncidentPost(
                incident=incident,
                author=by,
                kind=IncidentPost.Kind(kind),
                body=words.body.strip(),
                cause=cause if kind == IncidentPost.Kind.RESOLVE else None,
                request_id=request_id,
                asked_at=worktime.now(),
            )
            made.save()
            IncidentDelivery.objects.bulk_create(IncidentDelivery(post=made, ticket_id=ticket) for ticket in asked)
            transaction.on_commit(wake)
            return made
    except IntegrityError as collision:
        raise IllegalMove(USED) from collision  # one form, sent to two incidents at once


def hide(pk: int, post_pk: int, *, by: User, request_id: UUID, passage: str = "") -> IncidentPost:
    """Hide a passage of what was posted to all, or all of it: in the post now, and by a job in every ticket that got it.

    In each ticket with this person's rights of that moment. Of an incident that is over, too. The same ``request_id``
    again returns the first asking. Raises ``IllegalMove``, ``Incomplete``; then nothing was asked.
    """
    try:
        with transaction.atomic():
            incident = _locked(pk, by, over=True)
            earlier = IncidentPost.objects.filter(request_id=request_id).first()
            if earlier is not None:
                if (earlier.incident_id, earlier.author_id, earlier.hides_id) != (incident.pk, by.pk, post_pk):
                    raise IllegalMove(USED)
                return earlier
            told = incident.posts.select_for_update().exclude(kind=IncidentPost.Kind.HIDE).filter(pk=post_pk).first()
            if told is None:
                raise Incomplete("Este envio não é deste incidente.")
            if told.author_id != by.pk and incident.product_id not in _scope(by)[0]:
                raise IllegalMove("Só quem escreveu e quem atende o produto podem ocultar.")  # as of the table's `redact`
            told.body = hidden(told.body, passage)
            told.save(update_fields=["body"])
            made = IncidentPost(
                incident=incident,
                author=by,
                kind=IncidentPost.Kind.HIDE,
                body=passage,
                hides=told,
                request_id=request_id,
                asked_at=worktime.now(),
            )
            made.save()
            reached = told.deliveries.order_by("pk").values_list("ticket", flat=True)
            IncidentDelivery.objects.bulk_create(IncidentDelivery(post=made, ticket_id=ticket) for ticket in reached)
            transaction.on_commit(wake)
            return made
    except IntegrityError as collision:
        raise IllegalMove(USED) from collision


def wake() -> None:
    """Ask a worker to look for work now. Where the broker is away beat asks again."""
    try:
        current_app.send_task(JOB, expires=60, retry=False)
    except (OperationalError, OSError):
        pass  # nothing is lost: the work is rows


def _refuse_cause(cause: Cause | None, incident: Incident) -> None:
    """As the verb does it for each ticket, but before anything is asked for."""
    listed = Cause.objects.filter(product=incident.product_id, active=True)
    if cause is None and listed.exists():
        raise Incomplete("Escolha a causa.")
    if cause is not None and not listed.filter(pk=cause.pk).exists():
        raise Incomplete("Esta causa não está na lista do produto. Escolha outra.")


def _locked(pk: int, by: User, *, over: bool = False) -> Incident:
    incident = Incident.objects.select_for_update(of=("self",)).select_related("product").get(pk=pk)
    if not runs(by, incident.product):
        raise IllegalMove(NOT_YOURS)
    if incident.ended_at is not None and not over:
        raise IllegalMove(OVER)
    return incident


def _told(title: str, public_text: str) -> tuple[str, str]:
    title, public_text = " ".join(title.split()), public_text.strip()
    if not title or not public_text:
        raise Incomplete("Escreva o título e o texto do aviso.")
    return title, public_text
