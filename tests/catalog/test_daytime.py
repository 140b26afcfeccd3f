import pytest

from catalog import daytime


@pytest.mark.parametrize(("text", "minutes"), [("0:00", 0), ("8:00", 480), ("08:05", 485), (" 18:30 ", 1110), ("24:00", 1440)])
def test_a_time_is_read_as_typed(text: str, minutes: int) -> None:
    assert daytime.parse(text) == minutes


@pytest.mark.parametrize("text", ["", "8", "8h", "8:0", "08:60", "24:01", "99:00", "-1:00", "8:00:00", "٠٨:٠٠", "8:00 9:00"])
def test_what_is_no_time_of_a_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Not a time of day"):
        daytime.parse(text)


@pytest.mark.parametrize(("minutes", "written"), [(0, "00:00"), (485, "08:05"), (1440, "24:00")])
def test_a_time_is_shown(minutes: int, written: str) -> None:
    assert daytime.written(minutes) == written
