"""Where a ticket stands now, for the head of its page: in words, with the moments that count.

Pure: takes a ticket and a moment, asks nothing. Equal facts give equal words, so that a page that
asks again can be told that nothing changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tickets import wording
from tickets.states import Status

if TYPE_CHECKING:
    from datetime import datetime

    from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Standing:
    status: str
    tag_kind: str
    where: str
    expected: str
    until: str
    """What time does next and at which moment, or when a solution is expected; empty where nothing is promised."""
    step: int
    steps: str
    key: str
    """Changes with what the reader may do."""

    def version(self, newest: object) -> str:
        """An entity tag of the page's live part, of this and the newest event that it shows."""
        told = repr((newest, self.status, self.where, self.expected, self.until, self.key))
        return f'"{hashlib.sha256(told.encode()).hexdigest()[:20]}"'


def standing(ticket: Ticket, now: datetime) -> Standing:
    step, steps = wording.flow(ticket)
    return Standing(
        status=ticket.get_status_display(),
        tag_kind=wording.TAG_KIND.get(ticket.status, ""),
        where=wording.where(ticket),
        expected=wording.expected(ticket, now),
        until=_until(ticket, now),
        step=step,
        steps=steps,
        key=f"{ticket.status}:{ticket.closure}:{ticket.confirmed_at is not None}",
    )


def _until(ticket: Ticket, now: datetime) -> str:
    match ticket.status:
        case Status.WAITING_REQUESTER if ticket.wait_expires_at is not None:
            over = "Prazo da resposta" if now <= ticket.wait_expires_at else "O prazo da resposta terminou"
            return f"{over}: {wording.moment(ticket.wait_expires_at)}."
        case Status.CLOSED if ticket.reopen_until is not None:
            left = ticket.reopen_until - now
            if left.total_seconds() >= 0:
                return f"Restam {wording.length(left)} para reabrir: até {wording.moment(ticket.reopen_until)}."
            return f"O prazo para reabrir terminou: {wording.moment(ticket.reopen_until)}."
        case Status.QUEUED | Status.IN_PROGRESS | Status.IN_VALIDATION | Status.WAITING_EXTERNAL if ticket.due_at is not None:
            if now <= ticket.due_at:
                return f"Previsão de solução: até {wording.moment(ticket.due_at)}."
            return f"A previsão de solução era {wording.moment(ticket.due_at)}. A equipe foi avisada do atraso."
    return ""
