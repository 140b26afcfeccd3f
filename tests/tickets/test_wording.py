"""Deadlines and places in words."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.cast import at_status
from tickets import wording
from tickets.models import Ticket
from tickets.states import Closure, Level, Status

NOW = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # a Wednesday, 10h in Brasília


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=1, hours=4, minutes=59), "1 dia e 4 horas"),
        (timedelta(days=2), "2 dias"),
        (timedelta(hours=1, minutes=1), "1 hora e 1 minuto"),
        (timedelta(minutes=35), "35 minutos"),
        (timedelta(seconds=59), "menos de 1 minuto"),
        (timedelta(hours=-1), "menos de 1 minuto"),
    ],
)
def test_lengths(span: timedelta, said: str) -> None:
    assert wording.length(span) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(days=1, hours=4, minutes=59), "1 d 4 h"),
        (timedelta(days=2, minutes=5), "2 d"),
        (timedelta(hours=2, minutes=10), "2h10"),
        (timedelta(hours=2, minutes=5), "2h05"),
        (timedelta(hours=3), "3h"),
        (timedelta(minutes=40), "40 min"),
        (timedelta(seconds=59), "menos de 1 min"),
    ],
)
def test_lengths_in_brief(span: timedelta, said: str) -> None:
    assert wording.brief(span) == said


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (4.5, "hoje, 14h30"),
        (14, "amanhã, 0h"),
        (48, "sexta, 10h"),
        (-24, "ontem, 10h"),
        (24 * 7, "02/12/2026, 10h"),
        (-72, "22/11/2026, 10h"),
    ],
)
def test_moments_are_those_of_brasilia(hours: float, said: str) -> None:
    assert wording.when(NOW + timedelta(hours=hours), NOW) == said


def test_the_line_of_steps(c: SimpleNamespace) -> None:
    assert wording.flow(at_status(c, Status.QUEUED))[0] == 2
    assert wording.flow(at_status(c, Status.QUEUED, Level.N3)) == (3, "Aberto|Suporte (N2)|Especialistas (N3)|Encerrado")
    assert wording.flow(at_status(c, Status.CLOSED)) == (3, "Aberto|Suporte (N2)|Encerrado")
    assert wording.flow(at_status(c, Status.CLOSED, Level.N3))[0] == 4


def test_what_is_expected_names_the_deadline(c: SimpleNamespace) -> None:
    waiting = at_status(c, Status.WAITING_REQUESTER)
    assert waiting.wait_expires_at is not None
    late = waiting.wait_expires_at
    assert wording.expected(waiting, late - timedelta(hours=28)).endswith("em 1 dia e 4 horas.")
    assert "o prazo terminou" in wording.expected(waiting, late)
    closed = at_status(c, Status.CLOSED)
    assert closed.reopen_until is not None
    assert "reabrir até" in wording.expected(closed, closed.reopen_until)
    assert "terminou" in wording.expected(closed, closed.reopen_until + timedelta(seconds=1))


@pytest.mark.parametrize("closure", [Closure.CANCELLED, Closure.NO_INTERACTION, Closure.SOLVED_BY_REQUESTER])
def test_where_the_team_answered_nothing_there_is_no_answer_to_check(c: SimpleNamespace, closure: Closure) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert wording.expected(ticket, ticket.last_event_at).startswith("Confira a resposta da equipe.")
    ticket.closure = closure
    assert wording.expected(ticket, ticket.last_event_at).startswith("Você pode reabrir")


@pytest.mark.parametrize("status", list(Status))
def test_every_status_is_worded(c: SimpleNamespace, status: Status) -> None:
    ticket = at_status(c, status)
    assert wording.where(ticket)
    assert wording.expected(ticket, ticket.last_event_at)


@pytest.mark.parametrize(
    ("status", "column", "left", "words", "brief"),
    [
        (
            Status.WAITING_REQUESTER,
            "wait_expires_at",
            timedelta(hours=28),
            "encerra sem resposta em 1 dia e 4 horas",
            "encerra em 1 d 4 h",
        ),
        (
            Status.WAITING_REQUESTER,
            "wait_expires_at",
            -timedelta(hours=1),
            "sem resposta: o prazo terminou há 1 hora",
            "sem resposta há 1h",
        ),
        (Status.WAITING_EXTERNAL, "review_at", timedelta(days=2), "rever em 2 dias", "rever em 2 d"),
        (Status.WAITING_EXTERNAL, "review_at", -timedelta(days=2), "a revisão venceu há 2 dias", "revisão há 2 d"),
        (
            Status.CLOSED,
            "reopen_until",
            timedelta(0),
            "pode ser reaberto por menos de 1 minuto",
            "reabrível por menos de 1 min",
        ),
        (Status.CLOSED, "reopen_until", -timedelta(hours=3), "o prazo para reabrir terminou há 3 horas", "acabou há 3h"),
        (Status.QUEUED, "review_at", timedelta(days=2), "", ""),
        (Status.FINAL, "reopen_until", -timedelta(days=2), "", ""),
    ],
)
def test_what_time_will_do(status: str, column: str, left: timedelta, words: str, brief: str) -> None:
    ticket = Ticket(status=status, **{column: NOW + left})
    assert (wording.deadline(ticket, NOW), wording.deadline_in_brief(ticket, NOW)) == (words, brief)
