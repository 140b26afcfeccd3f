"""The rows of a queue: what is read for them, and how they are drawn.

The stock list asks each cell in turn what it is; drawn as a whole, a page costs half as much.

A row is one line, that 25 stand on a screen, and no wider than it. Where room is short the style sheet cuts the words;
they stand whole in the title and for a reader of the screen.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.db.models import DateTimeField, OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.html import format_html, format_html_join

import worktime
from accounts.models import DISPLAY_NAME, Agency, User
from catalog import hours
from catalog.models import PolicyTarget, Product, SupportType
from govbr.templatetags.govbr import tag
from tickets import badges, looks, wording
from tickets.models import Message
from tickets.states import OPEN, RUNS, Action, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from django.utils.safestring import SafeString

    from tickets.finds import Find
    from tickets.models import Ticket
    from tickets.querysets import TicketQuerySet
    from worktime.calendar import BusinessCalendar

NEAR: Final = 75
"""Percent of a target from which it is near (``tickets.clocks.WARNINGS``)."""

COLUMNS: Final = (
    ("chosen", "Marcar"),
    ("number", "Número"),
    ("what", "Assunto · produto · tipo"),
    ("who", "Solicitante · órgão"),
    ("urgency", "Prioridade"),
    ("state", "Situação"),
    ("held_by", "Atendente"),
    ("deadline", "Prazo"),
    ("turn", "Espera por"),
)
ROW: Final = (
    '<tr{}><td class="field-chosen"><input type="checkbox" name="chosen" value="{}" aria-label="Marcar o chamado {}"'
    ' autocomplete="off"></td><th class="field-number"><a href="{}">{}{}</a></th><td class="field-what">{}{}</td>'
    '<td class="field-who">{}</td><td class="field-urgency">{}</td><td class="field-state">{}</td>'
    '<td class="field-held_by">{}</td><td class="field-deadline">{}</td><td class="field-turn">{}</td></tr>'
)
UNREAD: Final = (format_html(' class="{}"', "is-unread"), format_html('<span class="sr-only"> {}</span>', "(não lido)"))
"""What stands in bold, and the same for who listens."""
TURNS: Final = {Status.WAITING_REQUESTER.value: "solicitante", Status.WAITING_EXTERNAL.value: "outra equipe"}
"""Whose turn it is where it is not the team's."""
MARK: Final = format_html('<span class="mark">{}</span>', "Reaberto")
"""Where room is short only its sign is seen."""
NOTHING: Final = format_html('<span class="nothing">{}</span>', "–")
"""An empty cell; where a row is a block of words it is left out."""
READ: Final = (
    *("number", "subject", "level", "status", "priority", "reopenings", "scheduled_for", "offered_until"),
    *("due_at", "wait_expires_at", "review_at", "reopen_until", "last_event_at", "unlisted_agency_name"),
    *("offered_to__name", "offered_to__social_name", "offered_to__email"),
)


SINCE: Final = f"""(
    CASE
    WHEN tickets_ticket.status = '{Status.WAITING_REQUESTER}' THEN tickets_ticket.wait_since
    WHEN tickets_ticket.status = '{Status.WAITING_EXTERNAL}' THEN (
        SELECT max(at) FROM tickets_ticketevent WHERE ticket_id = tickets_ticket.id AND action = '{Action.WAIT_EXTERNAL}'
    )
    ELSE (
        SELECT coalesce(
            (
                SELECT min(created_at) FROM tickets_message
                WHERE ticket_id = tickets_ticket.id AND NOT internal AND NOT from_team
                    AND created_at > coalesce(team.at, '-infinity')
            ),
            team.at
        )
        FROM (
            SELECT max(created_at) AS at FROM tickets_message
            WHERE ticket_id = tickets_ticket.id AND NOT internal AND from_team
        ) team
    ) END
)"""  # noqa: S608 - of our own constants
"""Since when somebody is waited for: the requester, another team, or the team since the first message that it has not
answered, or since its own last word. By hand (docs/adr/0017)."""


