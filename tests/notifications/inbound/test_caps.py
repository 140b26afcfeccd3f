"""Machines stop answering each other after a few mails."""

from datetime import timedelta

import pytest

import worktime
from notifications.inbound import caps
from notifications.models import AnsweredByMachine

pytestmark = pytest.mark.django_db


def test_an_address_is_answered_a_few_times_a_day() -> None:
    assert [caps.may_answer("Ana@example.org") for _ in range(5)] == [True] * caps.A_DAY + [False] * 2
    assert not caps.may_answer("ana@example.org")
    assert caps.may_answer("eva@example.org")
    with worktime.shifted(timedelta(days=1)):
        assert caps.may_answer("ana@example.org")


def test_nobody_is_not_answered() -> None:
    assert not caps.may_answer("")


def test_the_counts_of_last_week_go() -> None:
    caps.may_answer("ana@example.org")
    assert caps.forget() == 0
    with worktime.shifted(caps.KEPT + timedelta(days=1)):
        assert caps.forget() == 1
    assert not AnsweredByMachine.objects.exists()


def test_all_strangers_together_are_sent_so_many_letters_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another sender each time: our answers must not become somebody's spam."""
    monkeypatch.setattr(caps, "TO_STRANGERS", 3)
    assert [caps.may_answer_stranger(f"x{n}@example.org") for n in range(5)] == [True] * 3 + [False] * 2
    assert caps.may_answer("ana@example.org")  # people whom we know are answered all the same
    with worktime.shifted(timedelta(days=1)):
        assert caps.may_answer_stranger("x9@example.org")
