"""What the notices about following say. They name a ticket only to who may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse

from notifications import kinds
from tickets import secrets
from tickets.models import FollowRequest, Ticket
from tickets.notice_words import THREAD

if TYPE_CHECKING:
    from accounts.models import User

LABELS: Final = {
    "follow_asked": "Pedido para acompanhar um chamado",
    "follow_admitted": "Agora você acompanha um chamado do seu órgão",
    "follow_declined": "Seu pedido para acompanhar um chamado não foi aceito",
    "follow_started": "Mais uma pessoa acompanha o seu chamado",
}
"""The line of each kind in the list of notices."""

GROUP: Final = kinds.Group("acompanhar", "Quem acompanha chamados", "Pedidos aceitos ou não, e quem passou a acompanhar.")


def register() -> None:
    """Make every kind known to the outbox. Once, when the app starts."""
    for kind, label in LABELS.items():
        # A request waits for a decision: it is owed, and always goes by mail.
        group = None if kind == "follow_asked" else GROUP
        readable = _by_anybody if kind == "follow_declined" else _by_readers
        context = CONTEXTS.get(kind, _whole)
        kinds.register(kind, context=context, label=label, group=group, readable=readable, thread=THREAD)


def _by_anybody(data: kinds.Data, user: User) -> bool:
    """What is told names no ticket."""
    return True


def _by_readers(data: kinds.Data, user: User) -> bool:
    request = FollowRequest.objects.get(pk=int(data["request"]))
    return Ticket.objects.visible_to(user).filter(pk=request.ticket_id).exists()


def _whole(data: kinds.Data) -> dict[str, object]:
    request = FollowRequest.objects.select_related("ticket__product", "user", "ticket").get(pk=int(data["request"]))
    ticket = request.ticket
    return {
        "number": ticket.number,
        "subject": secrets.hidden(ticket.subject),
        "product": ticket.product.name,
        "asker": request.user.display_name,
        "url": ticket.get_absolute_url(),
    }


def _asked(data: kinds.Data) -> dict[str, object]:
    """Leads to where it is decided: the assignee's workbench, or the focal point's page."""
    whole = _whole(data)
    if not data.get("desk"):
        return whole | {"url": reverse("follow-requests")}
    ticket = FollowRequest.objects.select_related("ticket").get(pk=int(data["request"])).ticket
    return whole | {"url": reverse(f"admin:tickets_{ticket.level.lower()}ticket_change", args=[ticket.pk])}


def _declined(data: kinds.Data) -> dict[str, object]:
    """Who was declined learns nothing that his limited card did not show him."""
    request = FollowRequest.objects.select_related("ticket__product").get(pk=int(data["request"]))
    return {"product": request.ticket.product.name, "url": reverse("tickets")}


CONTEXTS: Final = {"follow_asked": _asked, "follow_declined": _declined}
"""Those that say another thing than the others."""
