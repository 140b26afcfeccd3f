"""What came by mail after a ticket was closed, for who may read the ticket (DESIGN §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from tickets.models import LateMail, Ticket

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User

MOST = 50
"""The newest that a page shows."""


def exist() -> Exists:
    """Whether the ticket of the outer query has any, as ``has_late_mails``: few have."""
    return Exists(LateMail.objects.filter(ticket=OuterRef("pk")))


def of_ticket(ticket: Ticket) -> list[LateMail]:
    """The newest ones, oldest first. No query where the ticket was read with ``has_late_mails`` and has none."""
    if not getattr(ticket, "has_late_mails", True):
        return []
    return list(ticket.late_mails.select_related("author").order_by("-received_at")[:MOST])[::-1]


def words_of(mails: Sequence[LateMail], user: User, pk: str) -> str:
    """What this person wrote in the mail of this id, for the form by which he reopens; empty where he wrote no such mail."""
    return next((mail.body for mail in mails if str(mail.pk) == pk and mail.author_id == user.pk), "")
