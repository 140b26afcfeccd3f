"""The head of a ticket's page: each status in words, with the moment that counts."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from tests.cast import MONDAY, at_status
from tickets.models import Ticket
from tickets.standing import standing
from tickets.states import Status

DUE = "quinta-feira, 26/11/2026, às 10h (horário de Brasília)"
"""Thirty working hours from Monday, 10h, at ten a day; and 72 hours."""


@pytest.mark.parametrize(
    ("status", "hours", "until"),
    [
        (Status.QUEUED, 0, f"Previsão de solução: até {DUE}."),
        (Status.IN_PROGRESS, 0, f"Previsão de solução: até {DUE}."),
        (
            Status.IN_PROGRESS,
            24 * 4,
            f"A previsão de solução era {DUE}. A equipe foi avisada do atraso.",
        ),
        (Status.WAITING_REQUESTER, 1, f"Prazo da resposta: {DUE}."),
        (Status.WAITING_REQUESTER, 72, f"Prazo da resposta: {DUE}."),
        (
            Status.WAITING_REQUESTER,
            73,
            f"O prazo da resposta terminou: {DUE}.",
        ),
        (
            Status.CLOSED,
            20,
            "Restam 1 dia e 4 horas para reabrir: até quarta-feira, 25/11/2026, às 10h (horário de Brasília).",
        ),
        (Status.CLOSED, 49, "O prazo para reabrir terminou: quarta-feira, 25/11/2026, às 10h (horário de Brasília)."),
        (Status.FINAL, 60, ""),
    ],
)
def test_what_time_does_next_is_told_in_full(c: SimpleNamespace, status: Status, hours: int, until: str) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, status)
    assert standing(ticket, MONDAY + timedelta(hours=hours)).until == until


def test_the_version_changes_with_what_the_page_shows(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.WAITING_REQUESTER)
    now = standing(ticket, MONDAY)
    assert now.version(7) == standing(Ticket.objects.get(), MONDAY).version(7)
    assert now.version(7) != now.version(8)
    assert now.version(7) == standing(ticket, MONDAY + timedelta(seconds=0)).version(7)
    assert now.version(7) != standing(ticket, MONDAY + timedelta(hours=1)).version(7)
    ticket.confirmed_at = MONDAY
    assert now.version(7) != standing(ticket, MONDAY).version(7)
