"""How a ticket stands against its targets, reckoned from its events (DESIGN §5).

Pure: events, targets and a calendar go in, cycles come out. Nothing here reads a clock or a row,
so the desk, the jobs and the reports cannot disagree. All durations are working time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final, TypeVar

from tickets.states import Level, Status
from worktime.calendar import BusinessCalendar

Step = TypeVar("Step")
ZERO: Final = timedelta(0)
ENDED: Final = frozenset({Status.CLOSED, Status.FINAL})


@dataclass(frozen=True, slots=True)
class Targets:
    """What a policy promises at one priority: working time, and where its clock stops."""

    first_response: timedelta
    resolution: Mapping[Level, timedelta]
    stops_outside: bool
    """Whether the clock stops while a team outside the desk is waited for."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What an event says that the clocks need."""

    at: datetime
    status: Status
    """After the event."""
    level: Level
    priority: int
    answers: bool
    """Whether a person of the team said something in public with it."""


class Standing(Enum):
    RUNNING = auto()
    PAUSED = auto()
    MET = auto()
    BREACHED = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a cycle in one status, and whether its working time counted."""

    start: datetime
    end: datetime
    status: Status
    level: Level
    worked: timedelta
    counted: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise of one cycle."""

    target: timedelta
    elapsed: timedelta
    standing: Standing
    due_at: datetime | None
    """When the target is, or was, used up, in UTC; empty while the clock stands still."""
    ended_at: datetime | None

    @property
    def remaining(self) -> timedelta:
        """Negative by how much the target was passed."""
        return self.target - self.elapsed


@dataclass(frozen=True, slots=True)
class Cycle:
    """From opening, or a reopening, to closing."""

    started_at: datetime
    ended_at: datetime | None
    first_response: Clock
    resolution: Clock
    spans: tuple[Span, ...]

    @property
    def in_time(self) -> bool:
        return Standing.BREACHED not in (self.first_response.standing, self.resolution.standing)

    def time_at(self, level: Level) -> timedelta:
        """The working time that counted at a level."""
        return sum((span.worked for span in self.spans if span.level == level and span.counted), ZERO)


TargetsAt = Callable[[int], Targets]
"""The targets at a priority."""


def cycles(turns: Sequence[Turn], targets: TargetsAt, calendar: BusinessCalendar, at: datetime) -> list[Cycle]:
    """Every cycle of a ticket up to ``at``, in order. ``turns`` are in order and begin with the opening."""
    return [_cycle(part, targets, calendar, at) for part in parts(turns, lambda turn: turn.status in ENDED)]


def parts(steps: Iterable[Step], ends: Callable[[Step], bool]) -> Iterator[list[Step]]:
    """The steps of each cycle, the closing one included; what happens to a closed ticket is in none.

    ``ends`` tells whether the ticket is closed after a step.
    """
    part: list[Step] = []
    for step in steps:
        ended = ends(step)
        if part or not ended:
            part.append(step)
        if part and ended:
            yield part
            part = []
    if part:
        yield part


@dataclass(slots=True)
class _Running:
    """A clock while the turns are played. What was broken once stays broken."""

    target: timedelta = ZERO
    """Set by the first turn, and by each that promises something else."""
    elapsed: timedelta = ZERO
    broken: timedelta | None = None
    """The target that was passed first."""
    ended_at: datetime | None = None

    def aim(self, target: timedelta) -> None:
        if self.ended_at is None:
            self.target = target
            self._check()

    def work(self, time: timedelta) -> None:
        if self.ended_at is None:
            self.elapsed += time
            self._check()

    def end(self, at: datetime) -> None:
        if self.ended_at is None:
            self.ended_at = at

    def _check(self) -> None:
        if self.broken is None and self.elapsed > self.target:
            self.broken = self.target


def _cycle(part: Sequence[Turn], targets: TargetsAt, calendar: BusinessCalendar, at: datetime) -> Cycle:
    opening, last = part[0], part[-1]
    ended_at = last.at if last.status in ENDED else None
    highest = opening.level
    first, resolution = _Running(), _Running()
    spans: list[Span] = []
    ends = [*(turn.at for turn in part[1:]), max(at, last.at)]
    for turn, end in zip(part, ends, strict=True):
        highest, promised = max(highest, turn.level), targets(turn.priority)
        first.aim(promised.first_response)
        resolution.aim(promised.resolution[highest])
        if turn.answers:
            first.end(turn.at)
        if turn.status in ENDED:
            break
        span = Span(turn.at, end, turn.status, turn.level, calendar.between(turn.at, end), runs_in(turn.status, promised))
        spans.append(span)
        if span.counted:
            first.work(span.worked)
            resolution.work(span.worked)
    if ended_at is not None:
        first.end(ended_at)
        resolution.end(ended_at)
    runs = runs_in(last.status, promised)
    return Cycle(
        started_at=opening.at,
        ended_at=ended_at,
        first_response=_read(first, spans, calendar, at, runs=runs),
        resolution=_read(resolution, spans, calendar, at, runs=runs),
        spans=tuple(spans),
    )


def runs_in(status: Status, promised: Targets) -> bool:
    """Whether the clocks run in a status: not while the requester's answer is waited for."""
    if status == Status.WAITING_EXTERNAL:
        return not promised.stops_outside
    return status not in ENDED and status != Status.WAITING_REQUESTER


def _read(clock: _Running, spans: Sequence[Span], calendar: BusinessCalendar, at: datetime, *, runs: bool) -> Clock:
    def due(since: datetime) -> datetime:
        # Used up to the second it stays where that was, though it may be the next day by now.
        exactly = clock.elapsed == clock.target
        return _used_up(clock.target, spans, calendar) if exactly else calendar.add(since, clock.target - clock.elapsed)

    if clock.broken is not None:
        standing, due_at = Standing.BREACHED, _used_up(clock.broken, spans, calendar)
    elif clock.ended_at is not None:
        standing, due_at = Standing.MET, due(clock.ended_at)
    elif runs:
        standing, due_at = Standing.RUNNING, due(max(at, spans[-1].end))
    else:
        standing, due_at = Standing.PAUSED, None
    return Clock(clock.target, clock.elapsed, standing, due_at, clock.ended_at)


def _used_up(target: timedelta, spans: Sequence[Span], calendar: BusinessCalendar) -> datetime:
    """The moment at which the counted time of the spans reached a target that they used up."""
    left = target
    for span in spans:
        if span.counted:
            if span.worked >= left:
                return calendar.add(span.start, left)
            left -= span.worked
    raise AssertionError("The spans used up the target.")  # pragma: no cover - only a broken clock asks
