"""Random lives of tickets for the reckoning: two products, policies that change, pauses, reopenings, opinions."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import time_machine
from django.db import transaction

import worktime
from accounts.models import Agency, Membership
from catalog.models import Cause, Holiday, Offering, Policy, PolicyTarget, Product
from feedback.models import Survey, SurveyAnswer
from knowledge.models import Article, ArticleOpinion
from tests import cast
from tests.cast import MONDAY, fresh, opened
from tests.reports.reckoning import HERE, TARGETS, Promise
from tests.tickets.lives import VERBS
from tickets import lifecycle, sweeps
from tickets.lifecycle import AgencyChoice, Refused
from tickets.models import Ticket, TicketEvent
from tickets.states import Via

HOLIDAY = date(2026, 12, 8)
DAY = timedelta(days=1)
TEAM = ["bia", "caio"]
WHO = {
    **{verb: ["ana"] for verb in ("speak", "solved", "cancel", "reopen", "confirm")},
    "priority": [*TEAM, "duda"],
    "restore": ["duda"],
}
"""Who does what; the rest the team does."""
LIKELY = [
    *("take", "take", "take", "resolve", "resolve", "ask", "ask", "speak", "escalate", "reopen", "reopen"),
    *("comment", "priority", "wait", "resume", "transfer"),
]
STRICT = {1: (1, 4, 9), 2: (2, 8, 20), 3: (5, 12, 30), 4: (9, 25, 70)}
LOOSE = {1: (4, 12, 30), 2: (8, 30, 60), 3: (20, 60, 110), 4: (30, 90, 200)}
CLOSINGS = {
    "resolve": "resolved",
    "solved": "solved_by_requester",
    "refuse": "out_of_scope",
    "expire_wait": "no_interaction",
}
"""After what people are asked, and how it is called."""


@dataclass
class World:
    """Who and what there is, and what was done beside the events."""

    c: SimpleNamespace
    offerings: list[Offering]
    promises: list[Promise]
    stars: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    helped: list[dict[str, Any]] = field(default_factory=list)


def world(count: int) -> World:
    """At ``MONDAY``. The policies of the portal and of one product change while the ``count`` lives are lived."""
    c = cast.full_cast()
    other = cast.another_product(c)
    Offering.objects.filter(pk=other.pk).update(sphere=c.other_sphere)
    Agency.objects.filter(pk=c.a.pk).update(state="DF")
    Membership.objects.filter(user=c.eva).update(agency=c.b)
    for product, slug in ((c.product, "versao"), (other.product, "rede"), (other.product, "certificado")):
        Cause.objects.create(product=product, slug=slug, name=slug)
    Holiday.objects.create(date=HOLIDAY, name="Feriado")
    middle, later = MONDAY + count * timedelta(hours=1), MONDAY + count * timedelta(hours=2)
    promises = [
        Promise(MONDAY - 1000 * DAY, TARGETS),
        Promise(middle, STRICT),
        Promise(MONDAY - 10 * DAY, LOOSE, other.product.slug, stops_outside=True),
        Promise(later, STRICT, other.product.slug),
    ]
    for promise in promises[1:]:
        product = Product.objects.filter(slug=promise.product).first()
        policy = Policy.objects.create(
            in_force_from=promise.since,
            core_system=c.core if product else None,
            product=product,
            stops_outside=promise.stops_outside,
        )
        PolicyTarget.objects.bulk_create(
            PolicyTarget(policy=policy, priority=priority, first_response_hours=first, n2_hours=n2, n3_hours=n3)
            for priority, (first, n2, n3) in promise.targets.items()
        )
    return World(c, [c.offering, Offering.objects.get(pk=other.pk)], promises)


def live(w: World, count: int, dice: Random) -> None:
    """So many tickets over some weeks, each with turns of random people; jobs run now and then."""
    now = MONDAY
    for _ in range(count):
        now += timedelta(seconds=dice.randrange(6 * 3600))
        with time_machine.travel(now, tick=False):
            pk = _open(w, dice).pk
        at = now
        for _ in range(dice.randrange(12)):
            at += timedelta(seconds=dice.choice([60, 3600, 9 * 3600, 30 * 3600, 80 * 3600]) + dice.randrange(3600))
            verb = dice.choice(LIKELY if dice.random() < 0.8 else sorted(VERBS))
            facts = {"by": fresh(getattr(w.c, dice.choice(WHO.get(verb, TEAM)))), "via": Via.DESK, "request_id": uuid4()}
            with time_machine.travel(at, tick=False), suppress(Refused), transaction.atomic():
                _act(w, verb, pk, facts, dice)
            if dice.random() < 0.15:
                with time_machine.travel(at, tick=False):
                    sweeps.remind_waits()
                    sweeps.close_expired_waits()
                    sweeps.finalize_closed()


def _open(w: World, dice: Random) -> Ticket:
    offering = dice.choice(w.offerings)
    if dice.random() < 0.7:
        return opened(w.c, offering=offering)
    body = AgencyChoice(agency=w.c.b) if dice.random() < 0.5 else AgencyChoice()
    return opened(w.c, by=w.c.eva, offering=offering, agency=body)


def _act(w: World, verb: str, pk: int, facts: dict[str, Any], dice: Random) -> None:
    ticket = Ticket.objects.get(pk=pk)
    match verb:
        case "resolve":
            cause = dice.choice(list(Cause.objects.filter(product=ticket.product).order_by("pk")))
            lifecycle.resolve(pk, **facts, body="Resposta", cause=cause)
        case "wait":
            lifecycle.wait_external(pk, **facts, team="Infra", review_at=worktime.now() + DAY)
        case "transfer":
            elsewhere = next(one for one in w.offerings if one.pk != ticket.offering_id)
            lifecycle.transfer(pk, **facts, reason="Motivo", offering=elsewhere)
        case _:
            VERBS[verb](pk, **facts)


def events(w: World) -> list[dict[str, Any]]:
    """The raw events in order, each with the product that its ticket had after it."""
    products = {one.pk: one.product.slug for one in w.offerings}
    rows = list(
        TicketEvent.objects.order_by("ticket", "at", "id").values(
            *("ticket", "at", "action", "new_status", "level", "priority", "queue__slug", "assignee", "data"),
            *("message__from_team", "message__internal", "ticket__offering"),
        )
    )
    begun = {row["ticket"]: row["ticket__offering"] for row in rows}
    for row in reversed(rows):
        begun[row["ticket"]] = row["data"].get("from_offering", begun[row["ticket"]])
    for row in rows:
        begun[row["ticket"]] = row["data"].get("to_offering", begun[row["ticket"]])
        row["product"], row["queue"] = products[begun[row["ticket"]]], row["queue__slug"]
        row["cause"] = row["data"].get("cause")
        row["spoke"] = bool(row["message__from_team"]) and row["message__internal"] is False
    return rows


def judge(w: World, dice: Random) -> None:
    """People answer surveys, and say of articles that they helped."""
    closings = TicketEvent.objects.filter(action__in=CLOSINGS).select_related("queue", "ticket__product").order_by("pk")
    for closing in closings:
        if dice.random() < 0.8:
            answered = dice.random() < 0.6
            Survey.objects.create(closing=closing, expires_at=closing.at + 30 * DAY, answered=answered)
            told = {"product": closing.ticket.product.slug, "queue": closing.queue.slug, "level": closing.queue.level}
            closure, on = CLOSINGS[closing.action], closing.at.astimezone(HERE).date()
            w.asked.append({**told, "closure": closure, "on": on, "answered": answered})
            if answered:
                stars = dice.randint(1, 5)
                reasons = dice.sample(["rapidez", "resolveu", "cortesia"] if stars > 3 else ["demora", "repetir"], 2)
                day = on + dice.randrange(10) * DAY
                SurveyAnswer.objects.create(
                    product=closing.ticket.product,
                    queue=closing.queue,
                    closure=closure,
                    answered_on=day,
                    stars=stars,
                    reasons=reasons,
                )
                w.stars.append({**told, "closure": closure, "on": day, "stars": stars, "reasons": reasons})
    for offering in w.offerings:
        article = Article.objects.create(
            core_system=w.c.core, product=offering.product, slug=offering.product.slug, title="Artigo", body="Texto"
        )
        for n in range(20):
            at = MONDAY + timedelta(hours=dice.randrange(1000))
            said: dict[str, Any] = {"helped": dice.random() < 0.7, "while_opening": dice.random() < 0.7}
            ArticleOpinion.objects.create(article=article, visitor=f"v{n}", at=at, **said)
            w.helped.append({**said, "product": offering.product.slug, "visitor": n, "on": at.astimezone(HERE).date()})
