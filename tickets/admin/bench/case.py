"""What is known of a ticket's case: the situation that it seems to be, what it lacks, and the tickets like it.

Looked for after the workbench is there, as the counts of the queue are (docs/adr/0036): it costs most of all that stands
there, and is needed last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template.response import TemplateResponse

from catalog import offers
from catalog.models import RoutingRule
from tickets import answers, conversation, likeness, rules
from tickets.admin.access import seen
from tickets.admin.bench import neighbours, workbench
from tickets.admin.bench.guide import guide_for
from tickets.states import Action

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from django.http import HttpRequest, HttpResponse

    from catalog.models import FormField
    from tickets.admin.access import Seen
    from tickets.admin.bench.guide import Guide
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.likeness import Card
    from tickets.models import Attachment


@dataclass(frozen=True, slots=True)
class Case:
    guide: Guide | None
    """None for a ticket that is closed."""
    similar: list[Card]


def case_of(found: Seen, questions: Sequence[FormField], files: Sequence[Attachment], legal: AbstractSet[Action]) -> Case:
    """Two queries. ``questions`` are those of the ticket's form, in their order; ``files`` its requester's."""
    ticket = found.ticket
    similar = likeness.similar_to(ticket, found.reader, found.stems)
    fit = answers.fitting(found.answers, questions) if found.transferred else None
    guide = guide_for(
        ticket,
        questions,
        RoutingRule.objects.filter(core_system=ticket.product.core_system_id, active=True).order_by("position"),
        body=found.description,
        answers=[answer for answer in found.answers if fit is None or answer.name in fit],
        files=files,
        similar=similar,
        legal=legal,
    )
    return Case(guide, similar)


def show(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """A part of the workbench, or a page of its own."""
    found = seen(request, pk)
    ticket, view = found.ticket, neighbours.view_of(request)
    legal = rules.legal_actions(found.reader, ticket, mine=found.roles)
    files = conversation.files_of(ticket, internal=False) if found.has_files else conversation.NO_FILES
    context = {
        **desk.admin_site.each_context(request),
        "title": f"O caso do chamado {ticket.number}",
        "opts": desk.opts,
        "ticket": ticket,
        "address": neighbours.carried(workbench.address(ticket), view),
        "and_so": "&" if view else "?",
        "case": case_of(found, offers.fields_of(ticket.offering), files.from_requester, legal),
        "may_ask": Action.ASK in legal,
    }
    part = bool(getattr(request, "htmx", False))
    return TemplateResponse(request, "admin/tickets/_case.html" if part else "admin/tickets/case.html", context)
