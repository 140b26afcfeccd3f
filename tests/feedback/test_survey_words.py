"""What the invitation says."""

from types import SimpleNamespace

import pytest

import worktime
from feedback import surveys
from notifications.letters import letter
from notifications.models import Notice
from tests.feedback.asking import asked, resolved


@pytest.fixture
def notice(c: SimpleNamespace) -> Notice:
    asked(resolved(c))
    with worktime.shifted(surveys.INVITE_AFTER):
        surveys.invite_due()
    return Notice.objects.get(kind="survey")


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
