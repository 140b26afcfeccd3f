"""What of a month's counts may be published without anybody finding a small one in it (docs/adr/0048). Pure.

Whatever is published parts the tickets of a month into groups. No count of a group is between 1 and ``THRESHOLD`` - 1, so
none comes out of subtracting published ones either: what is left over is a group, or several, again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

THRESHOLD: Final = 5
"""Below this a count that is not 0 is published nowhere."""

Counts = tuple[int, ...]
"""In time, late, and out of the reckoning; at a coarser level, some of these together."""
LEVELS: Final = (2, 1, 0)
"""2: all three apart. 1: in time and late together. 0: all together."""


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A month's tickets by one thing: the groups that may be named, and the others together."""

    level: int
    named: dict[int, Counts]
    rest: Counts | None
    """Of the groups that are not named; which those are is not said. ``None`` where there is none."""
    unnamed: frozenset[int]

    def groups(self) -> Iterator[tuple[frozenset[int], Counts]]:
        """Everything that is published of it, with its members."""
        for key, counts in self.named.items():
            yield frozenset({key}), counts
        if self.rest is not None:
            yield self.unnamed, self.rest


def large(counts: Iterable[int]) -> bool:
    """Whether none of these is small."""
    return all(count == 0 or count >= THRESHOLD for count in counts)


def at(level: int, counts: Counts) -> Counts:
    """The three counts at a level."""
    in_time, late, out = counts
    return (in_time, late, out) if level == 2 else (in_time + late, out) if level == 1 else (in_time + late + out,)


def level_of(total: Counts) -> int | None:
    """The finest level at which the whole month can be published; ``None`` where it cannot at all."""
    return next((level for level in LEVELS if large(at(level, total))), None)


def broken_down(rows: Mapping[int, Counts], finest: int) -> Breakdown | None:
    """The rows, as finely as most of the tickets can be shown in named groups; ``None`` where they never can.

    A row with a small count goes to the rest, and then the smallest others, until nothing of the rest is small. Rows
    without a ticket are not told from those of the rest.
    """
    found = None
    for level in LEVELS:
        if level > finest:
            continue
        made = _parted({key: at(level, counts) for key, counts in rows.items() if any(counts)}, level)
        if made is None:
            continue
        found = made
        if 2 * sum(map(sum, made.named.values())) >= sum(map(sum, rows.values())):
            break
    return found


def _parted(rows: Mapping[int, Counts], level: int) -> Breakdown | None:
    named = {key: counts for key, counts in rows.items() if large(counts)}
    unnamed = set(rows) - set(named)
    while unnamed and not large(_sum(rows[key] for key in unnamed)):
        if not named:
            return None
        smallest = min(named, key=lambda key: (sum(named[key]), key))
        del named[smallest]
        unnamed.add(smallest)
    if not named:
        return None
    return Breakdown(level, named, _sum(rows[key] for key in unnamed) if unnamed else None, frozenset(unnamed))


def kept_apart(one: Breakdown, other: Breakdown, ties: Iterable[tuple[int, int]]) -> bool:
    """Whether two breakdowns of the same tickets tell nothing small together.

    ``ties`` are the pairs of keys that occur together at all: where all of some products are one sphere's alone, what is
    left of the sphere is known by subtraction.
    """
    level = min(one.level, other.level)
    of = {key: {b for a, b in ties if a == key} for key, _ in ties}
    ones = [(set().union(*(of.get(key, set()) for key in members)), _coarse(counts, level)) for members, counts in one.groups()]
    others = [(members, _coarse(counts, level)) for members, counts in other.groups()]
    for size in range(1, len(others)):
        for chosen in combinations(others, size):
            reach = frozenset().union(*(members for members, _ in chosen))
            whole = _sum(counts for _, counts in chosen)
            inside = [counts for spread, counts in ones if spread and spread <= reach]
            left = tuple(a - b for a, b in zip(whole, _sum(inside), strict=True)) if inside else whole
            if not large(left):
                return False
    return True


def _coarse(counts: Counts, level: int) -> Counts:
    """Counts of whatever finer level, at this one."""
    while len(counts) > level + 1:
        counts = (counts[0] + counts[1], *counts[2:])
    return counts


def _sum(rows: Iterable[Counts]) -> Counts:
    return tuple(map(sum, zip(*rows, strict=True)))


def follows(after: Mapping[str, int | None], earlier: Sequence[Mapping[str, int | None]]) -> bool:
    """Whether published counts may take the place of each of the earlier ones, by the names of what they count.

    Who kept the earlier ones learns by how much each changed: not by how few. And the groups must be the same ones, or
    comparing them would tell of what moved from one to the other.
    """
    for before in earlier:
        if before.keys() != after.keys():
            return False
        pairs = [(old, after[name]) for name, old in before.items()]
        if any((old is None) != (new is None) for old, new in pairs):
            return False
        if not large(abs(new - old) for old, new in pairs if old is not None and new is not None):
            return False
    return True
