"""What is done about low ratings and manifestations, and that a rating stays without an author."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

import worktime
from accounts.models import RoleGrant
from feedback import manifestations, surveys, treatments
from feedback.deadlines import day_of
from feedback.models import SurveyAnswer, Theme, Treatment, TreatmentNote
from tests import cast
from tests.cast import form, fresh
from tests.feedback.treating import of, rated, treated
from tests.feedback.writing import again, answered, written

State = Treatment.State


def answer(c: SimpleNamespace, stars: int, days_ago: int) -> SurveyAnswer:
    day = day_of(worktime.now()) - timedelta(days=days_ago)
    facts = {"answered_on": day, "product": c.product, "queue": c.n2, "closure": "resolved"}
    return SurveyAnswer.objects.create(stars=stars, **facts)


def test_low_ratings_come_in_once_their_day_is_over(c: SimpleNamespace) -> None:
    low = {answer(c, stars, 1).pk for stars in (1, 2, 3)}
    answer(c, 4, 1)
    today = answer(c, 1, 0)
    assert treatments.take_in(worktime.now()) == 3
    assert set(Treatment.objects.values_list("answer", flat=True)) == low
    assert treatments.take_in(worktime.now()) == 0
    assert treatments.take_in(worktime.now() + timedelta(days=1)) == 1
    assert Treatment.objects.get(answer=today.pk).state == State.NEW


def test_a_rating_is_known_by_its_month_alone(c: SimpleNamespace) -> None:
    """No column of it holds a day, a moment or a way to the answer's row."""
    treatment = rated(c)
    assert treatment.month == day_of(worktime.now()).replace(day=1)
    assert (treatment.due_on, treatment.settled_at) == (None, None)
    moments = {field.name for field in Treatment._meta.concrete_fields if field.get_internal_type().startswith("Date")}
    assert moments == {"month", "due_on", "settled_at"}
    assert not Treatment._meta.get_field("answer").is_relation


def test_notes_survive_the_nightly_blending(c: SimpleNamespace) -> None:
    treatment = rated(c, comment="Demorou.")
    treated(treatment, c.otto)
    assert surveys.blend(worktime.now() + timedelta(days=1)) == 1
    assert treatments.take_in(worktime.now() + timedelta(days=1)) == 0
    assert SurveyAnswer.objects.get(pk=treatment.answer).comment == "Demorou."
    assert Treatment.objects.get().notes.get().words == "A equipe foi orientada."


def test_a_manifestation_is_in_at_once_with_the_laws_deadline(c: SimpleNamespace) -> None:
    made = written(c, product=c.product)
    treatment = of(made)
    assert (treatment.kind, treatment.product, treatment.due_on, treatment.state) == (
        "reclamacao",
        c.product,
        made.due_on,
        State.NEW,
    )
    manifestations.extend(made.pk, by=c.otto, reason="Falta um dado.", request_id=form())
    assert of(made).due_on == again(made).due_on != made.due_on
    answered(c, made)
    assert (of(made).due_on, of(made).state) == (None, State.NEW)


def test_a_note_says_what_was_done_by_whom_and_when(c: SimpleNamespace) -> None:
    theme = Theme.objects.create(name="Prazos")
    treatment = treated(rated(c), c.duda, theme=theme, words=" Falei com 529.982.247-25. ")
    note = treatment.notes.get()
    assert (note.by, note.state, note.theme) == (c.duda, State.DONE, theme)
    assert note.words.startswith("Falei com ")
    assert "529.982.247-25" not in note.words
    kept = Treatment.objects.get()
    assert (kept.state, kept.theme, kept.settled_at) == (State.DONE, theme, note.at)
    treated(kept, c.otto, State.LOOKING, "")
    assert Treatment.objects.get().settled_at is None


def test_the_database_refuses_to_change_a_note(c: SimpleNamespace) -> None:
    treated(rated(c), c.otto)
    for change in (lambda: TreatmentNote.objects.update(words="Nada."), lambda: TreatmentNote.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert TreatmentNote.objects.get().words == "A equipe foi orientada."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"state": State.DONE, "words": ""}, treatments.SAY_WHAT),
        ({"state": State.NOTHING, "words": "  "}, treatments.SAY_WHAT),
        ({"state": State.NEW, "words": ""}, treatments.NOTHING_NEW),
        ({"state": State.LOOKING, "words": "Foi no chamado 10000001."}, treatments.NAMES_A_TICKET),
        ({"state": State.LOOKING, "seen": 1}, treatments.OVERTAKEN),
    ],
)
def test_what_is_refused_changes_nothing(c: SimpleNamespace, given: dict[str, Any], sentence: str) -> None:
    treatment = rated(c)
    with pytest.raises(treatments.Refused) as refused:
        treated(treatment, c.otto, **given)
    assert refused.value.sentence == sentence
    assert (Treatment.objects.get().state, TreatmentNote.objects.count()) == (State.NEW, 0)


def test_a_manifestation_is_settled_after_its_answer_alone(c: SimpleNamespace) -> None:
    made = written(c)
    with pytest.raises(treatments.Refused) as refused:
        treated(of(made), c.otto)
    assert (refused.value.sentence, of(made).state) == (treatments.UNANSWERED, State.NEW)
    treated(of(made), c.otto, State.LOOKING, "Veja o chamado 10000001.")  # its author is known to the office anyway
    answered(c, made)
    assert treated(of(made), c.otto).state == State.DONE


def test_new_words_of_its_author_bring_it_back(c: SimpleNamespace) -> None:
    made = answered(c, written(c))
    treated(of(made), c.otto)
    manifestations.add_words(made.pk, words="E mais isto.", request_id=form())
    assert (of(made).state, of(made).settled_at) == (State.LOOKING, None)
    last = of(made).notes.last()
    assert last is not None
    assert (last.by, last.words) == (None, treatments.NEWS)
    with pytest.raises(treatments.Refused, match=treatments.UNANSWERED):
        treated(of(made), c.otto)


def test_a_form_sent_twice_notes_once(c: SimpleNamespace) -> None:
    treatment, twice = rated(c), form()
    for _ in range(2):
        treated(treatment, c.otto, request_id=twice, seen=0)
    assert TreatmentNote.objects.count() == 1
    with pytest.raises(treatments.Refused, match=treatments.USED):
        treated(treatment, c.duda, request_id=twice)


def test_nobody_treats_what_he_does_not_read(c: SimpleNamespace) -> None:
    treatment, own = rated(c), of(written(c, by=c.duda))
    for who, what in ((c.bia, treatment), (c.lia, treatment), (c.ana, treatment), (c.duda, own)):
        with pytest.raises(treatments.Refused, match=treatments.NOT_YOURS):
            treated(what, who, State.LOOKING)
    assert not TreatmentNote.objects.exists()


def test_a_manager_of_another_core_system_treats_none_of_this_ones(c: SimpleNamespace) -> None:
    other = cast.person("Nilo")
    RoleGrant.objects.create(user=other, role="manager", agency=c.a)
    treatment = rated(c)
    assert not Treatment.objects.read_by(fresh(other)).exists()
    with pytest.raises(treatments.Refused, match=treatments.NOT_YOURS):
        treated(treatment, other)
