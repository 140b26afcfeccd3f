"""What is kept of a job's failure: nothing that anybody wrote, for longer each time, until all is well."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine

from tests.cast import MONDAY, at_status, form, opened
from tickets import failures, lifecycle, sweeps
from tickets.models import SweepFailure, Ticket
from tickets.states import Status, Via


class Secret(Exception):
    """Raised with words that nobody else may read."""


def raised() -> Secret:
    try:
        raise Secret("O CPF de Ana é 529.982.247-25")
    except Secret as error:
        return error


def test_of_the_error_only_class_and_place_are_kept(c: SimpleNamespace) -> None:
    said = failures.keep("finalize", opened(c).pk, raised())
    assert said.startswith("Secret em tests/tickets/test_failures.py:")
    assert said.endswith("(raised)")
    assert SweepFailure.objects.get().error == said


def test_the_place_is_the_last_line_of_ours() -> None:
    with pytest.raises(lifecycle.Refused) as refused:
        lifecycle.Words("")
    assert failures.place_of(refused.value).startswith("Incomplete em tickets/lifecycle/words.py:")
    assert failures.place_of(ValueError("nowhere")) == "ValueError"


def test_each_failure_leaves_the_ticket_alone_for_longer(c: SimpleNamespace) -> None:
    ticket = opened(c)
    waits = []
    for n in range(7):
        with time_machine.travel(MONDAY + timedelta(days=n), tick=False):
            failures.keep("finalize", ticket.pk, raised())
        row = SweepFailure.objects.get()
        assert (row.attempts, row.first_at, row.last_at) == (n + 1, MONDAY, MONDAY + timedelta(days=n))
        waits.append((row.next_at - row.last_at) // timedelta(minutes=1))
    assert waits == [1, 5, 15, 60, 360, 360, 360]


def test_another_job_is_not_kept_from_the_ticket(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.CLOSED)
    with time_machine.travel(MONDAY + timedelta(hours=49), tick=False):
        failures.keep("warn", ticket.pk, raised())
        assert sweeps.finalize_closed() == 1
    assert SweepFailure.objects.get().job == "warn"


def test_what_a_person_settled_is_forgotten(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        answered, silent = at_status(c, Status.WAITING_REQUESTER), at_status(c, Status.WAITING_REQUESTER)
    with time_machine.travel(MONDAY + timedelta(hours=50), tick=False):
        for ticket in (answered, silent):
            failures.keep("remind", ticket.pk, raised())
        lifecycle.speak(answered.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Respondi.")
        assert sweeps.forget_failures() == 1
        assert SweepFailure.objects.get().ticket == silent
        assert sweeps.forget_failures() == 0


def test_a_press_makes_the_next_sweep_try_again(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.CLOSED)
    with time_machine.travel(MONDAY + timedelta(hours=49), tick=False):
        failures.keep("finalize", ticket.pk, raised())
        assert sweeps.finalize_closed() == 0
        assert failures.retry(SweepFailure.objects.all()) == 1
        assert sweeps.finalize_closed() == 1
    assert not SweepFailure.objects.exists()
    assert Ticket.objects.get(pk=ticket.pk).status == Status.FINAL


@pytest.mark.django_db
def test_every_sweep_has_a_name_and_a_line_of_its_own() -> None:
    assert len(sweeps.LABELS) == len(sweeps.SWEEPS) == len({sweep.label for sweep in sweeps.SWEEPS})
