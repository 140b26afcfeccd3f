"""The demonstration's history: stories played through the verbs, in the order of time, with the clock shifted.

Nothing is written past the verbs, so that the demonstration is what the portal would have become.
Every step has a request id of its own: a second run finds them all and does nothing, and a run
that was broken off goes on where it stopped.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F

import worktime
from accounts.models import Agency, Membership, User
from catalog import offers
from catalog.models import Cause, FormField, Offering, Sphere
from feedback import surveys
from files import intake
from files.models import StoredFile
from helpdesk import demo_community, demo_feedback, demo_files, demo_incident, demo_mail, demo_past, demo_people
from helpdesk.volume import COLUMNS
from notifications import delivery
from notifications.models import Notice
from tickets import lifecycle, sweeps
from tickets.lifecycle import AgencyChoice, Answered, Request
from tickets.models import Ticket, TicketEvent
from tickets.states import Via

STORIES: Final = Path(__file__).parent / "data" / "demo_tickets.json"
NAMESPACE: Final = uuid.UUID("6f2c1c0e-51a4-4a0e-8f0e-0d6c0c9b7a10")
PEOPLE_SINCE: Final = timedelta(days=45)
SWEEP_EVERY: Final = timedelta(hours=3)
READ_BEFORE: Final = timedelta(days=2)
"""Notices older than this were read by the people of the stories."""

# What a step's further values are called by its verb.
WORDS: Final = {
    "ask": "body",
    "comment": "body",
    "note": "body",
    "answer": "body",
    "refuse": "body",
    "reopen": "body",
    "cancel": "body",
    "solved": "body",
    "escalate": "checked",
    "hand_back": "reason",
    "restore": "justification",
}
VERBS: Final[dict[str, Callable[..., Ticket]]] = {
    "answer": lifecycle.speak,
    "ask": lifecycle.ask,
    "assign": lifecycle.assign,
    "cancel": lifecycle.cancel,
    "close_duplicate": lifecycle.close_duplicate,
    "comment": lifecycle.comment,
    "confirm": lifecycle.confirm,
    "escalate": lifecycle.escalate,
    "hand_back": lifecycle.hand_back,
    "note": lifecycle.note,
    "refuse": lifecycle.refuse,
    "reopen": lifecycle.reopen,
    "resolve": lifecycle.resolve,
    "restore": lifecycle.restore,
    "resume": lifecycle.resume,
    "set_priority": lifecycle.set_priority,
    "solved": lifecycle.solved,
    "take": lifecycle.take,
    "triage": lifecycle.triage,
    "validate": lifecycle.validate,
    "validated": lifecycle.validated,
    "wait_external": lifecycle.wait_external,
}


@dataclass(frozen=True)
class Step:
    """One thing that happens at one moment; ``do`` is given the request id."""

    at: datetime
    request_id: uuid.UUID
    do: Callable[[uuid.UUID], object]


def seed(*, past: bool = False) -> int:
    """Make people and history as far as they are missing; how many steps were taken.

    ``past`` has the six months before told as well (``demo_past``), where there is no ticket yet.
    Needs the catalog (``load_catalog``). Raises ``lifecycle.Refused`` where a story breaks a rule.
    """
    told = json.loads(STORIES.read_text(encoding="utf-8"))
    now = worktime.now()
    with_past = past and not Ticket.objects.exists()
    with _at(now - (demo_past.PEOPLE_SINCE if with_past else PEOPLE_SINCE)):
        demo_people.create()
        _create_people(told)
    if with_past:
        demo_past.seed(now, _at)
    keys = {key for story in told["tickets"] for key in _request_ids(story)}
    taken = set(TicketEvent.objects.filter(request_id__in=keys).values_list("request_id", flat=True))
    if len(taken) == len(keys):
        return 0
    stories = Stories(now, told["usual_answers"])
    steps = [step for story in told["tickets"] for step in stories.steps_of(story) if step.request_id not in taken]
    _play(sorted(steps, key=lambda step: step.at), until=now)
    demo_incident.seed(_opened_by("incidente-1", "incidente-2", "incidente-3"), now, _at)
    demo_feedback.seed(now, _at)
    demo_community.seed(now, _at)
    demo_mail.seed(_opened_by("bia-trabalha")[0], now, _at)
    if with_past:
        demo_past.close(now)
    Notice.objects.filter(created_at__lt=now - READ_BEFORE, read_at=None).update(read_at=F("created_at"))
    return len(steps)


def _opened_by(*stories: str) -> list[Ticket]:
    """The tickets that these stories opened, in their order."""
    keys = [_request_id({"key": key}, 0) for key in stories]
    return list(Ticket.objects.filter(events__request_id__in=keys).select_related("product").order_by("number"))


def _play(steps: list[Step], *, until: datetime) -> None:
    """Take the steps in their order; between them the jobs do what beat would have asked of them."""
    swept = steps[0].at
    for step in steps:
        while swept + SWEEP_EVERY < step.at:
            swept += SWEEP_EVERY
            _run_jobs(swept)
        with _at(step.at):
            step.do(step.request_id)
            delivery.deliver_due()
    _run_jobs(until)


def _run_jobs(at: datetime) -> None:
    with _at(at):
        sweeps.remind_waits()
        sweeps.close_expired_waits()
        sweeps.finalize_closed()
        surveys.create_due()
        surveys.invite_due()
        delivery.deliver_due()


def _at(moment: datetime) -> Any:
    """The block lives at that moment."""
    return worktime.shifted(moment - worktime.now())


def _request_id(story: dict[str, Any], number: int) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{story['key']}/{number}")


def _request_ids(story: dict[str, Any]) -> Iterator[uuid.UUID]:
    """The opening is number 0."""
    return (_request_id(story, number) for number in range(len(story["steps"]) + 1))


class Stories:
    """Turns the stories of the file into steps around ``now``."""

    def __init__(self, now: datetime, usual_answers: dict[str, str]) -> None:
        self.now = now
        self.usual = usual_answers
        self.people = {user.email.split("@")[0]: user for user in User.objects.filter(email__endswith="@example.org")}

    def steps_of(self, story: dict[str, Any]) -> Iterator[Step]:
        yield Step(self.moment(story["opened"]), _request_id(story, 0), lambda key: self.open(story, key))
        for number, (verb, who, when, *rest) in enumerate(story["steps"], start=1):
            yield Step(self.moment(when), _request_id(story, number), self.action(story, verb, who, rest))

    def moment(self, when: str) -> datetime:
        """``-66:30`` is 66 h 30 min before now; ``12 09:14`` that time of the 12th working day before today."""
        if when.startswith("-"):
            hours, minutes = when[1:].split(":")
            return self.now - timedelta(hours=int(hours), minutes=int(minutes))
        days, clock = when.split(" ")
        day = working_day_before(self.now.astimezone(worktime.BRASILIA).date(), int(days))
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=worktime.BRASILIA)

    def action(self, story: dict[str, Any], verb: str, who: str, rest: list[Any]) -> Callable[[uuid.UUID], object]:
        def do(request_id: uuid.UUID) -> Ticket:
            by = self.people[who]
            ticket = TicketEvent.objects.get(request_id=_request_id(story, 0)).ticket
            via = Via.PORTAL if by.pk == ticket.requester_id else Via.DESK
            return VERBS[verb](ticket.pk, by=by, via=via, request_id=request_id, **self.given(verb, rest, ticket))

        return do

    def given(self, verb: str, rest: list[Any], ticket: Ticket) -> dict[str, Any]:
        match verb:
            case "resolve":
                return {"body": rest[0], "cause": Cause.objects.get(product=ticket.product_id, slug=rest[1])}
            case "close_duplicate":
                root = TicketEvent.objects.get(request_id=_request_id({"key": rest[0]}, 0)).ticket
                return {"root": root.number, "body": rest[1]}
            case "assign":
                return {"to": self.people[rest[0]]}
            case "set_priority":
                return {"priority": rest[0], "reason": rest[1]}
            case "wait_external":
                number = rest[1] if len(rest) > 1 else ""
                return {"team": rest[0], "outside_number": number, "review_at": worktime.now() + timedelta(days=5)}
        return {WORDS[verb]: rest[0]} if rest else {}

    def open(self, story: dict[str, Any], request_id: uuid.UUID) -> Ticket:
        by = self.people[story["by"]]
        sphere, product, kind = story["offering"].split("/")
        offering = offers.offering_at(demo_people.CORE_SYSTEM, sphere, product, kind)
        fields = offers.fields_of(offering)
        request = Request(
            offering=offering,
            subject=story["subject"],
            body=story["body"],
            agency=_agency(story, by),
            answers=list(self.answers(fields, story.get("answers", {}), by)),
            files=_files(story, offering, fields, by, request_id),
            privacy_read=True,
        )
        return lifecycle.open_ticket(request, by=by, via=Via.PORTAL, request_id=request_id)

    def answers(self, fields: list[FormField], told: dict[str, str], by: User) -> Iterator[Answered]:
        """What the story tells, and the usual answer to whatever else the form requires."""
        usual = self.usual | {"responsavel_nome": by.name, "responsavel_email": by.email}
        for asked in fields:
            if asked.name in COLUMNS or asked.kind == FormField.Kind.FILE:
                continue
            value = told.get(asked.name, "")
            if asked.required and not value:
                value = "sim" if asked.kind == FormField.Kind.BOOLEAN else usual.get(asked.name, "")
                if asked.options and value not in asked.options:
                    value = asked.options[0]
            if value:
                yield Answered(asked.name, asked.label, asked.kind, value, asked.options)


def working_day_before(today: date, count: int) -> date:
    """The ``count``-th day from Monday to Friday before ``today``. Holidays are no matter here."""
    day = today
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _agency(story: dict[str, Any], by: User) -> AgencyChoice:
    match story.get("agency"):
        case "none":
            return AgencyChoice()
        case "unlisted":
            sphere = Sphere.objects.get(slug="executivo-municipal")
            return AgencyChoice(unlisted_name="Consórcio Vale Exemplo", unlisted_state="BA", unlisted_sphere=sphere)
    return AgencyChoice(agency=by.active_memberships[0].agency)


def _files(
    story: dict[str, Any], offering: Offering, fields: list[FormField], by: User, form_id: uuid.UUID
) -> dict[str, list[StoredFile]]:
    """The story's files, in the form's first field for files."""
    made: dict[str, Callable[[], tuple[str, bytes]]] = {
        "log": lambda: ("erro.log", demo_files.log(story["subject"], f"{worktime.now():%Y-%m-%d %H:%M}")),
        "imagem": lambda: ("tela.png", demo_files.picture()),
    }
    field = next((asked.name for asked in fields if asked.kind == FormField.Kind.FILE), "")
    policy = offers.attachment_policy(offering)
    uploads = [SimpleUploadedFile(*made[kind]()) for kind in story.get("files", ())]
    return {field: [intake.accept(upload, policy=policy, by=by, form_id=form_id) for upload in uploads]}


def _create_people(told: dict[str, Any]) -> None:
    """The requesters of the stories beside the demo accounts, and their bodies."""
    agencies = {agency.slug: agency for agency in Agency.objects.filter(slug__in=[demo_people.AGENCY_A, demo_people.AGENCY_B])}
    for row in told["agencies"]:
        values = row | {"sphere": Sphere.objects.get(slug=row["sphere"])}
        agencies[row["slug"]], _ = Agency.objects.get_or_create(slug=row["slug"], defaults=values)
    password = User.objects.get(email=demo_people.PEOPLE[0].email).password
    for row in told["people"]:
        user, _ = User.objects.get_or_create(email=row["email"], defaults={"name": row["name"], "password": password})
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        if row["agency"]:
            Membership.objects.get_or_create(
                user=user, agency=agencies[row["agency"]], ended_at=None, defaults={"confirmed_at": worktime.now()}
            )
