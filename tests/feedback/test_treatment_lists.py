"""Who reads which treatments, in which order, and what they come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

import worktime
from accounts.models import RoleGrant
from feedback import treatment_lists
from feedback.deadlines import day_of
from feedback.models import Manifestation, Theme, Treatment
from tests.cast import fresh, person
from tests.feedback.treating import of, rated, treated
from tests.feedback.writing import answered, written


def test_each_reads_what_he_reads_at_the_desk(c: SimpleNamespace) -> None:
    about_none, about_sei, own = written(c), written(c, product=c.product), written(c, by=c.otto)
    nameless, low = written(c, by=None), rated(c)
    every = {of(made).pk for made in (about_none, about_sei, own, nameless)} | {low.pk}
    reads = {
        name: {t.pk for t in Treatment.objects.read_by(fresh(getattr(c, name)))} for name in ("otto", "duda", "lia", "bia")
    }
    assert reads == {"otto": every - {of(own).pk}, "duda": every, "lia": set(), "bia": set()}
    assert [treatment_lists.reads(fresh(c.otto)), treatment_lists.reads(fresh(c.lia))] == [True, False]


def test_the_same_people_read_a_manifestation_here_and_at_the_desk(c: SimpleNamespace) -> None:
    body_manager = person("Nilo")
    RoleGrant.objects.create(user=body_manager, role="manager", agency=c.a)
    for made in (written(c), written(c, product=c.product), written(c, by=None), written(c, by=c.duda)):
        for who in (c.otto, c.duda, c.lia, c.ana, body_manager):
            here = Treatment.objects.read_by(fresh(who)).filter(manifestation=made).exists()
            assert here == Manifestation.objects.read_by(fresh(who)).filter(pk=made.pk).exists()


def test_by_deadline_then_by_month_the_oldest_first(c: SimpleNamespace) -> None:
    month = day_of(worktime.now()).replace(day=1)
    newer, older = rated(c), rated(c, answered_on=month - timedelta(days=1))
    first, second = written(c), written(c)
    manifestation = of(first)
    Treatment.objects.filter(pk=manifestation.pk).update(due_on=second.due_on + timedelta(days=1))
    assert list(Treatment.objects.waiting().in_work_order()) == [of(second), manifestation, older, newer]
    treated(newer, c.otto)
    assert newer not in Treatment.objects.waiting()
    assert Treatment.objects.newest_first().last() == older


def test_within_a_month_no_order_tells_the_day(c: SimpleNamespace) -> None:
    today = day_of(worktime.now())
    made = [rated(c, answered_on=today.replace(day=1) + timedelta(days=n % 2)) for n in range(6)]
    shown = list(Treatment.objects.waiting().in_work_order().values_list("pk", flat=True))
    assert shown == sorted(treatment.pk for treatment in made)


def test_what_stands_now(c: SimpleNamespace) -> None:
    late, _ = written(c), answered(c, written(c))
    rated(c)
    treated(rated(c), c.otto, "looking")
    told = treatment_lists.standing(Treatment.objects.all(), late.due_on + timedelta(days=1))
    assert told == treatment_lists.Standing(new=3, looking=1, unanswered=1, overdue=1)


def test_themes_with_their_trend_and_what_was_done(c: SimpleNamespace) -> None:
    slow = Theme.objects.create(name="Prazos", position=1)
    treated(rated(c), c.otto, theme=slow)
    treated(rated(c), c.otto, "nothing", theme=slow)
    treated(rated(c), c.otto, "looking", theme=slow)
    rated(c)
    month = day_of(worktime.now()).replace(day=1)
    before = ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1))
    rated(c, answered_on=before[1])
    now = (month, day_of(worktime.now()))
    moments = (worktime.now() - timedelta(days=1), worktime.now() + timedelta(seconds=1))
    lines, total = treatment_lists.by_theme(Treatment.objects.all(), now, before, moments)
    told = [(line.name, line.waiting, line.came, line.came_before, line.done, line.nothing, line.trend) for line in lines]
    assert told == [("Prazos", 1, 3, 0, 1, 1, "3 a mais"), ("Sem tema", 2, 1, 1, 0, 0, "Igual")]
    assert (total.waiting, total.came, total.done, total.trend) == (3, 4, 1, "3 a mais")
    empty = (datetime(2020, 1, 1, tzinfo=UTC), datetime(2020, 2, 1, tzinfo=UTC))
    later, _ = treatment_lists.by_theme(Treatment.objects.all(), (date(2020, 2, 1), date(2020, 2, 29)), now, empty)
    assert [line.trend for line in later] == ["3 a menos", "1 a menos"]
    assert [line.done for line in later] == [0, 0]


@pytest.mark.parametrize("count", [0, 3])
def test_figures_cost_the_same_for_none_and_three(c: SimpleNamespace, count: int, django_assert_num_queries: object) -> None:
    for _ in range(count):
        rated(c)
    today = day_of(worktime.now())
    with django_assert_num_queries(2):  # type: ignore[operator]
        treatment_lists.standing(Treatment.objects.all(), today)
        treatment_lists.by_theme(Treatment.objects.all(), (today, today), (today, today), (worktime.now(), worktime.now()))


def test_a_managers_list_joins_no_product(c: SimpleNamespace) -> None:
    """Else among 300,000 his last page sorts them all: 640 ms, against 75 by the order of the index."""
    assert 'JOIN "catalog_product"' not in str(Treatment.objects.read_by(fresh(c.duda)).waiting().in_work_order().query)
