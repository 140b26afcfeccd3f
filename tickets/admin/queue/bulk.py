"""Several tickets of the queue at once: the same action on each, and what became of each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from tickets import incidents, lifecycle, repeats
from tickets.admin import access, incident_forms
from tickets.admin.queue import bulk_forms, listing, offers
from tickets.models import Ticket
from tickets.states import TABLE, Action, Via

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.models import Incident

MOST: Final = 100
"""Tickets of one press."""


@dataclass(frozen=True, slots=True)
class Bulk:
    label: str
    done: str
    """What is said of each ticket that it was done to."""
    verb: Callable[..., Ticket]
    form: type[bulk_forms.BulkForm] = bulk_forms.BulkForm


INCIDENT: Final = "incident"
"""No turn in a ticket's life: the tickets go into a standing incident."""


def _include(pk: int, *, by: User, incident: Incident, **_: object) -> Ticket:
    return incidents.add(incident.pk, pk, by=by).ticket


BULKS: Final[dict[str, Bulk]] = {
    Action.TAKE: Bulk("Assumir", "assumido", lifecycle.take),
    Action.ASSIGN: Bulk("Passar a um atendente", "passado ao atendente", lifecycle.assign, bulk_forms.AssignForm),
    Action.TRANSFER: Bulk("Transferir de fila", "transferido", lifecycle.transfer, bulk_forms.TransferForm),
    Action.SET_PRIORITY: Bulk("Mudar a prioridade", "prioridade mudada", lifecycle.set_priority, bulk_forms.PriorityForm),
    Action.CLOSE_DUPLICATE: Bulk(
        "Encerrar por serem iguais a outro",
        "encerrado por ser igual a outro",
        lifecycle.close_duplicate,
        bulk_forms.DuplicateForm,
    ),
    INCIDENT: Bulk("Incluir em incidente", "incluído no incidente", _include, incident_forms.IncidentForm),
}


def offered(user: User, level: str) -> list[tuple[str, str]]:
    """What this person may do with some ticket of a level's queues, as choices."""
    mine = access.roles_at(user, level)
    able = {action for action, move in TABLE.items() if move.by & mine} | ({INCIDENT} if incidents.runs_any(user) else set())
    return [(action, bulk.label) for action, bulk in BULKS.items() if action in able]


@dataclass(frozen=True, slots=True)
class Result:
    ticket: Ticket
    sentence: str
    ok: bool


def act(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """Ask what the action needs; sent with that, do it to each ticket and tell what became of each. By POST."""
    if not desk.has_view_permission(request):
        raise Http404
    user, action = access.person(request), request.POST.get("action", "")
    address = listing.narrowing(request.POST.get("voltar", ""), offers.to(request, user, desk.level))
    back = reverse(f"admin:tickets_{desk.opts.model_name}_changelist") + (f"?{address}" if address else "")
    numbers = {int(pk) for pk in request.POST.getlist("chosen") if pk.isascii() and pk.isdigit() and len(pk) < 16}
    problem = ""
    if action not in BULKS:
        problem = "Escolha o que fazer com os chamados marcados."
    elif action not in dict(offered(user, desk.level)):
        problem = "Você não pode fazer isto com chamados desta fila."
    elif not numbers:
        problem = "Marque pelo menos um chamado."
    elif len(numbers) > MOST:
        problem = f"Marque no máximo {MOST} chamados de cada vez."
    if problem:
        messages.error(request, f"{problem} Nada foi feito.")
        return redirect(back)
    # What the person may read, not only what lies in his queues: a repeat tells of what went away by the first press.
    tickets = list(Ticket.objects.read_by_team(user).filter(pk__in=numbers).select_related(*access.SHOWN_WITH).in_work_order())
    bulk = BULKS[action]
    sent = "form_id" in request.POST
    form = bulk.form(request.POST if sent else None, level=desk.level, tickets=tickets, by=user)
    context = {
        **desk.admin_site.each_context(request),
        "title": bulk.label,
        "opts": desk.opts,
        "level": desk.level,
        "action": action,
        "bulk": bulk,
        "tickets": tickets,
        "lost": len(numbers) - len(tickets),
        "back": back,
        "address": address,
        "form": form,
    }
    if not (sent and form.is_valid()):
        return TemplateResponse(request, "admin/tickets/bulk.html", context, status=422 if sent else 200)
    results = [done(action, ticket, form, user) for ticket in tickets]
    context |= {"results": results, "well": sum(result.ok for result in results), "marked": len(numbers)}
    return TemplateResponse(request, "admin/tickets/bulk_results.html", context)


def done(action: str, ticket: Ticket, form: bulk_forms.BulkForm, by: User) -> Result:
    """One ticket, in a transaction and under a request id of its own: a form sent again repeats nothing."""
    bulk = BULKS[action]
    request_id, facts = uuid.uuid5(form.request_id, str(ticket.pk)), form.facts()
    public, words = "body" in facts, str(facts.get("body") or facts.get("reason") or "")
    if said := repeats.said(by, ticket.pk, words, internal=not public, request_id=request_id):
        return Result(ticket, said + repeats.CHANGE, ok=False)
    try:
        bulk.verb(ticket.pk, by=by, via=Via.DESK, request_id=request_id, **facts)
    except lifecycle.Refused as refused:
        # Several are marked without a look at each: it need not have changed meanwhile.
        unfit = action in TABLE and ticket.status not in TABLE[Action(action)].frm
        said = f"Não cabe na situação “{ticket.get_status_display()}”." if unfit else refused.sentence
        return Result(ticket, said, ok=False)
    return Result(ticket, bulk.done, ok=True)
