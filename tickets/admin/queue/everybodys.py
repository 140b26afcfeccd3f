"""The views of a queue that need no keeping: what narrows each, and the same by hand for counting all of them at once.

Django takes longer to put ten such conditions together than the database to answer them (docs/adr/0017). That both say the
same, a test holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tickets.admin.queue.filtering import today
from tickets.states import RUNS, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tickets.admin.queue.filtering import Viewer

SIGHT: Final = "(scheduled_for IS NULL OR scheduled_for <= %s)"
RUNNING: Final = f"status IN ({', '.join(repr(status.value) for status in sorted(RUNS))})"
IN_WORK_ORDER: Final = " ORDER BY goes_first DESC, priority, due_at, number"
"""So that an index in this order is read, and no further than it is counted."""
SPOKE_LAST: Final = """(
    SELECT NOT from_team FROM tickets_message said WHERE said.ticket_id = tickets_ticket.id AND NOT internal
    ORDER BY created_at DESC, id DESC LIMIT 1
)"""
ANSWERED: Final = """EXISTS (
    SELECT FROM tickets_message said WHERE said.ticket_id = tickets_ticket.id AND NOT internal AND author_id = %s
)"""


@dataclass(frozen=True, slots=True)
class Everybodys:
    name: str
    chosen: dict[str, str] = field(default_factory=dict)
    """Filter → value."""
    condition: str = "true"
    """Of open tickets; ``%s`` stands for what ``needs`` names."""
    needs: tuple[str, ...] = ()
    order: str = IN_WORK_ORDER
    in_sight: bool = True

    def of(self, by: Viewer) -> tuple[str, Sequence[Any]]:
        """What is asked, to be put behind the conditions of open tickets, and its values."""
        begin, end = today(by.at)
        known = {"me": by.user.pk, "now": by.at, "begin": begin, "end": end}
        needs = (*self.needs, "now") if self.in_sight else self.needs
        sight = f" AND {SIGHT}" if self.in_sight else ""
        return f"{self.condition}{sight}{self.order}", [known[name] for name in needs]


EVERYBODYS: Final = (
    Everybodys("Abertos"),
    Everybodys("Meus", {"atendente": "meus"}, "assignee_id = %s", ("me",), order=""),
    Everybodys(
        "Esperando por mim",
        {"vez": "comigo"},
        f"assignee_id = %s AND status <> '{Status.WAITING_REQUESTER}'"
        f" AND ({SPOKE_LAST} OR status = '{Status.IN_PROGRESS}' AND NOT {ANSWERED})",
        ("me", "me"),
        order="",
    ),
    Everybodys("Sem atendente", {"atendente": "ninguem"}, "assignee_id IS NULL"),
    Everybodys("Prazo vencido", {"prazo": "vencido"}, f"{RUNNING} AND due_at < %s", ("now",)),
    Everybodys("1ª resposta vencida", {"prazo": "resposta"}, f"{RUNNING} AND first_response_due_at < %s", ("now",), order=""),
    Everybodys("Vencem hoje", {"prazo": "hoje"}, f"{RUNNING} AND due_at >= %s AND due_at < %s", ("begin", "end")),
    Everybodys("Aguardando o solicitante", {"vez": "solicitante"}, f"status = '{Status.WAITING_REQUESTER}'"),
    Everybodys("Revisão vencida", {"prazo": "revisao"}, f"status = '{Status.WAITING_EXTERNAL}' AND review_at <= %s", ("now",)),
    Everybodys(
        "Agendados",
        {"agenda": "agendados"},
        "scheduled_for > %s",
        ("now",),
        order=" ORDER BY scheduled_for, number",
        in_sight=False,
    ),
)
"""In the order in which a day is worked."""
