"""How long something still takes, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tickets.states import Status

if TYPE_CHECKING:
    from tickets.models import Ticket


def in_words(span: timedelta) -> str:
    """The two greatest units of a span, rounded down: ``1 dia e 4 horas``, ``2 horas``, ``menos de 1 minuto``.

    A negative span reads like the same span without its sign.
    """
    minutes = int(abs(span).total_seconds()) // 60
    units = [(minutes // 1440, "dia", "dias"), (minutes // 60 % 24, "hora", "horas"), (minutes % 60, "minuto", "minutos")]
    first = next((place for place, (count, _, _) in enumerate(units) if count), None)
    if first is None:
        return "menos de 1 minuto"
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in units[first : first + 2] if count]
    return " e ".join(parts)


def of(ticket: Ticket, at: datetime) -> str:
    """What time will do to the ticket next, seen at ``at``; empty where nothing is running."""
    until, left, over = None, "", ""
    match ticket.status:
        case Status.WAITING_REQUESTER:
            until, left, over = ticket.wait_expires_at, "encerra sem resposta em {}", "sem resposta: o prazo terminou há {}"
        case Status.WAITING_EXTERNAL:
            until, left, over = ticket.review_at, "rever em {}", "a revisão venceu há {}"
        case Status.CLOSED:
            until, left, over = ticket.reopen_until, "pode ser reaberto por {}", "o prazo para reabrir terminou há {}"
    if until is None:
        return ""
    return (left if at <= until else over).format(in_words(until - at))
