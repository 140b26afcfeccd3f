"""How fast one person may send: enough for anybody who writes, too little for a flood.

Counted from what was done, so that several servers count alike and nothing is kept beside it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import worktime
from tickets.models import TicketEvent
from tickets.states import Action, Via

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

SENTENCE: Final = "Você enviou muita coisa em pouco tempo. O que escreveu continua aqui: espere uma hora e envie de novo."
WITHIN: Final = timedelta(hours=1)
OPENINGS = 60
"""Tickets that one person may open within that time."""
DEEDS = 120
"""Everything else that one person may do to tickets from the portal within that time."""


def opens_too_fast(user: User) -> bool:
    """Whether this person has opened too many tickets to open another one now."""
    return _done(user).filter(action=Action.OPEN).count() >= OPENINGS


def writes_too_fast(user: User) -> bool:
    """Whether this person has done too much on the portal to do more now."""
    return _done(user).exclude(action=Action.OPEN).count() >= DEEDS


def _done(user: User) -> QuerySet[TicketEvent]:
    return TicketEvent.objects.filter(actor=user, at__gt=worktime.now() - WITHIN, via=Via.PORTAL)
