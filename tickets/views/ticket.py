"""One ticket as its requester's side sees it, and what that side does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

import worktime
from catalog.models import Level
from notifications.reading import looked_at
from tickets import conversation, drafts, following, incidents, late_mails, links, news, notices, readings, rules, wording
from tickets.drafts import Place
from tickets.forms import keeping, unread
from tickets.forms.kinds import as_read
from tickets.forms.redacting import RedactForm, Redactions
from tickets.forms.talking import DEEDS, DeedForm
from tickets.lifecycle import Refused
from tickets.models import Ticket
from tickets.standing import standing
from tickets.states import REQUESTER_SIDE, TEAM, Action, Role, Status
from tickets.views import pace, printing
from tickets.views.turns import turns_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

SHOWN_WITH: Final = (
    "product",
    "offering__support_type",
    "offering__sphere",
    "offering__product__core_system",
    "requester",
    "agency",
    "unlisted_agency_sphere",
)


def visible(user: User, number: int) -> Ticket:
    """The ticket with this number, for who may read it; nobody else learns that it exists."""
    seen = news.with_newest(Ticket.objects.visible_to(user)).annotate(
        has_drafts=drafts.exist_of(user), has_late_mails=late_mails.exist()
    )
    return get_object_or_404(seen.select_related(*SHOWN_WITH), number=number)


@require_safe
@login_required
def page(request: HttpRequest, number: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]  # signed in
    found = visible(user, number)
    mine = rules.roles(user, found)
    if not rules.is_requester_side(mine):
        readings.note_reading(found, user)
    elif looked_at(request) and not request.GET.get("antes"):
        notices.seen(found, user)
    if "imprimir" in request.GET:
        return printing.paper(request, user, found, mine)
    return shown(request, user, found, mine)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Does one deed of the requester's side. Refused, it shows the page again with what was typed."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    found = visible(user, number)
    deed = DEEDS.get(action)
    mine = rules.roles(user, found)
    if deed is None or not rules.is_requester_side(mine):
        raise Http404
    if request.method != "POST":
        return redirect(found)
    form = DeedForm(deed, found, request.POST, request.FILES, by=user)
    valid = form.is_valid()
    if keeping.BUTTON in request.POST and deed.label:
        return save_draft(request, user, found, mine, form)
    form.secrets = unread.unread_secrets(request.POST, [form.cleaned_data.get("body", "")])
    if not valid or form.secrets:
        form.draft = keeping.kept_or_not(request, user, Place(ticket=found, deed=action), form)
        return shown(request, user, found, mine, sent=form, status=200 if valid else 422)
    if pace.writes_too_fast(user):
        form.add_error("body" if deed.label else None, pace.SENTENCE)
        return shown(request, user, found, mine, sent=form, status=429)
    try:
        with transaction.atomic():
            form.send()
            drafts.sent(user, form.request_id)
    except Refused as refused:
        form.add_error("body" if deed.label else None, refused.sentence)
        # The ticket may have changed under the reader: the page shows it as it is now.
        return shown(request, user, visible(user, number), mine, sent=form, status=409)
    messages.success(request, deed.done)
    return redirect(reverse("ticket", args=[number]) + "#novidades")


def save_draft(request: HttpRequest, user: User, ticket: Ticket, mine: frozenset[Role], form: DeedForm) -> HttpResponse:
    """What the button does where no script saves."""
    for sentence in form.refused_files:
        messages.error(request, sentence)
    form.errors.clear()
    try:
        keeping.keep(request, user, Place(ticket=ticket, deed=form.deed.slug), form)
    except drafts.Overtaken as overtaken:
        form.overtaken = overtaken.kept
        return shown(request, user, ticket, mine, sent=form, status=409)
    except drafts.NotKept as refused:
        form.add_error("body", refused.sentence)
        return shown(request, user, ticket, mine, sent=form, status=422)
    messages.success(request, "Rascunho salvo. Você pode continuar depois, aqui ou em outro aparelho.")
    return redirect(f"{ticket.get_absolute_url()}#rascunho-{form.deed.slug}")


def shown(
    request: HttpRequest,
    user: User,
    ticket: Ticket,
    mine: frozenset[Role],
    *,
    sent: DeedForm | None = None,
    hiding: RedactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page. ``sent`` or ``hiding`` is a form that was refused."""
    now = worktime.now()
    told = conversation.story(ticket, request.GET.get("antes", ""))
    files = conversation.files_of(ticket, internal=False)
    turns = turns_of(told, files)
    late = late_mails.of_ticket(ticket)
    forms, unsent = deed_forms(user, ticket, mine, sent, words=late_mails.words_of(late, user, request.GET.get("email", "")))
    stands = standing(ticket, now)
    tied = links.of_ticket(ticket, Ticket.objects.visible_to(user)) if links.is_tied(ticket) else links.NONE
    questions = [turn for turn in turns if turn.event.action == Action.ASK]
    waiting = ticket.status == Status.WAITING_REQUESTER and "responder" in forms
    context = {
        "ticket": ticket,
        "story": told,
        "turns": turns,
        "late_mails": late,
        "from_mail": "email" in request.GET,
        "question": questions[-1] if waiting and questions else None,
        "answer_until": wording.moment(ticket.wait_expires_at) if waiting and ticket.wait_expires_at else "",
        "time_left": wording.length(ticket.wait_expires_at - now) if waiting and ticket.wait_expires_at else "",
        "late": bool(waiting and ticket.wait_expires_at and ticket.wait_expires_at < now),
        "forms": forms,
        "unsent": unsent,
        "refusal": sent if sent is not None and sent.deed.slug not in forms else None,
        "standing": stands,
        "version": stands.version(news.newest_id(ticket)),
        "files": [file for part in files.by_message.values() for file in part],
        "because": wording.CLOSED_BECAUSE.get(ticket.closure, ""),
        "reopen_until": wording.when(ticket.reopen_until, now) if ticket.reopen_until else "",
        "reopen_over_at": wording.moment(ticket.reopen_until) if ticket.reopen_until else "",
        "related_url": related_url(ticket),
        "reopening_over": ticket.reopen_until is not None and now > ticket.reopen_until,
        "answers": [(answer, as_read(answer.kind, answer.value)) for answer in ticket.answers.all()],
        "redactions": Redactions(
            user, ticket, reverse("ticket-redact", args=[ticket.number]), mine, own_only=True, sent=hiding
        ),
        "links": tied,
        "incidents": incidents.standing(ticket.product_id),
        "unknown_number": ticket.related_number if ticket.related_number not in tied.numbers else None,
        "works_it": bool(mine & TEAM),
        "followers": following.followers_of(ticket) if mine & {Role.REQUESTER, Role.FOCAL_POINT} else [],
        "follows": following.own(ticket, user) if Role.FOLLOWER in mine else None,
    }
    return render(request, "tickets/ticket.html", context, status=status)


