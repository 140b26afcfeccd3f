"""What a ticket's workbench tells of it, as it reads: its head, its answers, what was said, the requester's bond."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tickets import badges, wording
from tickets.conversation import words_of
from tickets.forms.kinds import as_read

if TYPE_CHECKING:
    from collections.abc import Container
    from datetime import datetime

    from accounts.models import User
    from tickets.admin.access import Seen
    from tickets.admin.bench.forms import ActionForm
    from tickets.conversation import Files, Story
    from tickets.models import Answer, Attachment, Message, Ticket


@dataclass(frozen=True)
class Given:
    """An answer of the offering's form as it reads, with the files of its field."""

    row: Answer
    value: str
    files: list[Attachment]


def head(ticket: Ticket, now: datetime) -> dict[str, Any]:
    """Where the ticket stands, in words. Reads its ``assignee`` and ``offered_to``."""
    return {
        "status": badges.of_status(ticket),
        "priority": badges.of_priority(ticket),
        "deadline": wording.deadline(ticket, now),
        "scheduled": wording.scheduled(ticket, now),
        "offered": wording.offered(ticket, now),
        "key": f"{ticket.status}:{ticket.assignee_id}:{ticket.level}:{ticket.queue_id}:{ticket.priority}",
    }


def fresh(story: Story, sent: ActionForm | None, reader: User) -> list[int]:
    """What others have said since the page was read from which a refused form was sent; oldest first."""
    if sent is None or sent.seen is None:
        return []
    said = [event for event in story.events if words_of(event) is not None and event.actor_id != reader.pk]
    return [event.pk for event in said if event.pk > sent.seen]


def turns(story: Story, files: Files) -> list[tuple[Message, list[Attachment]]]:
    """What was said, each with its files."""
    return [(said, files.by_message.get(said.pk, [])) for event in story.events if (said := words_of(event)) is not None]


def given(answered: list[Answer], files: Files, *, fit: Container[str] | None = None) -> dict[str, Any]:
    """The answers, each with its files, and the files that belong to none; apart those whose names are not among ``fit``."""
    loose: dict[str, list[Attachment]] = {}
    for attachment in files.by_message.get(None, []):
        loose.setdefault(attachment.field_name, []).append(attachment)
    read = [Given(answer, as_read(answer.kind, answer.value), loose.pop(answer.name, [])) for answer in answered]
    return {
        "given": [answer for answer in read if fit is None or answer.row.name in fit],
        "earlier": [answer for answer in read if fit is not None and answer.row.name not in fit],
        "other_files": [attachment for found in loose.values() for attachment in found],
    }


def belonging(found: Seen) -> str:
    """Whether the team knows that the requester acts for the body."""
    if found.ticket.agency is None:
        return found.ticket.get_agency_situation_display()
    return {None: "Vínculo encerrado", True: "Vínculo confirmado", False: "Vínculo não confirmado"}[found.bond_confirmed]
