"""Columns say what the facts say: always, of every block, and to every condition that a report asks."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import models
from django.db.models import Q

import worktime
from accounts.regions import State
from reports import counted, figures, gathering, overview, packing, tally
from reports.conditions import condition
from reports.forms import CHANNELS, COLUMNS
from reports.models import CycleFact, FactColumn
from reports.packing import BLOCK, NAMES, NO_DAY, NONE, code, day
from reports.periods import Period, month
from tests import cast
from tests.cast import opened
from tickets.states import Closure, Level, Status

pytestmark = pytest.mark.django_db
NOVEMBER = month(2026, 11)
TODAY = date(2026, 11, 23)


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with worktime.shifted(cast.MONDAY - worktime.now()):
        c.tickets = [cast.at_status(c, status) for status in (Status.QUEUED, Status.CLOSED, Status.IN_VALIDATION)]
        gathering.gather()
    return c


@pytest.fixture
def far(c: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The same facts again for tickets of other blocks, one right at the edge of one, and none in the block between."""
    facts = in_order()
    low = facts[0].ticket_id
    first, far_away = (low // BLOCK + 1) * BLOCK, []
    for start in (first, first + BLOCK - 1, first + 5 * BLOCK):
        for fact in facts:
            there = copy(fact)
            there.pk, there.ticket_id = None, start + (fact.ticket_id - low) * 2 * BLOCK
            far_away.append(there)
    CycleFact.objects.bulk_create(far_away)
    yield c
    CycleFact.objects.all().delete()  # these tickets are not there


def packed(fact: CycleFact, name: str) -> int:
    field, value = CycleFact._meta.get_field(name), getattr(fact, CycleFact._meta.get_field(name).attname)  # type: ignore[union-attr]
    match field:
        case models.DateField():
            return NO_DAY if value is None else day(value)
        case models.CharField():
            return code(value)
        case _:
            return NONE if value is None else int(value)


def told(names: tuple[str, ...] = NAMES) -> list[tuple[int, ...]]:
    found: list[tuple[int, ...]] = []
    for columns in packing.pieces(names):
        found += zip(*(map(int, columns[name].tolist()) for name in names), strict=True)
    return found


def in_order() -> list[CycleFact]:
    return list(CycleFact.objects.order_by("ticket", "ordinal"))


def check() -> None:
    assert told() == [tuple(packed(fact, name) for name in NAMES) for fact in in_order()]


def test_no_two_words_of_a_column_are_packed_alike() -> None:
    for words in (["", *Closure], list(Level), ["", *State], [str(channel) for channel in CHANNELS]):
        assert len({code(word) for word in words}) == len(words)


def test_columns_are_the_facts_packed_or_not(far: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = {fact.ticket_id // BLOCK for fact in in_order()}
    assert len(blocks) > 4
    monkeypatch.setattr(packing, "PIECE", 2)
    check()
    monkeypatch.setattr(packing, "TURN", 2)
    assert packing.pack() == len(blocks)
    assert FactColumn.objects.count() == len(blocks) * len(NAMES)
    check()
    FactColumn.objects.filter(name="closure", block=min(blocks)).delete()  # as packed by a release that knew fewer
    check()
    assert packing.pack() == 1
    check()
    assert packing.pack() == 0


def test_a_change_throws_the_block_away_and_nothing_else(c: SimpleNamespace) -> None:
    packing.pack()
    other = FactColumn.objects.create(block=99, name="closure", data=b"")
    with worktime.shifted(cast.MONDAY - worktime.now()):
        opened(c)
        gathering.gather()
    assert list(FactColumn.objects.all()) == [other]
    other.delete()
    check()


def test_facts_written_anew_leave_no_column(c: SimpleNamespace) -> None:
    packing.pack()
    gathering.anew()
    assert not FactColumn.objects.exists()
    assert told() == []
    assert packing.pack() == 0


def test_nothing_is_packed_before_the_first_gathering() -> None:
    assert packing.pack() == 0
    assert tally.told(Q(), [NOVEMBER], TODAY)[0] == {NOVEMBER: overview.reckoned(CycleFact.objects.all(), NOVEMBER, TODAY)}


def holding(q: Q) -> list[int]:
    """Of which facts, in order, columns say that it holds."""
    asked, found = condition(q), list[bool]()
    for columns in packing.pieces(asked.names or {"closure"}):
        found += asked.of(columns).tolist()
    return [fact.pk for fact, holds in zip(in_order(), found, strict=True) if holds]


def same(q: Q) -> list[int]:
    found = holding(q)
    assert found == [fact.pk for fact in CycleFact.objects.filter(q).order_by("ticket", "ordinal")], q
    return found


def test_every_figure_holds_for_the_same_facts(c: SimpleNamespace) -> None:
    held = 0
    for figure in counted.BY_SLUG.values():
        if not figure.slug.startswith("vencem"):  # of the ticket, not of the fact
            held += len(same(figure.holds(NOVEMBER)))
    assert held > len(c.tickets)
    for which in (*figures.COHORT.values(), *figures.CLOSINGS.values(), *(which for _, which in figures.TIMES.values())):
        same(which)


def test_every_filter_holds_for_the_same_facts(c: SimpleNamespace) -> None:
    fact = CycleFact.objects.filter(agency__isnull=False, assignee__isnull=False).select_related().first()
    assert fact is not None
    of_it: dict[str, Any] = {
        "sphere__slug": fact.sphere.slug,
        "product__slug": fact.product.slug,
        "support_type__slug": fact.support_type.slug,
        "agency__slug": fact.agency.slug if fact.agency else "",
        "queue__slug": fact.queue.slug,
        "assignee": str(fact.assignee_id),
        "priority": str(fact.priority),
        "opened_on__iso_week_day": str(fact.opened_on.isoweekday()),
        "opened_hour": str(fact.opened_hour),
        "cause": "1",
    }
    for lookup in COLUMNS.values():
        assert (fact.pk in same(Q(**{lookup: of_it.get(lookup, getattr(fact, lookup, None))}))) == (lookup != "cause")
    assert same(Q(sphere__slug="nenhuma")) == []


@pytest.mark.parametrize(
    "q",
    [
        Q(),
        Q(agency__in=frozenset()),
        Q(agency__in=range(1, 1000)),
        Q(agency=None),
        Q(ended_on__isnull=False),
        Q(ended_on__range=(date(1, 1, 1), date(9000, 1, 1))),
        Q(ended_on__lt=date(9000, 1, 1)),
        Q(ended_on__gt=date(1, 1, 1)) | Q(closure=""),
        Q(resolution_seconds__gte=0) & (Q(level="N2") | Q(level="N3")),
    ],
)
def test_what_is_empty_is_in_no_range(c: SimpleNamespace, q: Q) -> None:
    same(q)


@pytest.mark.parametrize("q", [~Q(closure=""), Q(closure__startswith="x"), Q(level="N2") ^ Q(level="N3")])
def test_what_no_report_asks_is_refused(q: Q) -> None:
    with pytest.raises(NotImplementedError):
        condition(q)


def test_figures_of_several_blocks_are_those_of_the_database(far: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "PIECE", 1)
    spans, facts = [NOVEMBER, Period(TODAY, TODAY), month(2026, 10)], CycleFact.objects.all()
    expected = {span: overview.reckoned(facts, span, TODAY) for span in spans}
    assert expected[NOVEMBER].counts["abertos"] > len(far.tickets)
    assert tally.told(Q(), spans, TODAY) == (expected, figures.openings(facts, NOVEMBER))
