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


@dataclass
class Reckoned:
    """A cycle as the events tell it."""

    ticket: int
    opened_on: date
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
    at: dict[str, int] = field(default_factory=lambda: {"N2": 0, "N3": 0})


def worked(start: datetime, end: datetime, holidays: set[date]) -> int:
    """Seconds between two moments within Monday to Friday, 8h to 18h, without the holidays."""
    seconds, day = 0, start.astimezone(HERE).date()
    while day <= end.astimezone(HERE).date():
        if day.isoweekday() <= 5 and day not in holidays:
            opens, closes = (datetime.combine(day, time(hour), HERE) for hour in (8, 18))
            seconds += max(0, int((min(end, closes) - max(start, opens)).total_seconds()))
        day += timedelta(days=1)
    return seconds


def cycles(events: list[dict[str, Any]], holidays: set[date]) -> list[Reckoned]:
    """``events``: dicts with ticket, at, action, new_status, level, priority, spoke (the team in public); in order."""
    found: list[Reckoned] = []
    by_ticket = defaultdict(list)
    for event in events:
        by_ticket[event["ticket"]].append(event)
    for ticket, told in by_ticket.items():
        found += _of_ticket(ticket, told, holidays)
    return found


def _of_ticket(ticket: int, told: list[dict[str, Any]], holidays: set[date]) -> list[Reckoned]:
    opened_on = told[0]["at"].astimezone(HERE).date()
    found: list[Reckoned] = []
    running: Reckoned | None = None
    first = 0
    for place, event in enumerate(told):
        if running is None:
            if event["new_status"] in OVER:
                continue
            running = Reckoned(ticket, opened_on, event["at"].astimezone(HERE).date())
            first = 0
            found.append(running)
        else:
            before = told[place - 1]
            if before["new_status"] != "waiting_requester":
                time_worked = worked(before["at"], event["at"], holidays)
                running.solution += time_worked
                running.at[before["level"]] += time_worked
                if running.response is None:
                    first += time_worked
        # What was promised before this event is broken by the time that passed until it …
        _break(running, first, running.priority)
        running.level, running.priority = max(running.level, event["level"]), event["priority"]
        # … and what is promised from now on may be broken by it already.
        _break(running, first, running.priority)
        if running.response is None and event["spoke"] and event["action"] in SPEECH:
            running.response = first
        if event["new_status"] in OVER:
            running.ended_on, running.closure = event["at"].astimezone(HERE).date(), CLOSES[event["action"]]
            running = None
    for one, next_one in pairwise(found):
        one.last = False
        next_one.good = one.good and not (one.response_late or one.solution_late)
    for one in found:
        one.good = one.good and not (one.response_late or one.solution_late)
    return found


def _break(cycle: Reckoned, first: int, priority: int) -> None:
    response, at_n2, at_n3 = TARGETS[priority]
    if cycle.response is None and first > response * 3600:
        cycle.response_late = True
    if cycle.solution > (at_n3 if cycle.level == "N3" else at_n2) * 3600:
        cycle.solution_late = True


def nearest_rank(values: list[int], percent: int) -> int | None:
    """The smallest of the values that so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None
