"""How Django itself writes moments, as in the columns of the stock admin: like ``worktime.words``, as far as a format can."""

DATETIME_FORMAT = SHORT_DATETIME_FORMAT = r"d/m/Y, G\hi"
TIME_FORMAT = r"G\hi"
