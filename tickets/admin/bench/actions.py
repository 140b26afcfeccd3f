"""The actions beside the conversation: what is offered, and the form of each, which is drawn when it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import redirect, render

from tickets import drafts, rules
from tickets.admin.access import person, ticket_for
from tickets.admin.bench import neighbours, workbench
from tickets.admin.bench.commands import COMMANDS, Command, Group
from tickets.drafts import Place
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.http import HttpRequest, HttpResponse

    from tickets.admin.access import Seen
    from tickets.admin.bench.forms import ActionForm
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.models import Draft, Ticket


@dataclass(frozen=True, slots=True)
class Offer:
    """An action on the page, and whether it can be sent now."""

    command: Command
    form: ActionForm | None
    """Where it stands open, or is a button alone; the others are fetched when they are opened."""
    legal: bool
    url: str
    """Where the form is sent, and fetched from."""
    opens: str
    """The workbench with the form open."""


def offers(
    found: Seen,
    legal: Collection[Action],
    sent: ActionForm | None,
    *,
    kept: Mapping[str, Draft],
    opened: str,
    view: str,
) -> dict[str, list[Offer]]:
    """The legal actions by group, and the one just refused even if it is not legal any more: its words are not lost.

    What is written in the composer is not among them. Open stand the form that was ``sent`` and refused, those ``kept`` as
    drafts, and that of the action which the address names.
    """
    groups: dict[str, list[Offer]] = {group.value: [] for group in Group}
    for action, command in COMMANDS.items():
        refused = sent if sent is not None and sent.command is command else None
        if command.kind is not None or (action not in legal and refused is None):
            continue
        form = refused
        if form is None and (not command.asks or action in kept or action == opened):
            form = command.form(command=command, ticket=found.ticket, by=found.reader, draft=kept.get(action))
        url = neighbours.carried(workbench.action_address(found.ticket, action), view)
        groups[command.group].append(Offer(command, form, action in legal, url, opening(found.ticket, action, view)))
    return {group: found for group, found in groups.items() if found}


def opening(ticket: Ticket, action: Action, view: str) -> str:
    """The workbench with an action's form open."""
    asked = urlencode({"acao": action, **({neighbours.VIEW: view} if view else {})})
    return f"{workbench.address(ticket)}?{asked}#acao-{action}"


def fetch(desk: QueueAdmin, request: HttpRequest, pk: int, command: Command) -> HttpResponse:
    """The form of an action, for its fold on the workbench: as its person left it, or why there is none any more.

    ``seen`` in the address is the newest event on the page that fetches it. Who comes without a script gets the whole page.
    """
    ticket, user = ticket_for(request, pk), person(request)
    action, view = command.action, neighbours.view_of(request)
    if not getattr(request, "htmx", False) or not command.asks or command.kind is not None:
        return redirect(opening(ticket, action, view))
    if action not in rules.legal_actions(user, ticket, among=[action]):
        return render(request, "admin/tickets/_action_gone.html", {"address": workbench.address(ticket)})
    draft = drafts.of(user, Place(ticket=ticket, deed=action.value))
    form = command.form(command=command, ticket=ticket, by=user, draft=draft)
    context = {
        "opts": desk.opts,
        "ticket": ticket,
        "form": form,
        "command": command,
        "url": neighbours.carried(workbench.action_address(ticket, action), view),
        "newest": request.GET.get("seen", ""),
    }
    return render(request, "admin/tickets/_action_form.html", context)
