"""Small counts: whatever is published, nobody finds one by subtracting, across breakdowns or across versions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.disclosure import THRESHOLD, Breakdown, at, broken_down, follows, kept_apart, large, level_of

PRODUCTS, SPHERES = (1, 2, 3), (1, 2, 3)
CELLS = list(product(PRODUCTS, SPHERES))
COUNT = st.one_of(st.integers(0, 6), st.integers(0, 40))
TABLES = st.dictionaries(st.sampled_from(CELLS), st.tuples(COUNT, COUNT, COUNT), min_size=1)
"""Only what may occur together is in a table: the rest are the zeros that everybody knows of."""
Row = dict[int, Fraction]


def margin(table: dict[tuple[int, int], tuple[int, int, int]], place: int) -> dict[int, tuple[int, ...]]:
    keys = {cell[place] for cell in table}
    return {key: tuple(map(sum, zip(*(row for cell, row in table.items() if cell[place] == key), strict=True))) for key in keys}


def subsets(values: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(values, size) for size in range(1, len(values) + 1))


def parts_at(level: int) -> list[tuple[int, ...]]:
    """Which of the three counts each published one holds."""
    return [[(0, 1, 2)], [(0, 1), (2,)], [(0,), (1,), (2,)]][level]


class Reader:
    """Who knows everything that was published and what may occur together, and reckons what follows from it."""

    def __init__(self, table: dict[tuple[int, int], tuple[int, int, int]]) -> None:
        self.table = table
        self.atoms = {atom: place for place, atom in enumerate(product(sorted(table), range(3)))}
        self.known: list[tuple[int, Row]] = []

    def vector(self, products: set[int] | frozenset[int], spheres: set[int] | frozenset[int], parts: tuple[int, ...]) -> Row:
        return {
            place: Fraction(1)
            for ((a, b), part), place in self.atoms.items()
            if a in products and b in spheres and part in parts
        }

    def learn(self, vector: Row) -> None:
        left = self.reduced(vector)
        if left:
            pivot = min(left)
            self.known.append((pivot, {place: value / left[pivot] for place, value in left.items()}))

    def reduced(self, vector: Row) -> Row:
        """What is left of it beside all that is known; nothing where it follows."""
        left = dict(vector)
        for pivot, row in self.known:
            if factor := left.get(pivot):
                for place, value in row.items():
                    left[place] = left.get(place, Fraction(0)) - factor * value
        return {place: value for place, value in left.items() if value}

    def count(self, vector: Row) -> int:
        names = {place: atom for atom, place in self.atoms.items()}
        return sum(self.table[names[place][0]][names[place][1]] for place in vector)


def read_all(reader: Reader, level: int, by_product: Breakdown | None, by_sphere: Breakdown | None) -> None:
    everything = set(PRODUCTS)
    for parts in parts_at(level):
        reader.learn(reader.vector(everything, everything, parts))
    for breakdown, place in ((by_product, 0), (by_sphere, 1)):
        for members, _ in breakdown.groups() if breakdown else ():
            for parts in parts_at(breakdown.level):  # type: ignore[union-attr]  # there it is one
                rows = (members, everything) if place == 0 else (everything, members)
                reader.learn(reader.vector(*rows, parts))


def published(table: dict[tuple[int, int], tuple[int, int, int]]) -> tuple[int | None, Breakdown | None, Breakdown | None]:
    level = level_of(tuple(map(sum, zip(*table.values(), strict=True))))
    if level is None:
        return None, None, None
    products, spheres = (broken_down(margin(table, place), level) for place in (0, 1))
    if products and spheres and not kept_apart(products, spheres, table):
        spheres = None
    return level, products, spheres


@settings(max_examples=80)
@given(TABLES)
def test_no_small_count_follows_from_what_is_published(table: dict[tuple[int, int], tuple[int, int, int]]) -> None:
    level, products, spheres = published(table)
    if level is None:
        assert not large([sum(map(sum, table.values()))])
        return
    reader = Reader(table)
    read_all(reader, level, products, spheres)
    for some_products, some_spheres, parts in product(subsets(PRODUCTS), subsets(SPHERES), subsets((0, 1, 2))):
        vector = reader.vector(set(some_products), set(some_spheres), parts)
        if vector and not reader.reduced(vector):
            assert large([reader.count(vector)]), (some_products, some_spheres, parts)


@settings(max_examples=60)
@given(TABLES)
def test_what_is_published_is_true_and_whole(table: dict[tuple[int, int], tuple[int, int, int]]) -> None:
    level, products, spheres = published(table)
    for breakdown, place in ((products, 0), (spheres, 1)):
        if breakdown is None or level is None:
            continue
        rows, groups = margin(table, place), list(breakdown.groups())
        assert breakdown.level <= level
        assert all(large(counts) for _, counts in groups)
        assert all(breakdown.named[key] == at(breakdown.level, rows[key]) for key in breakdown.named)
        assert sum(sum(counts) for _, counts in groups) == sum(map(sum, rows.values()))


def test_a_small_row_takes_the_smallest_other_with_it() -> None:
    made = broken_down({1: (90, 10, 20), 2: (30, 5, 0), 3: (3, 0, 0)}, 2)
    assert made == Breakdown(2, {1: (90, 10, 20)}, (33, 5, 0), frozenset({2, 3}))


def test_a_rest_that_is_large_needs_no_other() -> None:
    made = broken_down({1: (90, 10, 20), 2: (30, 2, 0), 3: (30, 3, 0)}, 2)
    assert made == Breakdown(2, {1: (90, 10, 20)}, (60, 5, 0), frozenset({2, 3}))


def test_where_most_would_be_hidden_it_is_told_more_coarsely() -> None:
    rows = {1: (90, 2, 0), 2: (80, 3, 0), 3: (10, 0, 6)}
    assert broken_down(rows, 2) == Breakdown(1, {1: (92, 0), 2: (83, 0), 3: (10, 6)}, None, frozenset())


def test_a_single_small_row_among_none_is_not_told() -> None:
    assert broken_down({1: (3, 0, 0)}, 2) is None
    assert broken_down({}, 2) is None


def test_what_is_left_of_a_sphere_beside_its_own_products_is_seen() -> None:
    """NUP is of sphere 1 alone; SEI of both. 12 - 10 tells of the two of SEI in sphere 1."""
    products = Breakdown(0, {1: (10,), 2: (22,)}, None, frozenset())
    spheres = Breakdown(0, {1: (12,), 2: (20,)}, None, frozenset())
    assert not kept_apart(products, spheres, [(1, 1), (2, 1), (2, 2)])
    assert kept_apart(products, spheres, [(1, 1), (1, 2), (2, 1), (2, 2)])


@pytest.mark.parametrize(
    ("total", "level"), [((10, 5, 0), 2), ((10, 4, 7), 1), ((10, 4, 1), 0), ((2, 1, 1), None), ((0, 0, 0), 2)]
)
def test_how_finely_a_month_is_told(total: tuple[int, int, int], level: int | None) -> None:
    assert level_of(total) == level


@pytest.mark.parametrize(
    ("earlier", "after", "may"),
    [
        ([], {"a": 10}, True),
        ([{"a": 10}], {"a": 10}, True),
        ([{"a": 10}], {"a": 15}, True),
        ([{"a": 10}], {"a": 9}, False),
        ([{"a": 10}, {"a": 16}], {"a": 11}, False),
        ([{"a": 10}], {"a": None}, False),
        ([{"a": 10}], {"a": 10, "b": 20}, False),
    ],
)
def test_versions_tell_no_small_difference(
    earlier: list[dict[str, int | None]], after: dict[str, int | None], may: bool
) -> None:
    assert follows(after, earlier) == may
    assert THRESHOLD == 5
