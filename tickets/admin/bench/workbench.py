"""The workbench: everything about one ticket on one page, and its actions as forms that call verbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

import worktime
from catalog import offers as catalog_offers
from govbr.text import format_phone
from tickets import answers, conversation, drafts, incidents, late_mails, lifecycle, links, macros, repeats, rules
from tickets import history as histories
from tickets.admin.access import Seen, person, seen, ticket_for
from tickets.admin.bench import actions, answering, case, drafting, neighbours, parts
from tickets.admin.bench.beside import Beside, beside
from tickets.admin.bench.commands import COMMANDS, Command
from tickets.admin.bench.composer import composer_for
from tickets.admin.bench.forms import LinkForm
from tickets.drafts import Place
from tickets.forms import keeping
from tickets.forms.redacting import RedactForm, Redactions
from tickets.models import Draft, Ticket
from tickets.models.draft import COMPOSER
from tickets.states import Action, Role, Via

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tickets.admin.bench.forms import ActionForm
    from tickets.admin.queue.queues import QueueAdmin
    from tickets.models import Macro

CONFLICT, UNPROCESSABLE = 409, 422


def address(ticket: Ticket) -> str:
    """The one address of a ticket's workbench: that of its level."""
    return _address(ticket, "change")


def action_address(ticket: Ticket, action: Action) -> str:
    """Where the form of an action is sent."""
    return _address(ticket, "action", action.value)


def _address(ticket: Ticket, page: str, *more: str) -> str:
    return reverse(f"admin:tickets_{ticket.level.lower()}ticket_{page}", args=[ticket.pk, *more])


