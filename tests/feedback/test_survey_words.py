"""What the invitation says."""

from types import SimpleNamespace

import pytest

import worktime
from accounts.models import Membership
from feedback import surveys
from feedback.survey_words import GROUP
from notifications import kinds
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import fresh
from tests.feedback.asking import asked, resolved


@pytest.fixture
def notice(c: SimpleNamespace) -> Notice:
    asked(resolved(c))
    with worktime.shifted(surveys.INVITE_AFTER):
        surveys.invite_due()
    return Notice.objects.get(kind="survey")


def test_it_is_ones_own_choice_and_read_by_the_requester_alone(c: SimpleNamespace, notice: Notice) -> None:
    assert kinds.group_of(notice.kind) == GROUP
    assert kinds.may_be_read(notice, fresh(c.ana))
    assert not kinds.may_be_read(notice, fresh(c.gil))
    Membership.objects.filter(user=c.ana).update(ended_at=worktime.now())
    assert not kinds.may_be_read(notice, fresh(c.ana))


def test_it_leads_to_the_stars_and_tells_nothing_of_the_ticket(notice: Notice) -> None:
    message = letter(notice)
    survey = surveys.Survey.objects.get()
    number = survey.closing.ticket.number
    assert message.subject == f"[Chamado {number}] Como foi o atendimento?"
    html = str(message.alternatives[0][0])
    for words in (str(message.body), html):
        assert f"/avaliar/{survey.token}/" in words
        assert "horário de Brasília" in words
        assert "opcional e anônima" in words
        assert survey.closing.ticket.subject not in words
    assert notice.title == f"Como foi o atendimento do chamado {number}?"
