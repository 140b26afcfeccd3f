"""The conversation of a ticket as the requester's side sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tickets import conversation, history
from tickets.states import Action

if TYPE_CHECKING:
    from tickets.conversation import Files, Story
    from tickets.models import Attachment, Message, TicketEvent


@dataclass(slots=True)
class Turn:
    """One thing that happened, with its public words and files if it has any."""

    event: TicketEvent
    sentence: str
    message: Message | None = None
    files: list[Attachment] = field(default_factory=list)

    @property
    def said(self) -> str:
        """What a screen reader is told when the turn comes up on an open page."""
        if self.message is None:
            return self.sentence
        who = self.message.author.display_name if self.message.author else "Sistema"
        return f"Mensagem nova de {who}{' (equipe)' if self.message.from_team else ''}."

    @property
    def version(self) -> str:
        """Changes when something of the turn is hidden, which is all that ever changes of one."""
        hidden = [file.pk for file in self.files if file.redacted_at]
        return f"{self.message.redacted_at if self.message else ''}{hidden or ''}"


def turns_of(told: Story, files: Files) -> list[Turn]:
    """What the requester's side may know of a part of the story, oldest first. Notes of the team stay out."""
    turns = []
    for event in told.events:
        words = conversation.words_of(event)
        words = None if words is None or words.internal else words
        sentence = history.sentence(event, internal=False)
        if words is None and not sentence:
            continue
        # Files of the form came with the opening, and belong to no message.
        own = files.by_message.get(words.pk, []) if words is not None else []
        with_form = files.by_message.get(None, []) if event.action == Action.OPEN else []
        turns.append(Turn(event, sentence, words, own + with_form))
    return turns
