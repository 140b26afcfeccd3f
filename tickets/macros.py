"""Macros: a reply and an action with its facts, done by one press as if by hand (docs/adr/0035).

What a macro does, the workbench's own form and verb do: nothing that its person could not do himself.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from accounts import rights
from accounts.models import RoleGrant
from catalog.models import Queue
from tickets import filling
from tickets.models import Macro, MacroUse, TicketEvent
from tickets.states import Action
from worktime import BRASILIA

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User
    from tickets.models import Ticket

ACTIONS: Final = (
    *(Action.TAKE, Action.TRIAGE, Action.ASK, Action.COMMENT, Action.NOTE, Action.RESOLVE, Action.REFUSE),
    *(Action.WAIT_EXTERNAL, Action.RESUME, Action.SCHEDULE, Action.VALIDATE, Action.VALIDATED, Action.SET_PRIORITY),
    *(Action.ESCALATE, Action.HAND_BACK, Action.RELEASE, Action.WITHDRAW_QUESTION),
)
"""What one press may do: nothing that has to be chosen for each ticket anew."""
WORDLESS: Final = frozenset(
    {Action.TAKE, Action.TRIAGE, Action.RESUME, Action.VALIDATE, Action.VALIDATED, Action.WAIT_EXTERNAL, Action.SCHEDULE}
)
FACTS: Final[dict[Action, tuple[str, ...]]] = {
    Action.ASK: ("used_script",),
    Action.COMMENT: ("used_script",),
    Action.RESOLVE: ("cause", "script"),
    Action.WAIT_EXTERNAL: ("team", "outside_number", "hours"),
    Action.SCHEDULE: ("hours",),
    Action.SET_PRIORITY: ("priority",),
}
"""What each action takes beside words. ``hours``: from the press until the ticket comes back."""
REQUIRED: Final[dict[Action, tuple[str, ...]]] = {
    Action.WAIT_EXTERNAL: ("team", "hours"),
    Action.SCHEDULE: ("hours",),
    Action.SET_PRIORITY: ("priority",),
}
MOST: Final = 30
"""Macros offered on a ticket."""
MOMENTS: Final = {Action.WAIT_EXTERNAL: "review_at", Action.SCHEDULE: "until"}


def offered(user: User, ticket: Ticket) -> QuerySet[Macro]:
    """This person's own and the shared ones, of the ticket's core system, product and queue. One query."""
    mine = Q(owner=user) | Q(shared=True)
    product = Q(product=None) | Q(product=ticket.product_id)
    queue = Q(queue=None) | Q(queue=ticket.queue_id)
    return Macro.objects.filter(mine, product, queue, active=True, core_system=ticket.product.core_system_id)[:MOST]


def usable(user: User, ticket: Ticket, pk: int) -> Macro | None:
    """The macro of that id, if it is offered to this person on this ticket."""
    return next((macro for macro in offered(user, ticket) if macro.pk == pk), None)


def kept_by(user: User) -> QuerySet[Macro]:
    """Those that this person sees in the list of macros: his own and the shared ones of what he works, leads or curates."""
    systems = rights.core_systems(user, *rights.EDIT_CATALOG)
    if systems is None:
        return Macro.objects.filter(Q(owner=user) | Q(shared=True))
    worked = Queue.objects.filter(pk__in=user.queue_ids(RoleGrant.Role.ANALYST, RoleGrant.Role.LEAD))
    cores = Q(core_system__in=systems) | Q(core_system__in=worked.values("product__core_system"))
    return Macro.objects.filter(Q(owner=user) | Q(shared=True) & cores)


def may_change(user: User, macro: Macro) -> bool:
    """One's own; a shared one who may share it, also if it is his: others send its words by one press."""
    return may_share(user, macro) if macro.shared else macro.owner_id == user.pk


def may_share(user: User, macro: Macro) -> bool:
    """Curators of the core system, and who leads the queue, or a queue of the product, that the macro is for."""
    if rights.edits_catalog(user, macro.core_system_id):
        return True
    led = Queue.objects.filter(pk__in=user.queue_ids(RoleGrant.Role.LEAD))
    if macro.queue_id is not None:
        return led.filter(pk=macro.queue_id).exists()
    return macro.product_id is not None and led.filter(product=macro.product_id).exists()


def data_for(macro: Macro, ticket: Ticket, by: User, at: datetime) -> dict[str, str]:
    """What the action's form is sent with, as if it had been typed: the words filled in, and the facts."""
    action = Action(macro.action)
    data = {name: str(value) for name, value in macro.facts.items() if name in FACTS.get(action, ()) and name != "hours"}
    if action not in WORDLESS:
        data["words"] = filling.filled(macro.body, filling.words_for(ticket, by)).text
    if action in MOMENTS:
        back = at + timedelta(hours=int(macro.facts.get("hours", 24)))
        data[MOMENTS[action]] = back.astimezone(BRASILIA).strftime("%Y-%m-%dT%H:%M")
    return data


def note_use(macro: Macro, request_id: UUID) -> None:
    """The event of that form came of this macro: call within the verb's transaction. A repeat adds nothing."""
    event = TicketEvent.objects.only("pk").get(request_id=request_id)
    MacroUse.objects.get_or_create(event=event, defaults={"macro_id": macro.pk, "name": macro.name})
