"""Who hears of what happens on a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from accounts.models import RoleGrant
from accounts.signed_in import with_rights
from notifications import outbox, preferences, reading
from tickets import rules
from tickets.models import Attachment, Message
from tickets.notice_words import QUEUE
from tickets.states import TEAM, Action, Role, Status, is_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from accounts.models import User
    from notifications.models import Notice
    from tickets.clocks import Reached
    from tickets.models import Ticket, TicketEvent

WARNING: Final = "ticket_deadline"
"""A target draws near or is used up."""
MENTION: Final = "ticket_mentioned"
"""A colleague calls somebody in a note."""
MESSAGE: Final = "ticket_message"
"""What the team says in public without asking."""
REDACTED: Final = "ticket_redacted"
"""What somebody wrote was hidden by another: if it was a password, it has been read."""
OFFERED: Final = "ticket_offered"
"""A ticket that came back is kept for the analyst who knows it."""
CHANGED: Final = "ticket_changed_team"
"""A colleague did something with a ticket that one holds, or has held until then."""
ARRIVED: Final = "ticket_arrived"
"""A ticket came into a queue. For who asks to hear of it (``in_queue``)."""

# What the requester and those who follow hear.
TO_REQUESTER: Final = {
    Action.OPEN: "ticket_opened",
    Action.TAKE: "ticket_taken",
    Action.ASK: "ticket_question",
    Action.WITHDRAW_QUESTION: "ticket_question_withdrawn",
    Action.ESCALATE: "ticket_escalated",
    Action.HAND_BACK: "ticket_handed_back",
    Action.WAIT_EXTERNAL: "ticket_external",
    Action.RESUME: "ticket_resumed",
    Action.VALIDATE: "ticket_validation",
    Action.VALIDATED: "ticket_resumed",
    Action.TRANSFER: "ticket_transferred",
    Action.SPLIT: "ticket_split",
    Action.REMIND: "ticket_reminder",
    Action.RESOLVE: "ticket_resolved",
    Action.REFUSE: "ticket_refused",
    Action.CLOSE_DUPLICATE: "ticket_duplicate",
    Action.EXPIRE_WAIT: "ticket_expired",
    Action.REOPEN: "ticket_reopened",
    Action.FINALIZE: "ticket_final",
    Action.RESTORE: "ticket_restored",
    Action.CANCEL: "ticket_cancelled",
    Action.SOLVED: "ticket_solved",
}
# What the analyst hears who holds the ticket, or held it when it was closed.
TO_ASSIGNEE: Final = {
    Action.ANSWER: "ticket_answered",
    Action.COMMENT: "ticket_answered",
    Action.ASSIGN: "ticket_assigned",
    Action.REOPEN: "ticket_reopened_team",
    Action.CANCEL: "ticket_closed_team",
    Action.SOLVED: "ticket_closed_team",
}
# What the requester and those who follow hear of each other.
AMONG_THEM: Final = {Action.ANSWER: "ticket_side_answered", Action.COMMENT: "ticket_side_wrote"}
READERS: Final = TEAM | {Role.PARTICIPANT}
"""Who of the team reads a ticket."""
BY_A_COLLEAGUE: Final = frozenset(
    {
        *(Action.NOTE, Action.SET_PRIORITY, Action.WITHDRAW_QUESTION, Action.SPLIT),
        *(Action.CLOSE_DUPLICATE, Action.REFUSE, Action.COMMENT),
    }
)
"""What who holds a ticket hears of when another of the team does it."""
TAKES_AWAY: Final = frozenset({Action.ASSIGN, Action.RELEASE, Action.TRANSFER})
"""What who held it until then hears of, when another does it."""
BRINGS: Final = frozenset(
    {
        *(Action.OPEN, Action.ESCALATE, Action.HAND_BACK, Action.TRANSFER, Action.RELEASE),
        *(Action.REOPEN, Action.RESTORE, Action.ANSWER, Action.WITHDRAW_QUESTION),
    }
)
"""What may bring a ticket into a queue, where nobody holds it."""
NO_NEWS_TO_REQUESTER: Final = {
    Action.CONFIRM: "He did it, nothing follows from it, and his page says so.",
}
"""Of what he might hear of (``states.is_told``): why he does not."""
NO_NEWS_TO_TEAM: Final = {
    Action.TAKE: "Who holds it did it.",
    Action.ASK: "Who holds it did it.",
    Action.WAIT_EXTERNAL: "Who holds it did it.",
    Action.RESUME: "Who holds it did it.",
    Action.SCHEDULE: "Who holds it did it.",
    Action.VALIDATE: "Who holds it did it.",
    Action.VALIDATED: "Who holds it did it.",
    Action.RESOLVE: "Who holds it did it.",
    Action.TRIAGE: "A fact that asks nothing of anybody.",
    Action.REMIND: "It asks something of the requester alone.",
    Action.EXPIRE_WAIT: "Nothing is left to do; the ticket is in the list of what ended.",
    Action.FINALIZE: "Nothing is left to do.",
    Action.CONFIRM: "Nothing is left to do; a mail of thanks for each ticket would hide the others.",
    Action.REDACT: "A mail would lead eyes to what must not be seen.",
}
"""Why the team does not hear of these."""
RECEIPTS: Final = frozenset({Action.OPEN, Action.CANCEL, Action.SOLVED, Action.REOPEN})
"""What the requester gets in writing although he did it himself."""
KINDS: Final = frozenset(
    {
        *(*TO_REQUESTER.values(), *TO_ASSIGNEE.values(), *AMONG_THEM.values()),
        *(MENTION, MESSAGE, WARNING, REDACTED, OFFERED, CHANGED, ARRIVED),
    }
)


def tell(ticket: Ticket, event: TicketEvent, *, from_team: bool = False) -> None:
    """Queue the notices of an event, in its transaction. Nobody hears of what he did himself, receipts excepted."""
    told = [*_to_requester(ticket, event, from_team=from_team), *_to_team(ticket, event, from_team=from_team)]
    outbox.enqueue_all([_notice(kind, ticket, event, person) for kind, person in told])


def _to_requester(ticket: Ticket, event: TicketEvent, *, from_team: bool) -> Iterator[tuple[str, int]]:
    """Kind and person of what the requester's side hears."""
    action = Action(event.action)
    if action == Action.REDACT:
        author = _author_of_hidden(event) if is_told(action, event.data) else None
        if author not in (None, event.actor_id) and author in _requester_side(ticket):
            yield REDACTED, author
        return
    kind = MESSAGE if action == Action.COMMENT and from_team else AMONG_THEM.get(action) or TO_REQUESTER.get(action)
    if kind is None:
        return
    himself = None if action in RECEIPTS else event.actor_id
    # Nobody follows a ticket that has just been opened.
    people = [ticket.requester_id] if action == Action.OPEN else _requester_side(ticket, but=himself)
    for person in people:
        if person != himself:
            yield kind, person


