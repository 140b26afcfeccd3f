"""What stands on a requester's list of tickets: its tabs, what narrows it, its order, and all of it for a spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from tickets import search
from tickets.models import Ticket
from tickets.states import OPEN, Status
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from tickets.querysets import TicketQuerySet

WAITING, GOING_ON, OVER, ALL, AGENCY = "esperando", "andamento", "encerrados", "todos", "orgao"

ORDERS: Final = {
    "novidade": ("Novidade mais recente primeiro", ("-last_public_at", "-pk")),
    "recentes": ("Abertos por último primeiro", ("-number",)),
    "antigos": ("Abertos há mais tempo primeiro", ("number",)),
}
"""Key in the address → its words and columns; no other column can be asked for."""
SOONEST: Final = ("wait_expires_at", "pk")

MOST_IN_SHEET: Final = 50_000
"""Rows of a spreadsheet; who needs others narrows the list."""
AT_ONCE: Final = 1_000
SHEET_WITH: Final = ("product", "offering__support_type", "offering__sphere", "agency", "requester")


@dataclass(frozen=True, slots=True)
class Choice:
    """What narrows a list. Slugs and keys come checked (``tickets.forms.listing``); empty means any."""

    tab: str = ALL
    words: str = ""
    status: str = ""
    product: str = ""
    support_type: str = ""
    agency: str = ""
    since: date | None = None
    until: date | None = None
    order: str = ""

    @property
    def narrows(self) -> bool:
        """Whether more than the tab was chosen."""
        return any((self.words, self.status, self.product, self.support_type, self.agency, self.since, self.until))


def tabs(user: User) -> dict[str, tuple[str, TicketQuerySet]]:
    """Key → title and tickets of each tab: what waits for the reader first. One query."""
    mine = Ticket.objects.of_requester_side(user)
    found = {
        WAITING: ("Esperando você", mine.waiting_for_requester()),
        GOING_ON: ("Em andamento", mine.filter(status__in=OPEN - {Status.WAITING_REQUESTER})),
        OVER: ("Encerrados", mine.filter(status__in=[Status.CLOSED, Status.FINAL])),
        ALL: ("Todos", mine),
    }
    if agencies := user.focal_agency_ids():
        found[AGENCY] = ("Do meu órgão", Ticket.objects.filter(agency__in=agencies))
    return found


def chosen(tickets: TicketQuerySet, choice: Choice) -> TicketQuerySet:
    """Those of a tab that the choice leaves, in its order; what waits for the reader begins with what ends first.

    A search reads the number, the subject, public messages and answers, and no names: the civil
    name of who uses a social name is nobody's to look for.
    """
    found = tickets
    if choice.status:
        found = found.filter(status=choice.status)
    if choice.product:
        found = found.filter(product__slug=choice.product)
    if choice.support_type:
        found = found.filter(offering__support_type__slug=choice.support_type)
    if choice.agency:
        found = found.filter(agency__slug=choice.agency)
    if choice.since:
        found = found.filter(opened_at__gte=_midnight(choice.since))
    if choice.until:
        found = found.filter(opened_at__lt=_midnight(choice.until + timedelta(days=1)))
    if choice.words:
        found = search.found(found, choice.words, people=False)
    if choice.order in ORDERS:
        return found.order_by(*ORDERS[choice.order][1])
    return found.order_by(*SOONEST) if choice.tab == WAITING and not choice.words else found.news_first()


def in_batches(tickets: TicketQuerySet) -> Iterator[Ticket]:
    """All of these tickets, newest number first, at most ``MOST_IN_SHEET``: some at once, each by a short query.

    No cursor stays open while somebody's line is slow, and each query asks anew what may be read.
    """
    rows = tickets.select_related(*SHEET_WITH).order_by("-number")
    left, below = MOST_IN_SHEET, None
    while left > 0:
        batch = list((rows if below is None else rows.filter(number__lt=below))[: min(AT_ONCE, left)])
        yield from batch
        if len(batch) < AT_ONCE:
            return
        below, left = batch[-1].number, left - len(batch)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), BRASILIA)
