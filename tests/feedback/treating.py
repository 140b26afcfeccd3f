"""Low ratings and manifestations that are treated."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import worktime
from accounts.models import User
from feedback import treatments
from feedback.deadlines import day_of
from feedback.models import Manifestation, SurveyAnswer, Treatment, TreatmentNote
from tests.cast import form, fresh


def rated(c: SimpleNamespace, stars: int = 1, **fields: Any) -> Treatment:
    """A rating of today, in the list as it is the night after."""
    queue = fields.get("queue", c.n2)
    given = {"answered_on": day_of(worktime.now()), "product": queue.product, "queue": queue, "closure": "resolved", **fields}
    answer = SurveyAnswer.objects.create(stars=stars, **given)
    treatments.take_in(worktime.now() + timedelta(days=1))
    return Treatment.objects.get(answer=answer.pk)


def of(made: Manifestation) -> Treatment:
    return Treatment.objects.get(manifestation=made)


def treated(
    treatment: Treatment, by: User, state: str = "done", words: str = "A equipe foi orientada.", **given: Any
) -> Treatment:
    """Noted by somebody who has read every note."""
    seen = TreatmentNote.objects.filter(treatment=treatment).count()
    told = {"state": state, "theme": None, "words": words, "seen": seen, "request_id": form(), **given}
    return treatments.treat(treatment.pk, by=fresh(by), **told)
