"""What beat asks for."""

from types import SimpleNamespace

import worktime
from feedback import tasks
from feedback.models import Survey
from feedback.surveys import INVITE_AFTER
from notifications.models import Notice
from tests.feedback.asking import resolved


def test_closings_are_asked_about_and_their_requesters_invited(c: SimpleNamespace) -> None:
    resolved(c)
    assert tasks.ask_after_closings() == 1
    with worktime.shifted(INVITE_AFTER):
        assert tasks.ask_after_closings() == 0
    assert (Survey.objects.count(), Notice.objects.filter(kind="survey").count()) == (1, 1)
