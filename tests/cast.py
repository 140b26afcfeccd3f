"""The cast of the tests: one small catalog and the people of DESIGN §9, by name.

Ana asks for body A, Gil is its focal point, Eva asks for body B and must see nothing of A's.
Bia works N2, Caio N3, Lia leads N2, Duda manages. Beto and Celia are Bia's and Caio's colleagues.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

import worktime
from accounts.models import Agency, Membership, RoleGrant, User
from catalog import hours
from catalog.models import (
    Cause,
    CoreSystem,
    FormField,
    Level,
    Offering,
    Policy,
    PolicyTarget,
    Priority,
    Product,
    Queue,
    Sphere,
    SupportType,
    WorkWindow,
)
from catalog.terms import Terms
from files import intake
from files.models import StoredFile
from tickets import lifecycle
from tickets.lifecycle import AgencyChoice, Answered, Request
from tickets.models import Follower, Ticket
from tickets.states import Status, Via

MONDAY = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""A Monday at 10h in Brasília."""


def small_catalog() -> SimpleNamespace:
    """One core system with one product in one sphere, its error form, a cause and two queues; office hours and a policy."""
    office_hours()
    default_policy()
    core = CoreSystem.objects.create(
        slug="pen", name="Processo Eletrônico", card_name="PEN", acronym="PEN", description="…", file_extensions=["txt", "png"]
    )
    sphere = Sphere.objects.create(slug="executivo-federal", name="Executivo Federal")
    other_sphere = Sphere.objects.create(slug="executivo-estadual", name="Executivo Estadual", position=1)
    product = Product.objects.create(core_system=core, slug="sei", name="SEI", description="…", purpose="…")
    kind = SupportType.objects.create(
        core_system=core, slug="reportar-erro", name="Reportar um erro", description="…", request_class="incidente"
    )
    n2 = Queue.objects.create(slug="pen-sei-n2", name="SEI N2", product=product, level=Level.N2)
    n3 = Queue.objects.create(slug="pen-sei-n3", name="SEI N3", product=product, level=Level.N3)
    cause = Cause.objects.create(product=product, slug="configuracao", name="Configuração do órgão")
    offering = Offering.objects.create(sphere=sphere, product=product, support_type=kind, n2_queue=n2, n3_queue=n3)
    return SimpleNamespace(
        core=core,
        sphere=sphere,
        other_sphere=other_sphere,
        product=product,
        kind=kind,
        n2=n2,
        n3=n3,
        offering=offering,
        cause=cause,
    )


def office_hours() -> None:
    """Monday to Friday, 8h to 18h."""
    WorkWindow.objects.bulk_create(WorkWindow(weekday=day, opens=8 * 60, closes=18 * 60) for day in range(5))


def default_policy(**fields: Any) -> Policy:
    """That of the whole portal, with the targets of DOMAIN §2.7, in force since long ago."""
    policy = Policy.objects.create(**{"in_force_from": datetime(2020, 1, 1, tzinfo=UTC), **fields})
    PolicyTarget.objects.bulk_create(
        PolicyTarget(policy=policy, priority=priority, first_response_hours=first, n2_hours=n2, n3_hours=n3)
        for priority, first, n2, n3 in (
            (Priority.URGENT, 2, 8, 20),
            (Priority.HIGH, 4, 16, 40),
            (Priority.MEDIUM, 8, 30, 80),
            (Priority.LOW, 16, 50, 150),
        )
    )
    return policy


def another_product(c: SimpleNamespace) -> Offering:
    """The offering of another product, worked by Bia and Caio too."""
    product = Product.objects.create(core_system=c.core, slug="barramento", name="Barramento", description="…", purpose="…")
    queues = {
        level: Queue.objects.create(
            slug=f"pen-barramento-{level.lower()}", name=f"Barramento {level}", product=product, level=level
        )
        for level in (Level.N2, Level.N3)
    }
    RoleGrant.objects.create(user=c.bia, role="analyst", queue=queues[Level.N2])
    RoleGrant.objects.create(user=c.caio, role="analyst", queue=queues[Level.N3])
    return Offering.objects.create(
        sphere=c.sphere, product=product, support_type=c.kind, n2_queue=queues[Level.N2], n3_queue=queues[Level.N3]
    )


def person(name: str, **fields: Any) -> User:
    email = fields.pop("email", f"{name.lower()}@example.org")
    return User.objects.create_user(email, "demo", name=name, **fields)


def agency(slug: str, sphere: Sphere) -> Agency:
    name = slug.upper()
    return Agency.objects.create(
        slug=slug, name=f"Órgão {name}", acronym=name, sphere=sphere, power="executivo", legal_nature="autarquia"
    )


