"""What the demonstration's people think of the service: some answer surveys, some write to the ombudsman."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any, Final

from accounts.models import User
from feedback import manifestations, surveys
from feedback.models import Manifestation, Survey
from notifications import delivery

TOLD: Final = Path(__file__).parent / "data" / "demo_feedback.json"
NAMESPACE: Final = uuid.UUID("6f2c1c0e-51a4-4a0e-8f0e-0d6c0c9b7a12")
ANSWERED_AFTER: Final = timedelta(hours=30)
"""After the closing, when the invitation has gone. What was closed later waits for an answer."""
OMBUDSMAN: Final = "otto@example.org"

At = Callable[[datetime], AbstractContextManager[None]]


def seed(now: datetime, at: At) -> None:
    """Once. ``at`` makes a block live at a moment."""
    if Manifestation.objects.exists():
        return
    told = json.loads(TOLD.read_text(encoding="utf-8"))
    _answer(told["answers"], now, at)
    happenings = [happening for story in told["manifestations"] for happening in _happenings(story)]
    for days, do in sorted(happenings, key=lambda happening: -happening[0]):
        with at(now - timedelta(days=days)):
            do()
            delivery.deliver_due()


def _answer(answers: list[dict[str, Any]], now: datetime, at: At) -> None:
    """Two surveys of three are answered, those of closings that were not opened again."""
    due = Survey.objects.filter(closing__at__lt=now - ANSWERED_AFTER).select_related("closing__ticket").order_by("closing")
    told = cycle(answers)
    for survey in [survey for number, survey in enumerate(due) if number % 3]:
        moment = survey.closing.at + ANSWERED_AFTER
        if surveys.standing(survey, moment) == surveys.Standing.OPEN:
            answer = next(told)
            with at(moment):
                given, comment = answer.get("reasons", []), answer.get("comment", "")
                surveys.answer(survey.pk, stars=answer["stars"], given=given, comment=comment)


def _happenings(story: dict[str, Any]) -> list[tuple[int, Callable[[], object]]]:
    """What happens with one manifestation, and how many days ago."""

    def key(step: int) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{story['key']}/{step}")

    def register() -> None:
        by = User.objects.get(email=story["by"]) if story["by"] else None
        given = {name: story[name] for name in ("kind", "body", "may_publish", "show_name") if name in story}
        manifestations.register(by=by, request_id=key(0), **given)

    def step(number: int, verb: str, given: dict[str, str]) -> None:
        made = Manifestation.objects.get(request_id=key(0))
        by = User.objects.get(email=OMBUDSMAN)
        getattr(manifestations, verb)(made.pk, by=by, request_id=key(number), **given)

    later = [
        (days, lambda number=number, verb=verb, given=given: step(number, verb, given))
        for number, (verb, days, given) in enumerate(story["steps"], start=1)
    ]
    return [(story["days"], register), *later]
