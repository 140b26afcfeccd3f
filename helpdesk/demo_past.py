"""The six months before the demonstration's stories, in short: closed tickets, opinions, months that are frozen and public.

Reports compare months, and the stories fill only the last weeks. Here nothing is played: rows are written in bulk, such as
the verbs would have written, by the writer that also fills a database for measuring. The same day tells the same past.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import cycle
from random import Random
from typing import Final

from django.db import transaction

import worktime
from accounts.models import Membership, User
from feedback import surveys, treatments
from feedback.models import Survey, SurveyAnswer, Theme, Treatment
from helpdesk import demo_feedback
from helpdesk.volume import Writer
from helpdesk.volume_people import People
from helpdesk.volume_stories import (
    ADDED,
    ANSWERED,
    ASKED,
    ESCALATED,
    QUESTION,
    REQUESTER,
    RESOLVED,
    SAID,
    SOON,
    SYSTEM,
    TAKEN,
    Story,
    Told,
)
from reports import gathering, months, publishing
from tickets.models import TicketEvent
from tickets.states import TABLE, Action, Level
from tickets.waits import Waits

MONTHS: Final = 6
EACH: Final = 46
"""Tickets of a month, so many that the public may be told of most counts; a few more or fewer, so that months differ."""
PEOPLE_SINCE: Final = timedelta(days=31 * (MONTHS + 1))
DAYS_OF_TREATING: Final = 30
LAST_DAY: Final = 22
"""Of a month for its openings, a weekend aside: the last ones, too, are closed for good when the next month begins."""
WAITED_OUT: Final = (ASKED, TAKEN, SAID, QUESTION)
STORIES: Final[tuple[Story, ...]] = (
    (ASKED, TAKEN, SAID, RESOLVED),
    (ASKED, TAKEN, QUESTION, ANSWERED, RESOLVED),
    (ASKED, TAKEN, SAID, ADDED, ESCALATED, TAKEN, RESOLVED),
    (ASKED, (Action.CANCEL, REQUESTER)),
    WAITED_OUT,
)
OFTEN: Final = (45, 22, 13, 10, 10)
HOURS: Final = (2, 5, 9, 18, 34, 60)
"""Working hours until the end; the long ones miss their target."""
HOURS_OFTEN: Final = (15, 25, 25, 20, 10, 5)
PRODUCTS: Final = {"sei": 6, "modulo-tramita-govbr": 4, "modulo-wssei": 1, "portal-tramita-govbr": 1}
"""What is asked about, and how often."""
REQUESTERS: Final = tuple(f"{name}@example.org" for name in ("hugo", "iara", "joel", "nina"))
"""Nobody whom visitors sign in as: their own lists stay those of the stories."""

At = Callable[[datetime], AbstractContextManager[None]]


def seed(now: datetime, at: At) -> None:
    """Write it. Needs the catalog and the people; there is no ticket yet."""
    firsts = _firsts(now.astimezone(worktime.BRASILIA).date())
    rng = Random(firsts[0].isoformat())  # noqa: S311  # invented, and the same each time
    writer = Writer(_people(), now, rng)
    for sphere, offered in writer.by_sphere.items():
        writer.by_sphere[sphere] = [one for one in offered for _ in range(PRODUCTS.get(one.product.slug, 0))]
    with transaction.atomic():
        for number, first in enumerate(firsts):
            opened = sorted(_moment(rng, first) for _ in range(EACH + rng.randint(-5, 5) + 2 * number))
            writer.write([writer.draft(moment, partial(_told, writer, moment), []) for moment in opened])
        _opinions(rng)
    for first in (*firsts[1:], now.astimezone(worktime.BRASILIA).date().replace(day=1)):
        treatments.take_in(_noon(first))
    _treat(now, at)


def close(now: datetime) -> None:
    """Freeze and tell of what is final, as the jobs would do within the hour."""
    with worktime.shifted(now - worktime.now()):
        while gathering.gather():
            pass
        months.freeze_due()
        publishing.publish_due()


def _firsts(today: date) -> list[date]:
    """The first days of the months before, oldest first."""
    found = [today.replace(day=1)]
    for _ in range(MONTHS):
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[:0:-1]


def _people() -> People:
    bia, caio = (User.objects.get(email=email).pk for email in ("bia@example.org", "caio@example.org"))
    homes = Membership.objects.filter(user__email__in=REQUESTERS, ended_at=None).order_by("user__email")
    asking = list(homes.values_list("user", "agency", "agency__sphere"))
    return People({str(Level.N2): [bia], str(Level.N3): [caio]}, asking)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=worktime.BRASILIA)


def _moment(rng: Random, first: date) -> datetime:
    """When somebody opens a ticket: on a weekday of that month, mostly in the morning."""
    day = first.replace(day=rng.randint(1, LAST_DAY))
    day += timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))
    return datetime.combine(
        day, time(rng.choice((8, 9, 9, 10, 10, 11, 14, 15, 16)), rng.randrange(60)), tzinfo=worktime.BRASILIA
    )


def _told(writer: Writer, opened_at: datetime, allowed: Waits) -> Told:
    """A story that has ended for good by now; a short one where another would not, early in a month."""
    rng = writer.rng
    story, hours = rng.choices(STORIES, OFTEN)[0], rng.choices(HOURS, HOURS_OFTEN)[0] * rng.uniform(0.6, 1)
    told = _in_working_hours(writer, story, opened_at, hours, allowed)
    return told if told[-1][2] < writer.now else _in_working_hours(writer, STORIES[0], opened_at, HOURS[0], allowed)


def _in_working_hours(writer: Writer, story: Story, opened_at: datetime, hours: float, allowed: Waits) -> Told:
    """What people do, within so many hours of work; then what the jobs do."""
    shares = [*sorted(writer.rng.uniform(0.05, 0.9) for _ in story[2:]), 1.0]
    moments = [opened_at, *(writer.hours.calendar.add(opened_at, timedelta(hours=hours * share)) for share in shares)]
    told = [(action, who, at) for (action, who), at in zip(story, moments, strict=True)]
    if story is WAITED_OUT:
        asked_at = told[-1][2]
        told.append((Action.REMIND, SYSTEM, allowed.remind_at(asked_at) + SOON))
        told.append((Action.EXPIRE_WAIT, SYSTEM, allowed.expires_at(asked_at) + SOON))
    told.append((Action.FINALIZE, SYSTEM, allowed.reopen_until(told[-1][2]) + SOON))
    return told


def _opinions(rng: Random) -> None:
    """A survey of each closing that is asked about; two of five are answered."""
    told = cycle(json.loads(demo_feedback.TOLD.read_text(encoding="utf-8"))["answers"])
    asked, answers = [], []
    for closing in TicketEvent.objects.filter(action__in=sorted(surveys.ASKED)).select_related("ticket").order_by("pk"):
        is_answered = rng.random() < 0.4
        asked.append(Survey(closing=closing, expires_at=closing.at + surveys.LIFE, answered=is_answered))
        if is_answered:
            answers.append(_answer(closing, next(told)))
    Survey.objects.bulk_create(asked)
    SurveyAnswer.objects.bulk_create(sorted(answers, key=lambda answer: answer.pk))


def _answer(closing: TicketEvent, told: dict[str, object]) -> SurveyAnswer:
    return SurveyAnswer(
        answered_on=closing.at.astimezone(worktime.BRASILIA).date() + timedelta(days=1),
        product_id=closing.ticket.product_id,
        queue_id=closing.queue_id,
        closure=TABLE[Action(closing.action)].closes_as or "",
        **told,
    )


def _treat(now: datetime, at: At) -> None:
    """The oldest were treated, with themes; of the others some are looked into, and the rest wait."""
    duda = User.objects.get(email="duda@example.org")
    themes = cycle(Theme.objects.filter(active=True)[:3])
    words = cycle(
        (
            "Conversamos com a equipe e revimos o texto da resposta.",
            "O roteiro ganhou um aviso de andamento no segundo dia.",
            "Mudamos a ordem das perguntas do formulário.",
        )
    )
    listed = list(Treatment.objects.waiting().in_work_order())
    done, looking = len(listed) * 3 // 5, len(listed) * 4 // 5
    for number, treatment in enumerate(listed[:looking]):
        day = now.astimezone(worktime.BRASILIA).date() - timedelta(days=1 + (looking - number) * DAYS_OF_TREATING // looking)
        with at(_noon(day)):
            treatments.treat(
                treatment.pk,
                by=duda,
                state=Treatment.State.DONE if number < done else Treatment.State.LOOKING,
                theme=next(themes),
                words=next(words),
                seen=0,
                request_id=treatment.pk,
            )