def full_cast() -> SimpleNamespace:
    """The catalog and everybody, with their roles."""
    c = small_catalog()
    c.a, c.b = agency("a", c.sphere), agency("b", c.sphere)
    for name in ("Ana", "Gil", "Eva", "Bia", "Beto", "Caio", "Celia", "Lia", "Duda", "Dora"):
        setattr(c, name.lower(), person(name))
    Membership.objects.create(user=c.ana, agency=c.a, confirmed_at=worktime.now())
    Membership.objects.create(user=c.gil, agency=c.a, role=Membership.Role.FOCAL_POINT, confirmed_at=worktime.now())
    Membership.objects.create(user=c.eva, agency=c.b, confirmed_at=worktime.now())
    for user, role, queue in (
        (c.bia, "analyst", c.n2),
        (c.beto, "analyst", c.n2),
        (c.caio, "analyst", c.n3),
        (c.celia, "analyst", c.n3),
        (c.lia, "lead", c.n2),
    ):
        RoleGrant.objects.create(user=user, role=role, queue=queue)
    RoleGrant.objects.create(user=c.duda, role="manager", core_system=c.core)
    RoleGrant.objects.create(user=c.dora, role="dpo")
    return c


def fresh(user: User) -> User:
    """The same person as a new request would load him."""
    return User.objects.get(pk=user.pk)


def form() -> uuid.UUID:
    """The id of a form sent once."""
    return uuid.uuid4()


def opened(c: SimpleNamespace, *, by: User | None = None, **fields: Any) -> Ticket:
    """A ticket of Ana's for body A, in the N2 queue."""
    by = by or c.ana
    choice = AgencyChoice(agency=c.a) if by == c.ana else AgencyChoice()
    defaults: dict[str, Any] = {
        "offering": c.offering,
        "subject": "Erro ao assinar",
        "body": "Ao assinar, a tela fica em branco.",
        "agency": choice,
        "answers": [Answered("ambiente", "Ambiente", FormField.Kind.CHOICE, "Produção", ["Produção", "Homologação"])],
        "privacy_read": True,
    }
    return lifecycle.open_ticket(Request(**{**defaults, **fields}), by=by, via=Via.PORTAL, request_id=form())


def at_status(c: SimpleNamespace, status: Status, level: str = Level.N2) -> Ticket:
    """A ticket of Ana's brought to a status through the verbs, worked by Bia (N2) or Caio (N3)."""
    ticket = opened(c)
    pk, worker = ticket.pk, c.bia
    if status == Status.QUEUED and level == Level.N2:
        return ticket
    lifecycle.take(pk, by=worker, via=Via.DESK, request_id=form())
    if level == Level.N3 or status == Status.IN_VALIDATION:
        lifecycle.escalate(pk, by=worker, via=Via.DESK, request_id=form(), checked="Verificado.")
        worker = c.caio
        if status == Status.QUEUED:
            return Ticket.objects.get(pk=pk)
        lifecycle.take(pk, by=worker, via=Via.DESK, request_id=form())
    match status:
        case Status.WAITING_REQUESTER:
            lifecycle.ask(pk, by=worker, via=Via.DESK, request_id=form(), body="Qual a versão?")
        case Status.WAITING_EXTERNAL:
            review = worktime.now() + timedelta(days=2)
            lifecycle.wait_external(pk, by=worker, via=Via.DESK, request_id=form(), team="Infraestrutura", review_at=review)
        case Status.IN_VALIDATION:
            lifecycle.validate(pk, by=worker, via=Via.DESK, request_id=form())
        case Status.CLOSED | Status.FINAL:
            lifecycle.resolve(pk, by=worker, via=Via.DESK, request_id=form(), body="Atualize o módulo.", cause=c.cause)
    if status == Status.FINAL:
        with worktime.shifted(timedelta(hours=48, seconds=1)):
            lifecycle.finalize(pk, request_id=form())
    return Ticket.objects.get(pk=pk)


def follow(ticket: Ticket, user: User) -> None:
    """Make somebody follow a ticket, as a member of the body that it is about."""
    if ticket.agency is not None:
        Membership.objects.get_or_create(user=user, agency=ticket.agency, defaults={"confirmed_at": worktime.now()})
    Follower.objects.create(ticket=ticket, user=user)


def sent_file(by: User) -> StoredFile:
    """A file that somebody has sent, and that waits to go with his words."""
    policy = intake.Policy(max_bytes=1000, max_files=3, extensions=frozenset({"txt"}))
    return intake.accept(SimpleUploadedFile("log.txt", b"linha do log\n"), policy=policy, by=by, form_id=form())


def terms_of_a_job() -> Terms:
    """What a job has read beforehand; its calendar is told from the one of the database by its version, ``job``."""
    return Terms(replace(hours.current(), version="job"))
