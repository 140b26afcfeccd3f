"""What stands ready to answer with at the workbench: scripts, how the words will look, colleagues to call."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse

import worktime
from tickets import filling, macros, mentions, suggesting
from tickets.admin.access import person, seen, ticket_for
from tickets.admin.bench import workbench
from tickets.admin.bench.commands import COMMANDS
from tickets.admin.bench.speech import Kind
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import Message, Ticket
from tickets.states import Action

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from catalog.models import SupportScript
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.suggesting import Suggestion

OPENS: Final = {"ask": Action.ASK, "resolve": Action.RESOLVE}
"""Action that a script suggests → the composer's that sends its words; the words of any other go as a message."""


FILLED_FROM: Final = ("product", "offering__support_type", "requester", "agency")
"""What the placeholders are filled in from."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What the address brings into the composer."""

    words: str = ""
    script: SupportScript | None = None
    missing: str = ""
    """What could not be filled in, in words."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A script as it is offered: with its words filled in."""

    suggestion: Suggestion
    words: str
    missing: str
    url: str
    """Of the workbench with the words in the composer."""


def ready(request: HttpRequest, ticket: Ticket, user: User) -> Ready:
    """The script that ``?roteiro=`` names, filled in; nothing where none serves the ticket. No query without it."""
    asked = request.GET.get("roteiro", "")
    script = suggesting.usable(ticket, asked) if asked else None
    if script is None:
        return Ready()
    done = filling.filled(script.reply, filling.words_for(ticket, user))
    return Ready(done.text, script, done.missing_said)


def scripts(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The scripts that suit the ticket, or those that ``?q=`` finds: a part of the workbench, or a page of its own."""
    ticket, user = ticket_for(request, pk, *FILLED_FROM), person(request)
    opening = Message.objects.filter(ticket=ticket, internal=False).order_by("created_at", "pk")
    description = opening.values_list("body", flat=True).first() or ""
    typed = request.GET.get("q", "").strip()
    found = suggesting.searched(ticket, typed, description) if typed else suggesting.suggested(ticket, description)
    words = filling.words_for(ticket, user)
    seen_event = request.GET.get("seen", "")
    context = {
        **desk.admin_site.each_context(request),
        "title": f"Roteiros para o chamado {ticket.number}",
        "opts": desk.opts,
        "ticket": ticket,
        "address": workbench.address(ticket),
        "offered": [_offered(one, ticket, words) for one in found],
        "typed": typed,
        "seen": seen_event if seen_event.isascii() and seen_event.isdigit() else "",
        "macros": [(macro, COMMANDS[Action(macro.action)].label, uuid.uuid4()) for macro in macros.offered(user, ticket)],
    }
    part = bool(getattr(request, "htmx", False))
    return TemplateResponse(request, "admin/tickets/_scripts.html" if part else "admin/tickets/scripts.html", context)


def _offered(suggestion: Suggestion, ticket: Ticket, words: dict[str, str]) -> Offered:
    script = suggestion.script
    done = filling.filled(script.reply, words)
    action = OPENS.get(script.suggestion, Action.COMMENT)
    url = f"{workbench.address(ticket)}?roteiro={script.pk}&acao={action}#escrever"
    return Offered(suggestion, done.text, done.missing_said, url)


def preview(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """How the words will look; nothing is sent or kept. A part of the page, or the page with the words still in it. By POST."""
    ticket = ticket_for(request, pk)
    words = request.POST.get("words", "")[:MAX_WORDS]
    if getattr(request, "htmx", False):
        return render(request, "admin/tickets/_preview.html", {"preview": words or " "})
    return _again(desk, request, ticket, preview=words or " ")


def colleagues(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Who may be called in a note. By GET the part of the page, by POST the page with the words still in it."""
    ticket, user = ticket_for(request, pk, "product"), person(request)
    listed = mentions.listed(ticket, worktime.now(), but=user)
    if request.method == "POST":
        return _again(desk, request, ticket, colleagues=listed)
    if not getattr(request, "htmx", False):
        return redirect(workbench.address(ticket))
    return render(request, "admin/tickets/_colleagues.html", {"colleagues": listed})


def _again(desk: QueueAdmin, request: HttpRequest, ticket: Ticket, **extra: object) -> HttpResponse:
    """The workbench with what was typed and what was asked for; files that came along are kept with the form."""
    command = COMMANDS[Action.NOTE if request.POST.get("kind") == Kind.NOTE else Action.COMMENT]
    form = command.form(request.POST, request.FILES, command=command, ticket=ticket, by=person(request))
    form.is_valid()
    form.errors.clear()
    return workbench.page(desk, request, seen(request, ticket.pk), form, extra={"asked_again": True, **extra})


def run(desk: QueueAdmin, request: HttpRequest, pk: int, macro: int) -> HttpResponse:
    """Do what a macro does, by the form and the verb of its action; else the workbench with its words and the reason."""
    ticket, user = ticket_for(request, pk, *FILLED_FROM), person(request)
    found = macros.usable(user, ticket, macro)
    if found is None:
        raise Http404
    command = COMMANDS[Action(found.action)]
    data = QueryDict(mutable=True)
    data.update(macros.data_for(found, ticket, user, worktime.now()))
    data.update({name: request.POST.get(name, "") for name in ("form_id", "seen")})
    if command.kind is not None:
        data["kind"] = command.kind
    form = command.form(data, command=command, ticket=ticket, by=user)
    return workbench.do(desk, request, ticket, form, valid=form.is_valid(), macro=found)
