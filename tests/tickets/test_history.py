"""The history tells every action, and tells the requester nothing of the team's notes."""

from datetime import timedelta
from types import SimpleNamespace

import worktime
from tests.cast import at_status, form, opened
from tickets import history, lifecycle
from tickets.models import Ticket
from tickets.states import Action, Status, Via


def told(ticket: Ticket, *, internal: bool) -> list[str]:
    events = ticket.events.select_related("actor", "assignee", "queue")
    return [text for event in events if (text := history.sentence(event, internal=internal))]


def test_every_action_has_its_sentence() -> None:
    assert set(history.SENTENCES) == set(Action)


def test_a_life_reads_as_a_story(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.FINAL)
    assert told(ticket, internal=False) == [
        "Ana abriu o chamado.",
        "Bia assumiu o chamado.",
        "Bia encerrou o chamado como resolvido.",
        "O prazo para reabrir terminou e o chamado foi encerrado definitivamente.",
    ]


def test_notes_are_told_to_the_team_alone(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Parece a versão antiga.")
    assert told(ticket, internal=True)[1:] == ["Bia escreveu uma nota interna."]
    assert told(ticket, internal=False) == ["Ana abriu o chamado."]


def test_how_the_team_shares_its_work_is_told_to_the_team_alone(c: SimpleNamespace) -> None:
    ticket = opened(c)
    lifecycle.assign(ticket.pk, by=c.lia, via=Via.DESK, request_id=form(), to=c.beto)
    lifecycle.set_priority(ticket.pk, by=c.lia, via=Via.DESK, request_id=form(), priority=1, reason="Parou tudo.")
    lifecycle.release(ticket.pk, by=c.beto, via=Via.DESK, request_id=form(), reason="Saio de férias.")
    assert told(ticket, internal=False) == ["Ana abriu o chamado."]
    assert told(ticket, internal=True)[1:] == [
        "Lia passou o chamado para Beto.",
        "Lia mudou a prioridade para Urgente.",
        "Beto devolveu o chamado à fila SEI N2.",
    ]


def test_what_happens_by_itself_names_nobody(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    with worktime.shifted(timedelta(hours=60)):
        lifecycle.remind(ticket.pk, request_id=form())
    assert told(ticket, internal=False)[-1] == "O solicitante foi lembrado de responder."
