"""What is measured: pages and forms of the portal as the load's people use them."""

import functools
import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Count
from django.urls import reverse

import worktime
from accounts.models import RoleGrant, User
from catalog import offers
from catalog.models import AttachmentNeed, CoreSystem, FormField, Offering
from helpdesk import volume_people, volume_words
from reports.models import KeptPanel
from tests.bench.visits import CSRF, Visit
from tickets.models import Ticket
from tickets.states import Level, Status

Kind = FormField.Kind
PEOPLE = 20
"""Different people and tickets that the visits of one operation go round, so that nobody meets the limits of pace."""

TYPED = {
    Kind.CPF: "52998224725",
    Kind.CNPJ: "11222333000181",
    Kind.PHONE: "(61) 3333-4444",
    Kind.EMAIL: "contato@example.org",
    Kind.URL: "https://sei.example.org/sei/",
    Kind.BOOLEAN: "on",
    Kind.DATE: "2026-03-02",
    Kind.DATETIME: "2026-03-02T10:30",
}


@dataclass(frozen=True)
class Operation:
    """``most`` is the target: times the floor; of some it is ``within`` so many milliseconds."""

    name: str
    most: float | None
    visit: Callable[[], Visit]
    counted: bool = True
    """Whether its queries are counted: pages alone, which may be asked for once more."""
    within: float | None = None


