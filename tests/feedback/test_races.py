"""Several at once, on real PostgreSQL: one wins, the others hear of it, nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

import worktime
from feedback import manifestations, surveys, tasks, treatments
from feedback.manifestations import Refused
from feedback.models import Manifestation, ManifestationTurn, Survey, SurveyAnswer, Treatment, TreatmentNote
from feedback.surveys import INVITE_AFTER, Unanswerable
from notifications.models import Notice
from tests import cast
from tests.cast import form, fresh
from tests.feedback.asking import asked, reopen, resolved
from tests.feedback.treating import of, rated, treated
from tests.feedback.writing import COMPLAINT, answered, with_otto, written


@pytest.fixture
def c(transactional_db: None) -> SimpleNamespace:
    return with_otto(cast.full_cast())


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Every call in its own thread and connection, released together; results, or refusals."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        try:
            start.wait(timeout=10)
            return call()
        except (Refused, Unanswerable, treatments.Refused) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_a_survey_takes_one_answer(c: SimpleNamespace) -> None:
    for survey in [asked(resolved(c)) for _ in range(5)]:
        results = at_once(*(partial(surveys.answer, survey.pk, stars=stars, given=[], comment="") for stars in (1, 3, 5)))
        assert sum(isinstance(result, Unanswerable) for result in results) == 2
    assert SurveyAnswer.objects.count() == 5


def test_sweeps_beside_each_other_ask_once_and_invite_once(c: SimpleNamespace) -> None:
    for _ in range(6):
        resolved(c)
    at_once(*[surveys.create_due] * 3)
    assert Survey.objects.count() == 6
    with worktime.shifted(INVITE_AFTER):
        results = at_once(*[surveys.invite_due] * 3)
    assert sum(int(str(result)) for result in results) == 6
    assert Notice.objects.filter(kind="survey").count() == 6


def test_nobody_is_invited_after_a_reopening_that_came_first(c: SimpleNamespace) -> None:
    for _ in range(5):
        ticket = resolved(c)
        asked(ticket)
        Survey.objects.filter(closing__ticket=ticket).update(invite_at=worktime.now())
        at_once(surveys.invite_due, partial(reopen, c, ticket))
        notice = Notice.objects.filter(kind="survey", data__number=ticket.number).first()
        reopened = ticket.events.get(action="reopen")
        assert notice is None or notice.created_at <= reopened.at


def test_a_form_sent_three_times_at_once_is_one_manifestation(c: SimpleNamespace) -> None:
    for count in range(1, 6):
        send = partial(manifestations.register, by=None, kind=COMPLAINT, body="Uma vez.", request_id=form())
        receipts = at_once(send, send, send)
        assert len({receipt.code for receipt in receipts if isinstance(receipt, manifestations.Receipt)}) == 1
        assert Manifestation.objects.count() == ManifestationTurn.objects.count() == count


def test_two_presses_extend_once(c: SimpleNamespace) -> None:
    for made in [written(c) for _ in range(5)]:
        extend = partial(manifestations.extend, made.pk, by=fresh(c.otto), reason="Férias.")
        results = at_once(*(partial(extend, request_id=form()) for _ in range(2)))
        assert sum(isinstance(result, Refused) for result in results) == 1
        assert made.turns.filter(action="extend").count() == 1
        key = form()
        answer = partial(manifestations.answer, made.pk, by=fresh(c.otto), words="Sim.", request_id=key)
        assert at_once(answer, answer) == [None, None]
        assert made.turns.filter(action="answer").count() == 1


def test_no_answer_is_joined_to_its_survey_by_what_the_database_notes(c: SimpleNamespace) -> None:
    """Each row says which transaction wrote it: the survey's mark and its answer were written by one."""
    for stars in (1, 5):
        surveys.answer(asked(resolved(c)).pk, stars=stars, given=[], comment="Um comentário.")
    joined = "SELECT count(*) FROM feedback_survey s JOIN feedback_surveyanswer a ON a.xmin = s.xmin"

    def told() -> int:
        with connection.cursor() as cursor:
            cursor.execute(joined)
            return int(cursor.fetchone()[0])

    before = list(SurveyAnswer.objects.order_by("pk").values())
    assert tasks.blend_answers() == 0  # the day is not over
    assert told() == 2
    with worktime.shifted(timedelta(days=1)):
        assert tasks.blend_answers() == 2
    assert told() == 0
    assert list(SurveyAnswer.objects.order_by("pk").values()) == before


def test_of_two_who_note_at_once_one_reads_the_other_first(c: SimpleNamespace) -> None:
    treatment = rated(c)
    results = at_once(*(partial(treated, treatment, who, words=who.name, seen=0) for who in (c.otto, c.duda)))
    (refused,) = [result for result in results if isinstance(result, treatments.Refused)]
    assert (refused.sentence, TreatmentNote.objects.count()) == (treatments.OVERTAKEN, 1)


def test_nothing_is_settled_beside_new_words_of_its_author(c: SimpleNamespace) -> None:
    """Whoever comes first: in the end the ombudsman has to answer, and it is in the list."""
    for number in range(4):
        made = answered(c, written(c, body=f"Queixa {number}."))
        settle = partial(treated, of(made), c.otto, seen=0)
        at_once(settle, partial(manifestations.add_words, made.pk, words="E isto.", request_id=form()))
        assert of(made).state in (Treatment.State.NEW, Treatment.State.LOOKING)
        assert Treatment.objects.unanswered().filter(manifestation=made).exists()


def test_ratings_come_in_once_however_many_jobs_run(c: SimpleNamespace) -> None:
    rated(c)
    Treatment.objects.all().delete()
    at_once(*[partial(treatments.take_in, worktime.now() + timedelta(days=1))] * 3)
    assert Treatment.objects.count() == 1
