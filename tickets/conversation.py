"""What happened and was said on a ticket: its newest part, and the way to what came before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import F

from tickets.models import Attachment, Message, Ticket, TicketEvent

PAGE: Final = 50
"""Events on a page, so that a long story costs no more than a short one."""


@dataclass(frozen=True, slots=True)
class Story:
    """Events in their order, with their words; ``earlier`` is the first of them if others came before it."""

    events: list[TicketEvent]
    earlier: int | None
    newest: bool
    """Whether nothing comes after."""


def story(ticket: Ticket, before: str = "", *, most: int | None = None) -> Story:
    """The newest events, or those before the event whose id the address holds; what is no id is overlooked. One query.

    At most ``most``, a page of them unless it is said.

    Reads the ticket's ``requester``.
    """
    events = ticket.events.select_related("actor", "assignee", "queue", "message__script").defer("message__words")
    older = before.isascii() and before.isdigit() and len(before) < 19
    if older:
        events = events.filter(pk__lt=int(before))
    most = PAGE if most is None else most
    found = list(events.order_by("-at", "-pk")[: most + 1])
    shown = found[most - 1 :: -1] if len(found) > most else found[::-1]
    for event in shown:
        message = words_of(event)
        if message is not None and message.author_id is not None:
            # Words are spoken by who acts, or by the requester for whom somebody opened.
            message.author = event.actor if message.author_id == event.actor_id else ticket.requester
    return Story(shown, shown[0].pk if len(found) > most else None, newest=not older)


def words_of(event: TicketEvent) -> Message | None:
    """What was said with an event that ``story`` read."""
    message: Message | None = getattr(event, "message", None)
    return message


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a ticket by where they belong."""

    by_message: dict[int | None, list[Attachment]]
    """``None``: those of the form."""
    from_requester: list[Attachment]


NO_FILES: Final = Files({}, [])


def files_of(ticket: Ticket, *, internal: bool) -> Files:
    """Every file of a ticket; with ``internal`` those of notes, too. One query."""
    found = ticket.attachments.select_related("file").annotate(from_team=F("message__from_team"))
    by_message: defaultdict[int | None, list[Attachment]] = defaultdict(list)
    from_requester: list[Attachment] = []
    for attachment in found if internal else found.filter(internal=False):
        by_message[attachment.message_id].append(attachment)
        if not attachment.internal and not vars(attachment)["from_team"]:
            from_requester.append(attachment)
    return Files(by_message, from_requester)
