"""Who without a name here has shown the code of which manifestation: kept in his session, for half an hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import worktime

if TYPE_CHECKING:
    from django.http import HttpRequest

    from feedback.models import Manifestation

KEY: Final = "manifestations"
LASTS: Final = timedelta(minutes=30)
"""After this the code is asked for again: others may use the same computer."""
MOST: Final = 5


def open_to(request: HttpRequest, made: Manifestation) -> None:
    """This browser has shown the code."""
    until = int((worktime.now() + LASTS).timestamp())
    kept = {**request.session.get(KEY, {}), str(made.pk): until}
    request.session[KEY] = dict(sorted(kept.items(), key=lambda item: item[1])[-MOST:])


def is_open_to(request: HttpRequest, made: Manifestation) -> bool:
    until = request.session.get(KEY, {}).get(str(made.pk), 0)
    return bool(until >= worktime.now().timestamp())


def close_to(request: HttpRequest) -> None:
    """This browser forgets every code that it has shown."""
    request.session.pop(KEY, None)