def _to_team(ticket: Ticket, event: TicketEvent, *, from_team: bool) -> Iterator[tuple[str, int]]:
    """Kind and person of what the team hears."""
    action, holder = Action(event.action), ticket.assignee_id
    mentioned = [int(person) for person in str(event.data.get("mentioned", "")).split()] if action == Action.NOTE else []
    for person in mentioned:
        yield MENTION, person
    kind = CHANGED if action in BY_A_COLLEAGUE and (from_team or action != Action.COMMENT) else TO_ASSIGNEE.get(action)
    if kind is not None and holder is not None and holder not in (event.actor_id, *mentioned) and _works_on(ticket):
        yield kind, holder
    # What passes on by itself passes from who is away, and has said so himself, or reads it no more.
    if action in TAKES_AWAY and event.actor_id is not None:
        former = ticket.events.exclude(pk=event.pk).order_by("-at", "-pk").values_list("assignee", flat=True).first()
        if former not in (None, event.actor_id, holder) and any(
            rules.roles(he, ticket) & READERS for he in with_rights([former])
        ):
            yield CHANGED, former
    if event.new_status == Status.QUEUED and action in BRINGS:
        if ticket.offered_to_id is not None:
            yield OFFERED, ticket.offered_to_id
        yield from ((ARRIVED, person) for person in _watchers(ticket, event))


def _watchers(ticket: Ticket, event: TicketEvent) -> list[int]:
    """Who may take a ticket of this queue, and asked to hear of what comes into it. One query."""
    asked = preferences.asked_for(QUEUE).values("user")
    takers = rules.takers([ticket.queue_id], event.at).filter(pk__in=asked)
    known = [person for person in (ticket.requester_id, event.actor_id, ticket.offered_to_id) if person is not None]
    return list(takers.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True))


def _author_of_hidden(event: TicketEvent) -> int | None:
    """Whose words or file an event hid."""
    data = event.data
    if "message" in data:
        return Message.objects.filter(pk=data["message"]).values_list("author", flat=True).first()
    if "attachment" in data:
        return Attachment.objects.filter(pk=data["attachment"]).values_list("file__uploaded_by", flat=True).first()
    return event.ticket.requester_id


def warn(ticket: Ticket, cycle: datetime, reached: Iterable[Reached]) -> None:
    """Tell the assignee and the leads of the queue of shares of targets, each once for the cycle begun at ``cycle``."""
    leads = RoleGrant.objects.filter(role=RoleGrant.Role.LEAD, queue=ticket.queue_id, ended_at__isnull=True)
    people = {*leads.values_list("user", flat=True)} | ({ticket.assignee_id} if ticket.assignee_id else set())
    outbox.enqueue_all(
        [
            outbox.notice(
                WARNING,
                to=person,
                data={"ticket": ticket.pk, "number": ticket.number, "clock": share.clock, "percent": share.percent},
                dedupe_key=f"sla:{ticket.pk}:{cycle.timestamp():.0f}:{share.clock}:{share.percent}:{person}",
            )
            for share in reached
            for person in sorted(people - {ticket.requester_id})
        ]
    )


def seen(ticket: Ticket, reader: User) -> None:
    """The reader is about to be shown what the notices of this ticket tell him; they are no news any more."""
    reading.shown_elsewhere(reader, KINDS, ticket=ticket.pk)


def _notice(kind: str, ticket: Ticket, event: TicketEvent, recipient: int) -> Notice:
    return outbox.notice(
        kind,
        to=recipient,
        data={"ticket": event.ticket_id, "number": ticket.number, "event": event.pk},
        dedupe_key=f"ticket-event:{event.pk}:{kind}:{recipient}",
    )


def _requester_side(ticket: Ticket, but: int | None = None) -> list[int]:
    """The requester and who follows, as far as they may still read the ticket: a mail repeats what the team wrote.

    Without ``but``, who is not asked for.
    """
    followers = set(ticket.followers.values_list("user", flat=True))
    wanted = (followers | {ticket.requester_id}) - {but}
    people = with_rights(wanted) if wanted else []
    return [person.pk for person in people if rules.is_requester_side(rules.roles(person, ticket, followers=followers))]


def _still_reads(person: int, ticket: Ticket) -> bool:
    """Whether somebody of the team reads a ticket that he holds no more."""
    return any(rules.roles(found, ticket) & READERS for found in with_rights([person]))


def _works_on(ticket: Ticket) -> bool:
    return ticket.assignee is not None and rules.can_work(ticket.assignee, ticket)
