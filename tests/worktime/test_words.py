"""Hours and moments as people read them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import worktime

ROOT = Path(worktime.__file__).parent.parent


@pytest.mark.parametrize(("minutes", "said"), [(0, "0h"), (485, "8h05"), (870, "14h30"), (1440, "24h")])
def test_a_time_of_day(minutes: int, said: str) -> None:
    assert worktime.clock_said(minutes) == said


@pytest.mark.parametrize(
    ("hour", "at", "moment"),
    [
        (3, "à 0h", "22/11/2026, 0h"),
        (4, "à 1h", "22/11/2026, 1h"),
        (7, "às 4h", "22/11/2026, 4h"),
        (2, "às 23h", "21/11/2026, 23h"),
    ],
)
def test_a_moment_is_that_of_brasilia(hour: int, at: str, moment: str) -> None:
    whole, past = datetime(2026, 11, 22, hour, tzinfo=UTC), datetime(2026, 11, 22, hour, 5, 59, tzinfo=UTC)
    assert (worktime.at_hour_said(whole), worktime.moment_said(whole)) == (at, moment)
    assert (worktime.at_hour_said(past), worktime.moment_said(past)) == (f"{at}05", f"{moment}05")


def test_no_page_or_letter_writes_an_hour_otherwise() -> None:
    """The filter ``moment`` does; only what is for a machine has another form."""
    otherwise = re.compile(r"""\|(?:date|time):(?:"[^"]*[HGi]|'[^']*[HGi])""")
    found = [path.name for path in (ROOT / "templates").rglob("*.*") if otherwise.search(path.read_text(encoding="utf-8"))]
    assert found == []
