"""The rows of a queue: what is read for them, and how they are drawn.

The stock list asks each cell in turn what it is; drawn as a whole, a page costs half as much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.html import format_html, format_html_join

import worktime
from accounts.models import DISPLAY_NAME, Agency, User
from catalog.models import Product
from govbr.templatetags.govbr import tag
from tickets import badges, wording
from tickets.models import Message

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from tickets.models import Ticket
    from tickets.querysets import TicketQuerySet

COLUMNS: Final = (
    ("chosen", "Marcar"),
    ("number", "Número"),
    ("what", "Assunto · produto"),
    ("who", "Solicitante · órgão"),
    ("urgency", "Prioridade"),
    ("state", "Situação"),
    ("held_by", "Atendente"),
    ("deadline", "Prazo"),
    ("news", "Última novidade"),
)
ROW: Final = (
    '<tr><td class="field-chosen"><input type="checkbox" name="chosen" value="{}" aria-label="Marcar o chamado {}"'
    ' autocomplete="off"></td><th class="field-number"><a href="{}">{}</a></th><td class="field-what">{}</td>'
    '<td class="field-who">{}</td><td class="field-urgency">{}</td><td class="field-state">{}</td>'
    '<td class="field-held_by">{}</td><td class="field-deadline">{}</td><td class="field-news">{}</td></tr>'
)
READ: Final = (
    *("number", "subject", "level", "status", "priority", "reopenings", "scheduled_for", "offered_until"),
    *("due_at", "wait_expires_at", "review_at", "reopen_until", "last_event_at", "unlisted_agency_name"),
    *("offered_to__name", "offered_to__social_name", "offered_to__email"),
)


def with_names(tickets: TicketQuerySet) -> TicketQuerySet:
    """The tickets with what ``drawn`` shows.

    The names are columns of the row: joined, five more tables would cost the database more to plan than to read.
    """
    last = Message.objects.filter(ticket=OuterRef("pk"), internal=False).order_by("-created_at", "-pk")
    return (
        tickets.select_related("offered_to")
        .only(*READ)
        .annotate(
            product_name=Subquery(Product.objects.filter(pk=OuterRef("product")).values("name")),
            agency_acronym=Subquery(Agency.objects.filter(pk=OuterRef("agency")).values("acronym")),
            requester_name=_name_of("requester"),
            assignee_name=_name_of("assignee"),
            last_from_team=Subquery(last.values("from_team")[:1]),
        )
    )


def _name_of(column: str) -> Subquery:
    return Subquery(User.objects.filter(pk=OuterRef(column)).values(shown=DISPLAY_NAME))


def drawn(tickets: Sequence[Ticket], model_name: str) -> Iterator[SafeString]:
    """A table row for each ticket that ``with_names`` read; ``model_name`` is that of the queue."""
    now, queue = worktime.now(), reverse(f"admin:tickets_{model_name}_changelist")
    for ticket in tickets:
        shown = vars(ticket)  # with the columns that ``with_names`` added
        yield format_html(
            ROW,
            ticket.pk,
            ticket.number,
            f"{queue}{ticket.pk}/change/",
            ticket.number,
            _one_line(ticket.subject, shown["product_name"]),
            _one_line(shown["requester_name"], shown["agency_acronym"] or ticket.unlisted_agency_name or "sem órgão"),
            _urgency(ticket),
            _state(ticket, now),
            shown["assignee_name"] or wording.offered(ticket, now) or "ninguém",
            wording.deadline(ticket, now) or "–",
            _news(ticket, now, from_team=shown["last_from_team"]),
        )


def _urgency(ticket: Ticket) -> SafeString:
    again = badges.Badge("Reaberto", "info", "arrow-rotate-left")
    return _tags(badges.of_priority(ticket), *([again] if ticket.reopenings else []))


def _state(ticket: Ticket, now: datetime) -> SafeString:
    scheduled = wording.scheduled(ticket, now)
    return _tags(badges.of_status(ticket), *([badges.Badge(scheduled, "", "calendar")] if scheduled else []))


def _news(ticket: Ticket, now: datetime, *, from_team: bool) -> str:
    since = wording.length(now - ticket.last_event_at).split(" e ")[0]
    return f"há {since} · {'equipe' if from_team else 'solicitante'}"


def _one_line(first: str, second: str) -> SafeString:
    """Two facts on one line; where room is short the first is cut, and stands whole in its title."""
    shape = '<span class="one-line" title="{}"><span>{}</span> <span class="muted">· {}</span></span>'
    return format_html(shape, first, first, second)


def _tags(*shown: badges.Badge) -> SafeString:
    return format_html_join(" ", "{}", ((tag(*badge),) for badge in shown))
