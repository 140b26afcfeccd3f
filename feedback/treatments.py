"""What is done about low ratings and manifestations: a state, a theme, and notes that stay. The only writer of these rows.

It answers nobody and changes no deadline: that is ``feedback.manifestations``. A rating stays without an author here:
see docs/adr/0053 on when it comes in, and by what.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

import worktime
from feedback.deadlines import day_of
from feedback.models import SurveyAnswer, Theme, Treatment, TreatmentNote
from feedback.reasons import HIGH_FROM
from feedback.treatment_lists import OPEN
from govbr.cpf import without_cpfs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from accounts.models import User
    from feedback.models import Manifestation

State = Treatment.State

LOOK_BACK: Final = timedelta(days=62)
"""How far back ratings are looked for that are not in yet: longer than any night's work fails to run."""
BATCH: Final = 500
TICKET: Final = re.compile(r"(?<!\d)\d{8}(?!\d)")
"""What looks like a ticket's number."""
NEWS: Final = "Quem escreveu acrescentou algo. O tratamento voltou para a lista."

OVERTAKEN: Final = "Outra pessoa anotou algo enquanto você escrevia. Leia a anotação nova e envie de novo."
UNANSWERED: Final = "A ouvidoria ainda não respondeu a esta manifestação. Termine o tratamento depois da resposta."
SAY_WHAT: Final = "Escreva o que foi feito, ou por que não há nada a fazer."
NOTHING_NEW: Final = "Mude a situação ou o tema, ou escreva uma anotação."
NAMES_A_TICKET: Final = "Tire o número do chamado: ninguém deve saber de qual chamado é uma avaliação."
NOT_YOURS: Final = "Você não lê este item."
USED: Final = "Este formulário já foi usado. Recarregue a página e envie de novo."


class Refused(Exception):
    """Something was refused and nothing changed. ``sentence`` tells a person why; ``field`` where, if at one place."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence, self.field = sentence, field


def month_of(day: date) -> date:
    return day.replace(day=1)


def take_in(at: datetime) -> int:
    """Low ratings of the days before ``at`` that are not in yet; how many came in. Asking twice at once takes each once.

    Only once their day is over, all of a night together and in no order: what comes into the list tells no moment.
    """
    today, done = day_of(at), 0
    known = Treatment.objects.filter(answer=OuterRef("pk"))
    low = SurveyAnswer.objects.filter(stars__lt=HIGH_FROM, answered_on__lt=today, answered_on__gte=today - LOOK_BACK)
    while batch := list(low.filter(~Exists(known)).order_by("pk")[:BATCH]):
        Treatment.objects.bulk_create(_of_answers(batch), ignore_conflicts=True)
        done += len(batch)
    return done


def _of_answers(answers: Iterable[SurveyAnswer]) -> list[Treatment]:
    made = [
        Treatment(
            kind=Treatment.Kind.RATING, answer=answer.pk, product_id=answer.product_id, month=month_of(answer.answered_on)
        )
        for answer in answers
    ]
    return sorted(made, key=lambda treatment: treatment.pk)


def begin(made: Manifestation) -> None:
    """A manifestation was received. Within the transaction of that."""
    Treatment.objects.create(
        kind=made.kind,
        manifestation=made,
        product_id=made.product_id,
        month=month_of(day_of(made.registered_at)),
        due_on=made.due_on,
    )


def follow(made: Manifestation, at: datetime) -> None:
    """Something happened with a manifestation. Within the transaction of that, under the manifestation's lock.

    A deadline moves or is over. Where its author wrote again, what was settled comes back.
    """
    treatment = Treatment.objects.select_for_update(of=("self",)).get(manifestation=made)
    treatment.due_on = None if made.answered_at else made.due_on
    if made.has_news and treatment.state not in OPEN:
        treatment.state, treatment.settled_at = State.LOOKING, None
        _note(treatment, None, at, uuid.uuid4(), NEWS)
    treatment.save(update_fields=["due_on", "state", "settled_at"])


@transaction.atomic
def treat(pk: UUID, *, by: User, state: str, theme: Theme | None, words: str, seen: int, request_id: UUID) -> Treatment:
    """Note what was done, and what it comes to. ``seen`` is how many notes the person read before.

    Raises ``Refused``, and ``Treatment.DoesNotExist``. What is settled says why; a manifestation is settled after its
    answer; CPFs in the words are masked, and what names a ticket is refused beside a rating.
    """
    treatment = Treatment.objects.select_for_update(of=("self",)).get(pk=pk)
    if not Treatment.objects.read_by(by).filter(pk=pk).exists():
        raise Refused(NOT_YOURS)
    if (earlier := TreatmentNote.objects.filter(request_id=request_id).first()) is not None:
        if earlier.treatment_id != pk or earlier.by_id != by.pk:
            raise Refused(USED)
        return treatment
    told = treatment.notes.aggregate(last=Max("at"))
    if treatment.notes.count() != seen:
        raise Refused(OVERTAKEN)
    words = without_cpfs(words.strip())
    _check(treatment, state, theme, words)
    at = max(worktime.now(), told["last"]) if told["last"] else worktime.now()
    if state in OPEN:
        treatment.settled_at = None
    elif treatment.state != state:
        treatment.settled_at = at
    treatment.state, treatment.theme = State(state), theme
    treatment.save(update_fields=["state", "theme", "settled_at"])
    _note(treatment, by, at, request_id, words)
    return treatment


def _check(treatment: Treatment, state: str, theme: Theme | None, words: str) -> None:
    """Raises ``Refused``."""
    settles = state not in OPEN and treatment.state != state
    if settles and not words:
        raise Refused(SAY_WHAT, "words")
    if not words and (treatment.state, treatment.theme_id) == (state, theme.pk if theme else None):
        raise Refused(NOTHING_NEW, "words")
    if treatment.answer and TICKET.search(words):
        raise Refused(NAMES_A_TICKET, "words")
    if settles and Treatment.objects.unanswered().filter(pk=treatment.pk).exists():
        raise Refused(UNANSWERED, "state")


def _note(treatment: Treatment, by: User | None, at: datetime, request_id: UUID, words: str) -> None:
    TreatmentNote.objects.create(
        treatment=treatment,
        by=by,
        at=at,
        state=treatment.state,
        theme=treatment.theme,
        words=words,
        request_id=request_id,
    )
