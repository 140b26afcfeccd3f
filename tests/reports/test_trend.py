"""The twelve months beside those a year before, and how long answers took, against plain Python over the facts."""

from __future__ import annotations

import itertools
from copy import copy
from datetime import date, timedelta
from random import Random

import pytest
from django.db.models import Q

from reports import gathering
from reports.counted import HOURS
from reports.models import CycleFact
from reports.periods import Period, month
from reports.trend import MONTHS, taken, trend
from tests import cast

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def facts() -> list[CycleFact]:
    """Three hundred cycles of one ticket, opened over three years."""
    c, random = cast.full_cast(), Random(7)  # noqa: S311  # no secret
    cast.opened(c)
    gathering.gather()
    one, made = CycleFact.objects.get(), []
    for ordinal in range(1, 301):
        fact = copy(one)
        fact.pk, fact.ordinal, fact.is_last = None, ordinal, random.random() < 0.8
        fact.opened_on = TODAY - timedelta(days=random.randrange(1100))
        fact.response_seconds = random.choice([None, 3600, 3601, random.randrange(90_000)])
        fact.response_breached, fact.resolution_breached = random.random() < 0.3, random.random() < 0.3
        if random.random() < 0.7:
            fact.ended_on = fact.opened_on + timedelta(days=random.randrange(40))
            fact.closure = random.choice(["resolved", "solved_by_requester", "cancelled"])
            fact.resolution_seconds = random.choice([4 * 3600, 4 * 3600 + 1, random.randrange(400_000)])
        made.append(fact)
    CycleFact.objects.all().delete()
    CycleFact.objects.bulk_create(made)
    return made


def test_each_month_counts_what_plain_python_counts(facts: list[CycleFact]) -> None:
    told = trend(Q(), month(2026, 10), TODAY)
    assert [one for one, _, _ in told][:: MONTHS - 1] == [month(2025, 11), month(2026, 10)]
    assert len(told) == MONTHS
    for one, now, year_before in told:
        for period, counted in ((one, now), (one.a_year_before(), year_before)):
            solved = [
                fact
                for fact in facts
                if fact.ended_on and period.first <= fact.ended_on <= period.last and fact.closure != "cancelled"
            ]
            good = [fact for fact in solved if not (fact.response_breached or fact.resolution_breached)]
            opened = [fact for fact in facts if fact.is_last and period.first <= fact.opened_on <= period.last]
            assert (counted.opened, counted.solved, counted.in_time) == (len(opened), len(solved), len(good))
            assert counted.share == (len(good) / len(solved) if solved else None)


def test_no_month_to_come_is_shown(facts: list[CycleFact]) -> None:
    assert trend(Q(), Period(date(2026, 1, 1), date(2026, 12, 31)), TODAY)[-1][0] == month(2026, 11)


def test_every_time_lies_in_one_class(facts: list[CycleFact]) -> None:
    period = Period(date(2026, 1, 1), date(2026, 11, 30))
    ended = [fact for fact in facts if fact.ended_on and period.first <= fact.ended_on <= period.last]
    responses = [fact.response_seconds for fact in ended if fact.response_seconds is not None]
    solutions = [
        fact.resolution_seconds for fact in ended if fact.closure != "cancelled" and fact.resolution_seconds is not None
    ]
    told = taken(Q(), period)
    for name, times in (("response", responses), ("resolution", solutions)):
        edges = [-1, *(3600 * hour for hour in HOURS[name]), 10**9]
        assert [count for _, count, _ in told[name]] == [
            sum(low < seconds <= high for seconds in times) for low, high in itertools.pairwise(edges)
        ]
        assert sum(count for _, count, _ in told[name]) == len(times) > 0
