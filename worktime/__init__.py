"""The time that the desk works by: one reader of the clock, and one way to say an hour.

Plain Python, so that rules about time can be tested without Django.
"""

from worktime.clock import BRASILIA, now, offset, shifted
from worktime.words import at_hour_said, clock_said, hour_said, moment_said

__all__ = ["BRASILIA", "at_hour_said", "clock_said", "hour_said", "moment_said", "now", "offset", "shifted"]
