"""Spans read in at most two units."""

from datetime import UTC, datetime, timedelta

import pytest

from tickets.deadlines import in_words, of
from tickets.models import Ticket
from tickets.states import Status


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=1, hours=4, minutes=59), "1 dia e 4 horas"),
        (timedelta(days=3), "3 dias"),
        (timedelta(days=2, minutes=5), "2 dias"),
        (timedelta(hours=2, minutes=10), "2 horas e 10 minutos"),
        (timedelta(hours=1), "1 hora"),
        (timedelta(minutes=1), "1 minuto"),
        (timedelta(seconds=59), "menos de 1 minuto"),
        (timedelta(0), "menos de 1 minuto"),
        (-timedelta(hours=1, minutes=1), "1 hora e 1 minuto"),
    ],
)
def test_a_span_in_words(span: timedelta, words: str) -> None:
    assert in_words(span) == words


AT = datetime(2026, 11, 23, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "column", "left", "words"),
    [
        (Status.WAITING_REQUESTER, "wait_expires_at", timedelta(hours=28), "encerra sem resposta em 1 dia e 4 horas"),
        (Status.WAITING_REQUESTER, "wait_expires_at", -timedelta(hours=1), "sem resposta: o prazo terminou há 1 hora"),
        (Status.WAITING_EXTERNAL, "review_at", timedelta(days=2), "rever em 2 dias"),
        (Status.WAITING_EXTERNAL, "review_at", -timedelta(days=2), "a revisão venceu há 2 dias"),
        (Status.CLOSED, "reopen_until", timedelta(0), "pode ser reaberto por menos de 1 minuto"),
        (Status.CLOSED, "reopen_until", -timedelta(hours=3), "o prazo para reabrir terminou há 3 horas"),
        (Status.QUEUED, "review_at", timedelta(days=2), ""),
        (Status.FINAL, "reopen_until", -timedelta(days=2), ""),
    ],
)
def test_what_time_will_do(status: str, column: str, left: timedelta, words: str) -> None:
    assert of(Ticket(status=status, **{column: AT + left}), AT) == words
