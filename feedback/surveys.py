"""Asking after a closing, and keeping the answer (guide §7; Portaria SGD/MGI 1.083/2025).

Which closings are asked about is decided in docs/adr; never is an answer a condition of anything.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, QuerySet

import worktime
from accounts.signed_in import with_rights
from feedback import reasons
from feedback.models import Survey, SurveyAnswer
from govbr.cpf import without_cpfs
from notifications import outbox
from tickets import rules
from tickets.models import Ticket, TicketEvent
from tickets.states import OPEN, TABLE, Action, Role

logger = logging.getLogger(__name__)

INVITED: Final = frozenset({Action.RESOLVE, Action.SOLVED, Action.REFUSE})
"""Closings after which the requester gets a mail."""
ASKED: Final = INVITED | {Action.EXPIRE_WAIT}
"""Closings after which the ticket's page asks. Nothing was answered to who cancelled; a duplicate is answered at its root."""
LIFE: Final = timedelta(days=30)
INVITE_AFTER: Final = timedelta(days=1)
"""The mail about the closing comes at once; a second one beside it would only be in the way, and many have answered by then."""
OVERLAP: Final = timedelta(days=2)
"""How far before the newest survey closings are looked for again: longer than any transaction lasts."""
BATCH: Final = 500
RUN: Final = timedelta(seconds=10)
"""No further invitation is begun after this, so that the other jobs have their turn."""
PUT_OFF: Final = timedelta(hours=1)
"""After a failure the next try comes so much later."""
BLENDED_DAYS: Final = 3
"""Days that are written anew each time, for a night on which nothing ran."""
KIND: Final = "survey"


class Standing(StrEnum):
    """Whether a survey can be answered, and if not, why."""

    OPEN = "open"
    ANSWERED = "answered"
    REOPENED = "reopened"
    EXPIRED = "expired"


class Unanswerable(Exception):
    """The survey takes no answer, and none was kept."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


def standing(survey: Survey, at: datetime) -> Standing:
    """Asks the ticket as it stands on the survey. A ticket opened again is asked about when it closes again."""
    if survey.answered:
        return Standing.ANSWERED
    ticket = survey.closing.ticket
    if ticket.status in OPEN or ticket.closed_at != survey.closing.at:
        return Standing.REOPENED
    return Standing.EXPIRED if at > survey.expires_at else Standing.OPEN


def of_ticket(ticket: Ticket) -> Survey | None:
    """The survey of the ticket's last closing, while it is closed."""
    if ticket.closed_at is None:
        return None
    found = Survey.objects.filter(closing__ticket=ticket, closing__at=ticket.closed_at)
    return found.select_related("closing__ticket__product").order_by("-closing").first()


def create_due() -> int:
    """Make the surveys of new closings, at most ``BATCH``; how many. Asking twice at once makes each once."""
    at = worktime.now()
    due = _unasked(at).order_by("at", "pk")[:BATCH]
    surveys = [
        Survey(
            closing=closing,
            expires_at=closing.at + LIFE,
            invite_at=closing.at + INVITE_AFTER if closing.action in INVITED else None,
        )
        for closing in due
    ]
    Survey.objects.bulk_create(surveys, ignore_conflicts=True)
    return len(surveys)


def _unasked(at: datetime) -> QuerySet[TicketEvent]:
    """Closings that still stand and have no survey, from a little before the newest survey on: an index leads there."""
    newest = Survey.objects.aggregate(newest=Max("expires_at"))["newest"]
    since = max(at - LIFE, newest - LIFE - OVERLAP) if newest else at - OVERLAP
    closings = TicketEvent.objects.filter(action__in=sorted(ASKED), at__gt=since, ticket__closed_at=F("at"))
    return closings.filter(~Exists(Survey.objects.filter(closing=OuterRef("pk"))))


def to_invite(at: datetime) -> QuerySet[Survey]:
    return Survey.objects.filter(invite_at__lte=at).order_by("invite_at", "pk")


def invite_due() -> int:
    """Queue the invitations that are due, each in its own transaction; how many surveys were dealt with."""
    done, until = 0, time.monotonic() + RUN.total_seconds()
    while time.monotonic() < until:
        survey = None
        try:
            with transaction.atomic():
                survey = to_invite(worktime.now()).select_for_update(skip_locked=True, of=("self",)).first()
                if survey is None:
                    break
                _invite(survey)
            done += 1
        except Exception as error:  # one poisoned row must not stop the line
            if survey is None:
                raise
            logger.error("The invitation of survey pk=%s failed: %s", survey.pk, type(error).__name__)
            Survey.objects.filter(pk=survey.pk).update(invite_at=worktime.now() + PUT_OFF)
    return done


def _invite(survey: Survey) -> None:
    """The ticket's row is locked, so that it cannot be reopened between the look and the notice."""
    survey.invite_at = None
    survey.save(update_fields=["invite_at"])
    survey.closing.ticket = Ticket.objects.select_for_update(no_key=True).get(pk=survey.closing.ticket_id)
    ticket = survey.closing.ticket
    if standing(survey, worktime.now()) != Standing.OPEN:
        return
    if any(Role.REQUESTER in rules.roles(person, ticket) for person in with_rights([ticket.requester_id])):
        data = {"survey": survey.pk, "number": ticket.number}
        outbox.enqueue(KIND, to=ticket.requester_id, data=data, dedupe_key=f"survey:{survey.pk}")


@transaction.atomic
def answer(survey_pk: int, *, stars: int, given: list[str], comment: str) -> None:
    """Keep an answer, without whose it is. Raises ``Unanswerable`` where there is one already, or its time is over.

    Of ``given`` the reasons that fit the rating are kept, at most ``reasons.MOST``; CPFs in the comment are masked.
    """
    survey = Survey.objects.select_for_update(of=("self",)).select_related("closing__ticket").get(pk=survey_pk)
    at = worktime.now()
    if (now := standing(survey, at)) != Standing.OPEN:
        raise Unanswerable(now)
    survey.answered = True
    survey.invite_at = None
    survey.save(update_fields=["answered", "invite_at"])
    closing = survey.closing
    SurveyAnswer.objects.create(
        answered_on=at.astimezone(worktime.BRASILIA).date(),
        product_id=closing.ticket.product_id,
        queue_id=closing.queue_id,
        closure=TABLE[Action(closing.action)].closes_as or "",
        stars=stars,
        reasons=[reason.slug for reason in reasons.fitting(stars) if reason.slug in given][: reasons.MOST],
        comment=without_cpfs(comment),
    )


def blend(at: datetime) -> int:
    """Write the answers of the days before ``at`` anew, each day's together and in no order; how many.

    PostgreSQL notes with each row which transaction wrote it: until then it says which answer and which survey are one.
    """
    today, done = at.astimezone(worktime.BRASILIA).date(), 0
    for days in range(1, BLENDED_DAYS + 1):
        with transaction.atomic():
            answers = list(SurveyAnswer.objects.select_for_update().filter(answered_on=today - timedelta(days)).order_by("pk"))
            SurveyAnswer.objects.filter(pk__in=[answer.pk for answer in answers]).delete()
            SurveyAnswer.objects.bulk_create(answers)
        done += len(answers)
    return done