def cookies(user: User) -> str:
    """The cookies of somebody who has just signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def all_of_them() -> list[Operation]:
    analyst = User.objects.get(email=f"atendente-0000@{volume_people.DOMAIN}")
    at_desk = cookies(analyst)
    queue = reverse("admin:tickets_n2ticket_changelist")

    def search(words: str) -> Callable[[], Visit]:
        return lambda: Visit(f"{queue}?q={quote(words)}", at_desk)

    n2 = Ticket.objects.filter(level=Level.N2, status=Status.IN_PROGRESS).order_by("-pk")
    pages = _around([Visit(_desk(pk, "change"), at_desk) for pk in n2.values_list("pk", flat=True)[:PEOPLE]])
    held = n2.select_related("assignee").exclude(assignee=None)[:PEOPLE]
    working = {ticket.assignee_id: cookies(ticket.assignee) for ticket in held if ticket.assignee is not None}
    at_work = _around([Visit(_desk(t.pk, "change"), working[t.assignee_id]) for t in held if t.assignee_id is not None])
    asked = list(Ticket.objects.select_related("requester").order_by("-pk")[:PEOPLE])
    signed_in = {ticket.requester_id: cookies(ticket.requester) for ticket in asked}
    own = _around([Visit(reverse("ticket", args=[t.number]), signed_in[t.requester_id]) for t in asked])
    homes = _around([Visit(reverse("home"), one) for one in signed_in.values()])
    lists = _around([Visit(reverse("tickets"), one) for one in signed_in.values()])
    sought = _around([Visit(f"{reverse('tickets')}?q={volume_words.COMMON}", one) for one in signed_in.values()])
    managing, today = cookies(manager()), worktime.now().astimezone(worktime.BRASILIA).date()
    report = f"{reverse('reports')}?periodo=livre&de={today - timedelta(days=364)}&ate={today}"
    of_product = f"{report}&produto={n2.values_list('product__slug', flat=True)[0]}"
    return [
        Operation("queue, first page of 25", 4, lambda: Visit(queue, at_desk)),
        Operation("queue, its views' counts", None, lambda: Visit(f"{queue}contagens/?parte=1", at_desk)),
        Operation("ticket, at the desk", 3, lambda: next(pages)),
        Operation("ticket, at its assignee's desk", 3, lambda: next(at_work)),
        Operation("ticket, its requester's page", 3, lambda: next(own)),
        Operation("search, a word in 1 %", 4, search(volume_words.RARE)),
        Operation("search, a word in 0 %", 4, search(volume_words.ABSENT)),
        Operation("search, a word in 30 %", 4, search(volume_words.COMMON)),
        Operation("search, two words in different messages", 4, search(f"{volume_words.RARE} {volume_words.COMMON}")),
        Operation(
            "search, 1 %, among the final ones", 4, lambda: Visit(f"{search(volume_words.RARE)().path}&situacao=final", at_desk)
        ),
        Operation("open a ticket (POST)", 2, _openings().__next__, counted=False),
        Operation("analyst's public reply (POST)", 2, _replies().__next__, counted=False),
        Operation("home, signed in", None, lambda: next(homes)),
        Operation("requester's list of tickets", None, lambda: next(lists)),
        Operation("requester's search of his tickets", None, lambda: next(sought)),
        Operation("SLA report, 12 months, kept ready", 5, lambda: Visit(report, managing)),
        Operation("SLA report, 12 months, first look", None, lambda: _first_look(report, managing), within=300),
        Operation("SLA report, 12 months, a product, first look", None, lambda: _first_look(of_product, managing), within=300),
    ]


def _first_look(path: str, signed_in: str) -> Visit:
    KeptPanel.objects.all().delete()
    return Visit(path, signed_in)


def manager() -> User:
    """Of every core system; he is made at the first run."""
    user, _ = User.objects.get_or_create(email=f"gestora@{volume_people.DOMAIN}", defaults={"name": "Gestora da Carga"})
    for core in CoreSystem.objects.all():
        RoleGrant.objects.get_or_create(
            user=user, role=RoleGrant.Role.MANAGER, core_system=core, defaults={"started_at": worktime.now()}
        )
    return user


def _around(visits: list[Visit]) -> Iterator[Visit]:
    return itertools.cycle(visits)


def _desk(pk: int, page: str, *rest: str) -> str:
    return reverse(f"admin:tickets_n2ticket_{page}", args=[pk, *rest])


def _openings() -> Iterator[Visit]:
    """Forms that open tickets, of requesters who take turns; each is sent once."""
    asking = User.objects.filter(email__startswith="solicitante-", email__endswith=volume_people.DOMAIN).order_by("-pk")[
        :PEOPLE
    ]
    known = [(user, cookies(user)) for user in asking]
    rng = Random()  # noqa: S311  # other words each time, or the portal would ask whether it is the same matter
    for number in itertools.count():
        user, signed_in = known[number % len(known)]
        agency = user.active_memberships[0].agency
        offering = _offering(agency.sphere_id)
        core, support = offering.product.core_system, offering.support_type
        form = {"form_id": str(uuid.uuid4()), "regras_lidas": "duplicado", "segredos_vistos": "1"}  # whatever it asks
        for asked in offers.fields_of(offering):
            if asked.kind == Kind.AGENCY:
                form[asked.name] = str(agency.pk)
            elif asked.required and asked.kind != Kind.FILE:
                form[asked.name] = TYPED.get(Kind(asked.kind)) or (asked.options[0] if asked.options else _words(asked, rng))
        slugs = [core.slug, offering.sphere.slug, offering.product.slug, support.slug]
        yield Visit(reverse("open-form", args=slugs), signed_in, form, expected=302)


def _words(asked: FormField, rng: Random) -> str:
    text = volume_words.message(rng) if asked.name == "descricao" else volume_words.subject(rng)
    return text[: asked.max_length or None]


@functools.cache
def _offering(sphere: int) -> Offering:
    """The first one of a sphere that can be asked for without a file."""
    found = offers.offerings().filter(sphere=sphere).exclude(attachment_need=AttachmentNeed.REQUIRED).order_by("pk")
    forms = ((offering, offers.fields_of(offering)) for offering in found.select_related("product__core_system"))
    return next(one for one, asked in forms if not any(f.required and f.kind == Kind.FILE for f in asked))


def _replies() -> Iterator[Visit]:
    """Messages of assignees to tickets that they hold; each is sent once."""
    held = Ticket.objects.filter(level=Level.N2, status=Status.IN_PROGRESS).annotate(n=Count("messages")).filter(n__lte=5)
    tickets = list(held.select_related("assignee").order_by("pk")[: 5 * PEOPLE])
    signed_in = {ticket.assignee_id: cookies(ticket.assignee) for ticket in tickets if ticket.assignee is not None}
    body = "A correção foi publicada hoje cedo. Confira, por favor, se o documento voltou a aparecer. " * 6
    for ticket in itertools.cycle(tickets):
        form = {"form_id": str(uuid.uuid4()), "words": body}
        yield Visit(_desk(ticket.pk, "action", "comment"), signed_in[ticket.assignee_id], form, expected=302)
