"""The team's calendar, read from what curators keep."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from importlib.metadata import version as version_of

import holidays
from django.db import connection

import worktime
from catalog import daytime
from catalog.models import Weekday
from worktime.calendar import BusinessCalendar, Window

LAW_FROM = 2020
"""Before the portal's first ticket."""

LAW_AHEAD = 12
"""For how many years from now the national holidays are reckoned: longer than any promise."""

WHOLE_DAY = Window(timedelta(0), timedelta(hours=24))

WINDOWS = """
    SELECT coalesce(json_agg(json_build_array(weekday, opens, closes) ORDER BY weekday, opens), '[]')::text
    FROM catalog_workwindow WHERE active
"""
ROWS = f"""
    SELECT
        ({WINDOWS}),
        (SELECT coalesce(json_agg(json_build_array(date, works_from, works_until, active) ORDER BY date), '[]')::text
         FROM catalog_holiday)
"""  # noqa: S608 - our constants
"""Everything that the calendar hangs on, as two texts: every action on a ticket asks for it."""

WindowRow = tuple[int, int, int]
HolidayRow = tuple[date, time | None, time | None, bool]


@dataclass(frozen=True, slots=True)
class Hours:
    """The calendar, and the version that closed cycles remember: equal for equal rows."""

    calendar: BusinessCalendar
    version: str


def current() -> Hours:
    """The calendar as it is kept now, in one query.

    A date that curators keep is as they say; every other date follows the law: the national
    holidays of the ``holidays`` package, without the optional ones. So years for which no decree is
    out yet have the holidays that are certain.
    """
    with connection.cursor() as cursor:
        cursor.execute(ROWS)
        windows, kept = cursor.fetchone()
    return _reckoned(windows, kept, worktime.now().year + LAW_AHEAD)


@lru_cache(maxsize=4)
def _reckoned(windows_json: str, kept_json: str, last_year: int) -> Hours:
    """The same for the same rows; as text they are compared at once."""
    windows: list[WindowRow] = [(weekday, opens, closes) for weekday, opens, closes in json.loads(windows_json)]
    kept: list[HolidayRow] = [
        (date.fromisoformat(day), start and time.fromisoformat(start), end and time.fromisoformat(end), active)
        for day, start, end, active in json.loads(kept_json)
    ]
    week: dict[int, list[Window]] = {}
    for weekday, opens, closes in windows:
        week.setdefault(weekday, []).append(Window(timedelta(minutes=opens), timedelta(minutes=closes)))
    works: dict[date, Window | None] = dict.fromkeys(national_holidays(LAW_FROM, last_year))
    for day, works_from, works_until, active in kept:
        works[day] = _working_part(works_from, works_until) if active else WHOLE_DAY
    exceptions = {
        day: [common for window in week.get(day.weekday(), []) if part and (common := window.within(part))]
        for day, part in works.items()
    }
    told = repr((sorted(windows), sorted(kept, key=lambda row: row[0]), version_of("holidays")))
    return Hours(BusinessCalendar(week, exceptions), hashlib.sha256(told.encode()).hexdigest()[:12])


def _working_part(works_from: time | None, works_until: time | None) -> Window | None:
    """The part of a holiday on which work goes on; ``None`` on a whole one."""
    if works_from is None and works_until is None:
        return None
    begin = _since_midnight(works_from) if works_from else WHOLE_DAY.opens
    return Window(begin, _since_midnight(works_until) if works_until else WHOLE_DAY.closes)


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)


@lru_cache(maxsize=4)
def national_holidays(first: int, last: int) -> tuple[date, ...]:
    """The dates of Brazil's national holidays in these years, inclusive."""
    return tuple(sorted(holidays.country_holidays("BR", years=range(first, last + 1))))


def in_words() -> str:
    """The working week, as a sentence goes on: ``de segunda a sexta, das 8h às 18h, exceto feriados``; one query.

    Empty where no working hours are kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(WINDOWS)
        return week_said(*cursor.fetchone())


@lru_cache(maxsize=4)
def week_said(windows_json: str) -> str:
    """The same of what ``WINDOWS`` gave."""
    days: dict[int, list[tuple[int, int]]] = {}
    for weekday, opens, closes in json.loads(windows_json):
        days.setdefault(weekday, []).append((opens, closes))
    alike: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for day in sorted(days):
        alike.setdefault(tuple(days[day]), []).append(day)
    parts = [f"{_days_said(same)}, {_windows_said(windows)}" for windows, same in alike.items()]
    return f"{'; '.join(parts)}, exceto feriados" if parts else ""


def _days_said(days: list[int]) -> str:
    """``de segunda a sexta``; ``segunda, quarta e sexta``."""
    names = [Weekday(day).label.lower().removesuffix("-feira") for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"de {names[0]} a {names[-1]}"
    return _listed(names)


def _windows_said(windows: tuple[tuple[int, int], ...]) -> str:
    """``das 8h às 12h e das 14h às 18h``; an hour alone is singular: ``da 1h``."""
    whole = ((0, daytime.DAY),)
    if windows == whole:
        return "o dia todo"
    one = {True: ("da", "à"), False: ("das", "às")}
    return _listed(
        [
            f"{one[opens // 60 == 1][0]} {worktime.clock_said(opens)} {one[closes // 60 == 1][1]} {worktime.clock_said(closes)}"
            for opens, closes in windows
        ]
    )


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} e {words[-1]}" if len(words) > 1 else words[0]


ANSWERS_NOW = "A equipe responde agora."


def said(at: datetime) -> str:
    """Whether the team answers at a moment, and if not, when it is back; one query.

    Empty where no working hours are kept, for then nothing can be promised.
    """
    calendar = current().calendar
    if calendar.is_open(at):
        return ANSWERS_NOW
    try:
        back = calendar.next_opening(at).astimezone(worktime.BRASILIA)
    except ValueError:
        return ""
    return f"A equipe volta {_day_said(back.date(), at.astimezone(worktime.BRASILIA).date())}, {worktime.at_hour_said(back)}."


def _day_said(day: date, today: date) -> str:
    match (day - today).days:
        case 0:
            return "hoje"
        case 1:
            return "amanhã"
        case ahead if ahead < 7:
            return Weekday(day.weekday()).label.lower().removesuffix("-feira")
        case _:
            return f"em {day:%d/%m/%Y}"
