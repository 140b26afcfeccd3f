"""What is said on a ticket, to whom, and with which files (``tickets/lifecycle/talking.py``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

import worktime
from accounts.models import User
from tests.cast import at_status, form, opened, sent_file, terms_of_a_job
from tests.tickets.test_lifecycle import state_of
from tickets import lifecycle
from tickets.lifecycle import IllegalMove
from tickets.models import Ticket
from tickets.states import Status, Via


def by(user: User) -> dict[str, Any]:
    return {"by": user, "via": Via.DESK, "request_id": form()}


@pytest.mark.parametrize(
    ("verb", "who", "internal"),
    [
        (lifecycle.ask, "bia", False),
        (lifecycle.comment, "bia", False),
        (lifecycle.note, "bia", True),
        (lifecycle.speak, "ana", False),
    ],
)
def test_words_and_files_are_for_everybody_or_for_the_team(
    c: SimpleNamespace, verb: Callable[..., Ticket], who: str, internal: bool
) -> None:
    ticket, user = at_status(c, Status.IN_PROGRESS), getattr(c, who)
    file = sent_file(user)
    verb(ticket.pk, **by(user), body="Veja o log.", files=[file])
    said = ticket.messages.latest("pk")
    assert (said.body, said.author, said.internal) == ("Veja o log.", user, internal)
    assert [(one.file, one.internal) for one in said.attachments.all()] == [(file, internal)]


def test_a_mail_brings_its_files(c: SimpleNamespace) -> None:
    ticket, file = opened(c), sent_file(c.ana)
    words = {"body": "Segue o log.", "files": [file]}
    lifecycle.speak_by_mail(ticket.pk, by=c.ana, request_id=form(), received_at=worktime.now(), **words)
    assert [one.file for one in ticket.messages.latest("pk").attachments.all()] == [file]


def test_the_team_is_told_to_answer_here_and_not_by_mail(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    with pytest.raises(IllegalMove, match="A equipe responde pelo portal, não por e-mail"):
        lifecycle.speak_by_mail(ticket.pk, by=c.bia, request_id=form(), received_at=worktime.now(), body="Oi")
    assert state_of(ticket) == before


def test_why_a_question_is_withdrawn_stays_within_the_team(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    lifecycle.withdraw_question(ticket.pk, **by(c.bia), reason="Achei no log.")
    said = ticket.messages.latest("pk")
    assert (said.body, said.internal) == ("Achei no log.", True)


def test_a_job_reminds_by_the_terms_that_it_has_read(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    with worktime.shifted(timedelta(hours=50)):
        assert lifecycle.remind(ticket.pk, request_id=form(), terms=terms_of_a_job()).calendar_version == "job"