def related_url(ticket: Ticket) -> str:
    """Where a ticket related to this one is opened: the same form, or the whole way where that is not offered any more."""
    offering = ticket.offering
    if not offering.active:
        return reverse("open")
    way = (offering.product.core_system, offering.sphere, offering.product, offering.support_type)
    return f"{reverse('open-form', args=[part.slug for part in way])}?relacionado={ticket.number}"


def deed_forms(
    user: User, ticket: Ticket, mine: frozenset[Role], sent: DeedForm | None, *, words: str = ""
) -> tuple[dict[str, DeedForm], str]:
    """The forms of what is legal now with their drafts, and words sent with what is not legal any more.

    Those words, and those of a draft of it, stand ready in the forms that take words, so that nobody types them twice;
    so do ``words``, where there are no others.
    """
    legal = rules.legal_actions(user, ticket, mine=mine & REQUESTER_SIDE)
    offered = [deed for deed in DEEDS.values() if deed.actions & legal]
    # Asked together with the ticket (``visible``): few tickets have drafts, and the page's queries are counted.
    kept = drafts.on_ticket(user, ticket) if getattr(ticket, "has_drafts", True) else {}
    if sent is not None and sent.deed in offered:
        others = {d.slug: DeedForm(d, ticket, by=user, draft=kept.get(d.slug)) for d in offered if d != sent.deed}
        return {d.slug: others.get(d.slug, sent) for d in offered}, ""
    unsent = str(sent.data.get("body", "")) if sent is not None else ""
    stranded = [str(kept[slug].content.get("body", "")) for slug in ("responder", "reabrir") if slug in kept]
    initial = {"body": unsent or next(iter(stranded), "") or words}
    return {
        d.slug: DeedForm(d, ticket, by=user, draft=kept.get(d.slug), initial=initial if d.words_required else None)
        for d in offered
    }, unsent


@require_safe
@login_required
def go_to(request: HttpRequest) -> HttpResponse:
    """To the ticket whose number was typed in the header."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    typed = request.GET.get("numero", "")[:40].strip()
    number = typed.replace(".", "").replace(" ", "")
    if not (number.isascii() and number.isdigit()):
        problem = "Digite só os números do chamado. Ele tem 8 algarismos, como 10000001."
        return render(request, "tickets/not_found.html", {"typed": typed, "problem": problem}, status=422)
    found = Ticket.objects.visible_to(user).filter(number=int(number)).first()
    if found is None and (url := _at_the_desk(user, int(number))):
        return redirect(url)
    if found is None:
        problem = "Não encontramos este chamado entre os que você pode ver. Confira o número."
        return render(request, "tickets/not_found.html", {"typed": typed, "problem": problem}, status=404)
    return redirect(found)


def _at_the_desk(user: User, number: int) -> str:
    """Where somebody of the desk finds a ticket that he may not read whole; empty where he finds nothing."""
    for_dpo = Ticket.objects.read_by_dpo(user).filter(number=number).first()
    if for_dpo is not None:
        return reverse("admin:tickets_personaldataticket_change", args=[for_dpo.pk])
    if not Ticket.objects.listed_to(user).filter(number=number).exists():
        return ""
    level = "n2" if any(g.queue.level == Level.N2 for g in user.active_grants if g.queue is not None) else "n3"
    return reverse(f"admin:tickets_{level}ticket_card", args=[number])
