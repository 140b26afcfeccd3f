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