def with_names(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """The tickets with what ``drawn`` shows to this person.

    The names are columns of the row: joined, five more tables would cost the database more to plan than to read.
    """
    target = PolicyTarget.objects.filter(policy=OuterRef("policy"), priority=OuterRef("priority"))
    last = Message.objects.filter(ticket=OuterRef("pk"), internal=False).order_by("-created_at", "-pk")
    return (
        looks.with_unread(tickets, user)
        .select_related("offered_to")
        .only(*READ)
        .annotate(
            since=RawSQL(SINCE, [], output_field=DateTimeField()),  # noqa: S611 - without anything from outside
            type_name=Subquery(SupportType.objects.filter(offerings=OuterRef("offering")).values("name")),
            product_name=Subquery(Product.objects.filter(pk=OuterRef("product")).values("name")),
            agency_acronym=Subquery(Agency.objects.filter(pk=OuterRef("agency")).values("acronym")),
            requester_name=_name_of("requester"),
            assignee_name=_name_of("assignee"),
            last_from_team=Subquery(last.values("from_team")[:1]),
            target_n2=Subquery(target.values("n2_hours")[:1]),
            target_n3=Subquery(target.values("n3_hours")[:1]),
        )
    )


def _name_of(column: str) -> Subquery:
    return Subquery(User.objects.filter(pk=OuterRef(column)).values(shown=DISPLAY_NAME))


def drawn(
    tickets: Sequence[Ticket], model_name: str, *, where: Mapping[int, Find], searched: bool = False, view: str = ""
) -> Iterator[SafeString]:
    """A table row for each ticket that ``with_names`` read; ``model_name`` is that of the queue. One query for all.

    ``view`` is what narrows the list: the workbench leads through it. ``where`` tells of a search where each was found;
    one that it does not name was found by its people.
    """
    now, queue = worktime.now(), reverse(f"admin:tickets_{model_name}_changelist")
    calendar = hours.current().calendar
    came_from = f"?{urlencode({'vista': view})}" if view else ""
    for ticket in tickets:
        shown = vars(ticket)  # with the columns that ``with_names`` added
        row, words = UNREAD if looks.is_unread(ticket) else ("", "")
        yield format_html(
            ROW,
            row,
            ticket.pk,
            ticket.number,
            f"{queue}{ticket.pk}/change/{came_from}",
            ticket.number,
            words,
            _one_line(ticket.subject, f"{shown['product_name']} · {shown['type_name']}"),
            _found(where.get(ticket.pk)) if searched else "",
            _one_line(shown["requester_name"], shown["agency_acronym"] or ticket.unlisted_agency_name or "sem órgão"),
            _urgency(ticket),
            _state(ticket, now),
            _cut(shown["assignee_name"] or wording.offered(ticket, now) or "ninguém"),
            _deadline(ticket, now, used=share_used(ticket, calendar, now)),
            _turn(ticket, now, since=shown["since"], from_team=shown["last_from_team"]),
        )


def _urgency(ticket: Ticket) -> SafeString:
    again = badges.Badge(MARK, "info", "arrow-rotate-left")
    return _tags(badges.of_priority(ticket), *([again] if ticket.reopenings else []))


def _state(ticket: Ticket, now: datetime) -> SafeString:
    """What is scheduled is in progress, always: its date says more."""
    scheduled = wording.scheduled(ticket, now)
    return _tags(badges.Badge(scheduled, "", "calendar") if scheduled else badges.of_status(ticket))


def _deadline(ticket: Ticket, now: datetime, *, used: int | None) -> SafeString:
    whole = wording.deadline(ticket, now)
    if not whole:
        return NOTHING
    words = '<span class="cut" title="{}" aria-hidden="true">{}</span><span class="sr-only">{}</span>{}'
    return format_html(words, whole, wording.deadline_in_brief(ticket, now), whole, _bar(used))


def share_used(ticket: Ticket, calendar: BusinessCalendar, now: datetime) -> int | None:
    """Percent of the target of solution that is used; ``None`` while its clock stands still. Reads ``with_names``.

    After N3 handed a ticket back its target is still that of N3: then less is shown than is used, never more.
    """
    target: int | None = vars(ticket)["target_n3" if ticket.level == "N3" else "target_n2"]
    if ticket.due_at is None or not target or ticket.status not in RUNS:
        return None
    left = calendar.between(now, ticket.due_at) if now < ticket.due_at else timedelta(0)
    return max(0, 100 - round(100 * (left / timedelta(hours=target))))


def _bar(used: int | None) -> SafeString | str:
    """How much of a target is used, as a drawing with attributes: the content policy refuses inline styles."""
    if used is None:
        return ""
    kind = "used is-over" if used >= 100 else "used is-near" if used >= NEAR else "used"
    return format_html(
        '<svg class="{}" viewBox="0 0 100 4" preserveAspectRatio="none" role="img" aria-label="{}% do prazo usados">'
        '<rect width="{}" height="4"/></svg>',
        kind,
        used,
        used,
    )


def _cut(words: str) -> SafeString:
    return format_html('<span class="cut" title="{}">{}</span>', words, words)


def _turn(ticket: Ticket, now: datetime, *, since: datetime | None, from_team: bool | None) -> SafeString:
    """Whose turn it is and since when; in the title by whom the last message is."""
    if ticket.status not in OPEN or since is None:
        return NOTHING
    whom = TURNS.get(ticket.status, "equipe")
    last = "" if from_team is None else f" A última mensagem é {'da equipe' if from_team else 'do solicitante'}."
    span = now - since
    whole = f"Espera por {whom} há {wording.length(span)}, desde {wording.when(since, now)}.{last}"
    brief = f"{whom} há {span.days} d" if span.days > 0 else f"{whom} há {wording.brief(span)}"
    return format_html('<span class="cut" title="{}">{}<span class="sr-only">.{}</span></span>', whole, brief, last)


def _found(find: Find | None) -> SafeString:
    """Where a search found its words."""
    if find is None:
        return format_html('<span class="find"><strong>{}</strong></span>', "Encontrado pelo solicitante ou pelo órgão")
    mark = format_html("<mark>{}</mark>", find.excerpt.hit) if find.excerpt.hit else ""
    return format_html(
        '<span class="find"><strong>{}:</strong> {}{}{}</span>', find.place, find.excerpt.before, mark, find.excerpt.after
    )


def _one_line(first: str, second: str) -> SafeString:
    """Two facts on one line; where room is short each is cut, the second to its share."""
    shape = '<span class="one-line" title="{} · {}"><span>{}</span> <span class="muted">· {}</span></span>'
    return format_html(shape, first, second, first, second)


def _tags(*shown: badges.Badge) -> SafeString:
    return format_html('<span class="tags">{}</span>', format_html_join(" ", "{}", ((tag(*badge),) for badge in shown)))
