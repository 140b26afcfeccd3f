"""The figures reckoned a second way: plain Python over the raw events, day by day, sharing no code with the portal."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

HERE = ZoneInfo("America/Sao_Paulo")
TARGETS = {1: (2, 8, 20), 2: (4, 16, 40), 3: (8, 30, 80), 4: (16, 50, 150)}
"""Priority → hours of work for the first response, and for the solution at N2 and at N3 (DOMAIN §2.7)."""
FIXED = [(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (11, 20), (12, 25)]
NATIONAL = {date(year, *day) for year in range(2026, 2031) for day in FIXED} | {
    date(2027, 3, 26),
    date(2028, 4, 14),
    date(2029, 3, 30),
    date(2030, 4, 19),
}
"""Leis 662/1949, 6.802/1980 and 14.759/2023, and the Friday before Easter."""
HOUR = 3600
OVER = ("closed", "final")
SPEECH = ("ask", "comment", "resolve", "refuse")
CLOSES = {
    "resolve": "resolved",
    "solved": "solved_by_requester",
    "close_duplicate": "duplicate",
    "refuse": "out_of_scope",
    "cancel": "cancelled",
    "expire_wait": "no_interaction",
}


@dataclass(frozen=True)
class Promise:
    """What a policy says: of one product or (empty) of all, from a moment on."""

    since: datetime
    targets: dict[int, tuple[int, int, int]]
    product: str = ""
    stops_outside: bool = False


@dataclass
class Reckoned:
    """A cycle as the events tell it."""

    ticket: int
    ordinal: int
    opened_at: datetime
    started_on: date
    ended_on: date | None = None
    closure: str = ""
    last: bool = True
    good: bool = True
    response: int | None = None
    response_late: bool = False
    solution: int = 0
    solution_late: bool = False
    level: str = "N2"
    priority: int = 3
    queue: str = ""
    assignee: int | None = None
    cause: int | None = None
    at: dict[str, int] = field(default_factory=lambda: {"N2": 0, "N3": 0})
    breaks_at: datetime | None = None
    """Of a cycle that runs in time and whose clock is not stopped: when its first deadline comes."""

    @property
    def opened_on(self) -> date:
        return self.opened_at.astimezone(HERE).date()

    @property
    def late(self) -> bool:
        return self.response_late or self.solution_late


def worked(start: datetime, end: datetime, holidays: set[date]) -> int:
    """Seconds between two moments within Monday to Friday, 8h to 18h, without the holidays."""
    seconds, day = 0, start.astimezone(HERE).date()
    while day <= end.astimezone(HERE).date():
        if day.isoweekday() <= 5 and day not in holidays:
            opens, closes = (datetime.combine(day, time(hour), HERE) for hour in (8, 18))
            seconds += max(0, int((min(end, closes) - max(start, opens)).total_seconds()))
        day += timedelta(days=1)
    return seconds


def after(start: datetime, seconds: int, holidays: set[date]) -> datetime:
    """When so many seconds of work have passed."""
    day = start.astimezone(HERE).date()
    while True:
        end = datetime.combine(day + timedelta(days=1), time(0), HERE)
        if (today := worked(start, end, holidays)) >= seconds:
            opens = max(start, datetime.combine(day, time(8), HERE))
            return opens + timedelta(seconds=seconds)
        seconds, start, day = seconds - today, end, day + timedelta(days=1)


def promised(promises: list[Promise], product: str, opened_at: datetime) -> Promise:
    """That of the product before that of all, the newest that was in force when the ticket was opened."""
    held = [one for one in promises if one.since <= opened_at and one.product in ("", product)]
    return max(held, key=lambda one: (one.product != "", one.since))


def cycles(events: list[dict[str, Any]], holidays: set[date], promises: list[Promise]) -> list[Reckoned]:
    """Of dicts with ticket, at, action, new_status, level, priority, queue, assignee, cause, product (the ticket's after
    the event) and spoke (the team in public), in order."""
    by_ticket = defaultdict(list)
    for event in events:
        by_ticket[event["ticket"]].append(event)
    found: list[Reckoned] = []
    for told in by_ticket.values():
        mine: list[Reckoned] = []
        for ordinal, part in enumerate(_parts(told), start=1):
            promise = promised(promises, part[-1]["product"], told[0]["at"])
            mine.append(_cycle(told[0]["at"], ordinal, part, holidays, promise))
        for one, next_one in pairwise(mine):
            one.last = False
            next_one.good = one.good and not one.late
        for one in mine:
            one.good = one.good and not one.late
        found += mine
    return found


def _parts(told: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The events of each cycle; what happens to a closed ticket is of none."""
    found: list[list[dict[str, Any]]] = []
    running = False
    for event in told:
        over = event["new_status"] in OVER
        if not running and not over:
            found.append([])
        if running or not over:
            found[-1].append(event)
        running = not over
    return found


def _cycle(opened_at: datetime, ordinal: int, part: list[dict[str, Any]], holidays: set[date], promise: Promise) -> Reckoned:
    cycle = Reckoned(part[0]["ticket"], ordinal, opened_at, part[0]["at"].astimezone(HERE).date())
    stopped = {"waiting_requester", *(["waiting_external"] if promise.stops_outside else [])}
    first, before = 0, None
    for event in part:
        if before is not None:
            if before["new_status"] not in stopped:
                time_worked = worked(before["at"], event["at"], holidays)
                cycle.solution += time_worked
                cycle.at[before["level"]] += time_worked
                first += time_worked if cycle.response is None else 0
            # What was promised before this event is broken by the time that passed until it …
            _break(cycle, first, promise.targets[cycle.priority])
        cycle.level, cycle.priority = max(cycle.level, event["level"]), event["priority"]
        # … and what is promised from now on may be broken by it already.
        _break(cycle, first, promise.targets[cycle.priority])
        if cycle.response is None and event["spoke"] and event["action"] in SPEECH:
            cycle.response = first
        before = event
    end = part[-1]
    cycle.queue, cycle.assignee = end["queue"], end["assignee"]
    if end["new_status"] in OVER:
        cycle.ended_on, cycle.closure, cycle.cause = end["at"].astimezone(HERE).date(), CLOSES[end["action"]], end["cause"]
    elif not cycle.late and end["new_status"] not in stopped:
        response, *solutions = promise.targets[cycle.priority]
        left = [solutions[cycle.level == "N3"] * HOUR - cycle.solution]
        left += [response * HOUR - first] if cycle.response is None else []
        cycle.breaks_at = after(end["at"], min(left), holidays)
    return cycle


def _break(cycle: Reckoned, first: int, targets: tuple[int, int, int]) -> None:
    response, at_n2, at_n3 = targets
    if cycle.response is None and first > response * HOUR:
        cycle.response_late = True
    if cycle.solution > (at_n3 if cycle.level == "N3" else at_n2) * HOUR:
        cycle.solution_late = True


def nearest_rank(values: list[int], percent: int) -> int | None:
    """The smallest of the values that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None
