"""The time that the desk works by: one reader of the clock.

Plain Python, so that rules about time can be tested without Django.
"""

from worktime.clock import BRASILIA, now, offset, shifted

__all__ = ["BRASILIA", "now", "offset", "shifted"]
