"""Which closings are asked about, when somebody is invited, and that an answer is kept once and without its author."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection

import worktime
from accounts.models import Membership
from feedback import surveys
from feedback.models import Survey, SurveyAnswer
from feedback.surveys import INVITE_AFTER, LIFE, Standing, Unanswerable
from notifications.models import Notice
from tests.cast import MONDAY
from tests.feedback.asking import (
    asked,
    cancelled,
    duplicate,
    left_without_answer,
    refused,
    reopen,
    resolve_again,
    resolved,
    solved,
)
from tickets.models import Ticket

Closing = Callable[[SimpleNamespace], Ticket]


def invitations() -> list[Notice]:
    return list(Notice.objects.filter(kind="survey").order_by("created_at"))


@pytest.mark.parametrize("close", [resolved, solved, refused])
def test_a_closing_is_asked_about_and_a_day_later_its_requester_is_invited(c: SimpleNamespace, close: Closing) -> None:
    ticket = close(c)
    survey = asked(ticket)
    assert survey.closing.ticket_id == ticket.pk
    assert survey.expires_at == ticket.closed_at + LIFE
    with worktime.shifted(INVITE_AFTER - timedelta(minutes=1)):
        assert surveys.invite_due() == 0
    with worktime.shifted(INVITE_AFTER):
        assert surveys.invite_due() == 1
        assert surveys.invite_due() == 0
    (notice,) = invitations()
    assert (notice.recipient, notice.data) == (c.ana, {"survey": survey.pk, "number": ticket.number})


def test_a_ticket_closed_for_want_of_an_answer_is_asked_about_on_its_page_alone(c: SimpleNamespace) -> None:
    ticket = left_without_answer(c)
    with worktime.shifted(timedelta(hours=73)):
        asked(ticket)
    with worktime.shifted(timedelta(days=20)):
        assert surveys.invite_due() == 0
    assert invitations() == []


@pytest.mark.parametrize("close", [cancelled, duplicate])
def test_who_was_answered_nothing_is_asked_nothing(c: SimpleNamespace, close: Closing) -> None:
    close(c)
    assert surveys.create_due() == 0
    assert not Survey.objects.exists()


def test_each_closing_has_one_survey_however_often_it_is_looked_for(c: SimpleNamespace) -> None:
    ticket = resolved(c)
    first = asked(ticket)
    assert surveys.create_due() == 0
    reopen(c, ticket)
    assert surveys.create_due() == 0
    second = asked(resolve_again(c, ticket))
    assert second.pk != first.pk
    assert second.token != first.token
    assert Survey.objects.count() == 2


def test_nobody_is_invited_to_rate_what_is_open_again(c: SimpleNamespace) -> None:
    ticket = resolved(c)
    survey = asked(ticket)
    reopen(c, ticket)
    with worktime.shifted(INVITE_AFTER):
        surveys.invite_due()
    assert invitations() == []
    survey.refresh_from_db()
    assert survey.invite_at is None


def test_after_an_outage_what_was_closed_meanwhile_is_asked_about(c: SimpleNamespace) -> None:
    asked(resolved(c))
    with worktime.shifted(timedelta(days=5)):
        late = resolved(c)
    with worktime.shifted(timedelta(days=12)):
        assert surveys.create_due() == 1
    assert Survey.objects.filter(closing__ticket=late).count() == 1


def test_a_portal_that_begins_to_ask_leaves_old_closings_alone(c: SimpleNamespace) -> None:
    resolved(c)
    with worktime.shifted(timedelta(days=3)):
        assert surveys.create_due() == 0


def test_who_left_the_body_is_not_asked(c: SimpleNamespace) -> None:
    asked(resolved(c))
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())
    with worktime.shifted(INVITE_AFTER):
        surveys.invite_due()
    assert invitations() == []


def test_who_has_answered_is_not_invited(c: SimpleNamespace) -> None:
    survey = asked(resolved(c))
    surveys.answer(survey.pk, stars=5, given=[], comment="")
    with worktime.shifted(INVITE_AFTER):
        assert surveys.invite_due() == 0
    assert invitations() == []


def test_a_survey_that_fails_is_put_off_and_stops_no_other(c: SimpleNamespace, caplog: pytest.LogCaptureFixture) -> None:
    first, second = asked(resolved(c)), asked(resolved(c))
    with connection.cursor() as cursor:  # a trigger that refuses what is done to the first one
        cursor.execute(f"""
            CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.id = {first.pk} AND NEW.invite_at IS NULL THEN RAISE EXCEPTION 'poisoned'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse_one BEFORE UPDATE ON feedback_survey FOR EACH ROW EXECUTE FUNCTION refuse_one();
        """)
    with worktime.shifted(INVITE_AFTER + timedelta(minutes=1)):
        assert surveys.invite_due() == 1
        assert [notice.data["survey"] for notice in invitations()] == [second.pk]
        first.refresh_from_db()
        assert first.invite_at is not None
        assert first.invite_at > worktime.now()
    assert f"survey pk={first.pk}" in caplog.text


def test_an_answer_is_kept_once_and_says_nothing_of_ticket_or_person(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        survey = asked(resolved(c))
        comment = "Meu CPF é 529.982.247-25, ligue para 61999887766."
        surveys.answer(survey.pk, stars=4, given=["rapidez", "demora", "inventado"], comment=comment)
        with pytest.raises(Unanswerable) as refusal:
            surveys.answer(survey.pk, stars=1, given=[], comment="")
    assert refusal.value.standing == Standing.ANSWERED
    kept = SurveyAnswer.objects.get()
    assert (kept.stars, kept.reasons, kept.closure) == (4, ["rapidez"], "resolved")
    assert (kept.product, kept.queue, str(kept.answered_on)) == (c.product, c.n2, "2026-11-23")
    assert kept.comment == "Meu CPF é ***.982.247-**, ligue para 61999887766."
    told = {field.name for field in SurveyAnswer._meta.get_fields()}
    assert told == {"id", "answered_on", "product", "queue", "closure", "stars", "reasons", "comment"}


def test_at_most_three_reasons_are_kept(c: SimpleNamespace) -> None:
    survey = asked(resolved(c))
    surveys.answer(survey.pk, stars=1, given=["sem-noticias", "demora", "repetir", "nao-resolveu"], comment="")
    assert SurveyAnswer.objects.get().reasons == ["demora", "nao-resolveu", "repetir"]


@pytest.mark.parametrize(
    ("days", "seconds", "standing"), [(30, 0, Standing.OPEN), (30, 1, Standing.EXPIRED), (60, 0, Standing.EXPIRED)]
)
def test_an_answer_is_taken_for_thirty_days(c: SimpleNamespace, days: int, seconds: int, standing: Standing) -> None:
    with time_machine.travel(MONDAY, tick=False):
        survey = asked(resolved(c))
    with time_machine.travel(MONDAY + timedelta(days=days, seconds=seconds), tick=False):
        assert surveys.standing(survey, worktime.now()) == standing
        if standing == Standing.EXPIRED:
            with pytest.raises(Unanswerable):
                surveys.answer(survey.pk, stars=5, given=[], comment="")
    assert not SurveyAnswer.objects.exists()


def test_what_was_reopened_is_not_rated(c: SimpleNamespace) -> None:
    ticket = resolved(c)
    survey = asked(ticket)
    reopen(c, ticket)
    with pytest.raises(Unanswerable) as refusal:
        surveys.answer(survey.pk, stars=1, given=[], comment="")
    assert refusal.value.standing == Standing.REOPENED
    resolve_again(c, ticket)
    with pytest.raises(Unanswerable):
        surveys.answer(survey.pk, stars=1, given=[], comment="")
    assert not SurveyAnswer.objects.exists()


def test_tokens_hold_more_than_128_random_bits() -> None:
    tokens = {Survey._meta.get_field("token").get_default() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) * 6 >= 128 for token in tokens)