def show(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The workbench of a ticket; one that moved to another level is found at its address there."""
    found = seen(request, pk)
    if found.ticket.level != desk.level:
        return redirect(neighbours.carried(address(found.ticket), neighbours.view_of(request)))
    return page(desk, request, found)


def history(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The admin's own log knows nothing of a ticket: its history stands on the workbench."""
    return redirect(f"{address(ticket_for(request, pk))}#historico")


def act(desk: QueueAdmin, request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """By POST do an action, or show the workbench again with the reason and with what was typed; by GET fetch its form."""
    if action not in COMMANDS:
        raise Http404
    command = COMMANDS[Action(action)]
    if request.method != "POST":
        return actions.fetch(desk, request, pk, command)
    ticket = ticket_for(request, pk)
    form = _form(command, ticket, request)
    valid = form.is_valid()
    if keeping.BUTTON in request.POST:
        return drafting.by_button(desk, request, ticket, form)
    return do(desk, request, ticket, form, valid=valid)


def do(
    desk: QueueAdmin, request: HttpRequest, ticket: Ticket, form: ActionForm, *, valid: bool, macro: Macro | None = None
) -> HttpResponse:
    """Do what a form asks, or show the workbench again with the reason and with what was typed.

    ``macro`` is the one whose press filled the form in.
    """
    command = form.command
    place = Place(ticket=ticket, deed=form.deed)
    if not valid:
        form.draft = keeping.kept_or_not(request, form.by, place, form)
        return page(desk, request, seen(request, ticket.pk), form, status=UNPROCESSABLE)
    if sentence := form.said_just_now():
        form.repeated, form.refusal = True, sentence + repeats.MARK
        form.add_error(form.complaints_at, form.refusal)
        return page(desk, request, seen(request, ticket.pk), form, status=CONFLICT)
    try:
        with transaction.atomic():
            moved = command.verb(ticket.pk, by=form.by, via=Via.DESK, request_id=form.request_id, **form.facts())
            if macro is not None:
                macros.note_use(macro, form.request_id)
            drafts.sent(form.by, form.request_id)
    except lifecycle.Refused as refused:
        form.refusal = refused.sentence
        form.add_error(form.complaints_at, refused.sentence)
        status = CONFLICT if isinstance(refused, lifecycle.IllegalMove) else UNPROCESSABLE
        overtaken = isinstance(refused, lifecycle.Overtaken)
        if overtaken or isinstance(refused, lifecycle.Incomplete):  # what may still be sent
            form.draft = keeping.kept_or_not(request, form.by, place, form)
        return page(desk, request, seen(request, ticket.pk), form, overtaken=overtaken, status=status)
    messages.success(request, command.done.format(number=ticket.number))
    view = neighbours.view_of(request)
    if command.leaves:
        queue = reverse(f"admin:tickets_{desk.opts.model_name}_changelist")
        return redirect(f"{queue}?{view}" if view else queue)
    return redirect(neighbours.carried(address(moved), view))


def page(
    desk: QueueAdmin,
    request: HttpRequest,
    found: Seen,
    sent: ActionForm | None = None,
    *,
    hiding: RedactForm | None = None,
    linking: LinkForm | None = None,
    overtaken: bool = False,
    extra: Mapping[str, Any] | None = None,
    status: int = 200,
) -> TemplateResponse:
    """The whole page. ``sent``, ``hiding`` or ``linking`` is a form that was refused: it takes the place of a fresh one."""
    ticket, user, mine = found.ticket, found.reader, found.roles
    view = neighbours.view_of(request)
    now, opened = worktime.now(), request.GET.get("acao", "")
    legal = rules.legal_actions(user, ticket, mine=mine)
    story = conversation.story(ticket, request.GET.get("antes", ""))
    files = conversation.files_of(ticket, internal=True) if found.has_files else conversation.NO_FILES
    more = beside(found, legal, story.events)
    questions = catalog_offers.in_order(more.questions)
    # Of a transferred ticket the answers that the form of today does not ask stand apart.
    asked = parts.given(found.answers, files, fit=answers.fitting(found.answers, questions) if found.transferred else None)
    asks = Action.ASK in legal and request.GET.get("pedir") == "falta"
    guide = case.case_of(found, questions, files.from_requester, legal).guide if asks else None
    ready = answering.ready(request, ticket, user)
    composer = composer_for(
        ticket,
        user,
        legal,
        url_of=lambda action: neighbours.carried(action_address(ticket, action), view),
        sent=sent,
        opened=opened or ("ask" if asks else ""),
        words=guide.question if guide is not None else ready.words,
        used=ready.script,
        choices=more.choices,
        draft=more.drafts.get(COMPOSER),
    )
    around = more.incidents if incidents.runs(user, ticket.product) else None
    context = {
        **desk.admin_site.each_context(request),
        "title": f"{ticket.number} · {ticket.subject}",
        "opts": desk.opts,
        "queue_url": reverse(f"admin:tickets_{desk.opts.model_name}_changelist"),
        "ticket": ticket,
        **parts.head(ticket, now),
        "phone": format_phone(ticket.requester.phone),
        "belongs": parts.belonging(found),
        "requester_mail_fails": found.mail_fails,
        "address": neighbours.carried(address(ticket), view),
        "and_so": "&" if view else "?",
        "groups": actions.offers(found, legal, sent, kept=more.drafts, opened=opened, view=view),
        "composer": composer,
        "newest": story.events[-1].pk if story.events else 0,
        "fresh": parts.fresh(story, sent, user),
        "overtaken": overtaken,
        "ready": ready,
        "sent": sent,
        "redactions": Redactions(user, ticket, redact_address(ticket), mine, sent=hiding),
        "too_late": sent is not None and sent.command.action not in legal,
        "story": story,
        "late_mails": late_mails.of_ticket(ticket) if ticket.closed_at or ticket.reopenings else [],
        "turns": parts.turns(story, files),
        "history": [(event.at, histories.sentence(event, internal=True, known=more.known)) for event in story.events],
        "incidents": around,
        "in_incident": any(incident["has_it"] for incident in around or ()),
        "beside": more,
        "here": more.here,
        "live_url": _address(ticket, "news"),
        "away": more.away,
        "view": view,
        "carried": neighbours.carried("", view),
        "stranded": stranded(more, legal, sent),
        "follow_url": _address(ticket, "follow"),
        "links": links.of_ticket(ticket, Ticket.objects.read_by_team(user)) if found.tied else links.NONE,
        "link_form": (linking or LinkForm()) if Role.ANALYST in mine else None,
        "case_url": neighbours.carried(_address(ticket, "case"), view),
        "may_split": Action.SPLIT in legal,
        **asked,
        **(extra or {}),
    }
    return TemplateResponse(request, "admin/tickets/workbench.html", context, status=status)


def redact_address(ticket: Ticket) -> str:
    return _address(ticket, "redact")


def stranded(more: Beside, legal: Collection[Action], sent: ActionForm | None) -> list[tuple[str, Draft]]:
    """Drafts of what is not possible any more, with what they were to do: their words can still be read."""
    shown = sent.command.action if sent is not None else None
    return [
        (COMMANDS[Action(deed)].label, draft)
        for deed, draft in more.drafts.items()
        if deed in set(COMMANDS) - set(legal) and deed != shown
    ]


def _form(command: Command, ticket: Ticket, request: HttpRequest) -> ActionForm:
    return command.form(request.POST, request.FILES, command=command, ticket=ticket, by=person(request))
