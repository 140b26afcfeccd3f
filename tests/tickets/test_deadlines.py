"""Spans read in at most two units."""

from datetime import timedelta

import pytest

from tickets.deadlines import in_words


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
