"""Random lives: people who come and leave, clocks that step, late jobs, mails and repeated forms.

Whatever happens in whatever order, what must always hold (``tests.tickets.lives``) holds after each
step. ``make soak`` plays thousands; a few play here.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.tickets.lives import Lives


def play(lives: int) -> None:
    played = settings(
        max_examples=lives, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
    )
    run_state_machine_as_test(Lives, settings=played)


@pytest.mark.django_db
def test_random_lives() -> None:
    play(12)


@pytest.mark.soak
@pytest.mark.django_db
def test_thousands_of_random_lives() -> None:
    play(int(os.environ.get("LIVES", "2000")))
