"""“Ocultar trecho”: the small form beside each message, answer and file for who may hide it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError

from govbr import markdown
from tickets import lifecycle, rules
from tickets.lifecycle.redacting import wrote
from tickets.models import Answer, Attachment, LateMail, Message, Ticket
from tickets.states import Action, Role, Via

if TYPE_CHECKING:
    from accounts.models import User

Row = Message | Answer | Attachment | Ticket | LateMail
"""A ticket stands for its subject."""

KINDS: Final[dict[str, type[Row]]] = {
    "mensagem": Message,
    "resposta": Answer,
    "arquivo": Attachment,
    "assunto": Ticket,
    "email": LateMail,
}


def key(row: Row) -> str:
    """The row's name in a form: ``mensagem-12``."""
    return next(f"{name}-{row.pk}" for name, kind in KINDS.items() if isinstance(row, kind))


def rows_of(ticket: Ticket, *, internal: bool) -> dict[str, Row]:
    """What can be hidden on a ticket, by key; with ``internal``, that of the team's notes too."""
    messages, files = ticket.messages.all(), ticket.attachments.select_related("file")
    if not internal:
        messages, files = messages.filter(internal=False), files.filter(internal=False)
    rows: list[Row] = [ticket, *messages, *ticket.answers.all(), *files, *ticket.late_mails.all()]
    return {key(row): row for row in rows}


class RedactForm(forms.Form):
    """Which words are hidden, and where. A file is hidden whole; so are words only where the box is ticked."""

    form_id = forms.UUIDField()
    what = forms.CharField(max_length=60)
    passage = forms.CharField(max_length=20_000, required=False)
    whole = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, ticket: Ticket, by: User, rows: dict[str, Row]) -> None:
        super().__init__(data)
        self.ticket, self.by, self.rows = ticket, by, rows

    def clean_what(self) -> Row:
        row = self.rows.get(self.cleaned_data["what"])
        if row is None:
            raise ValidationError("O que você quer ocultar não está neste chamado.")
        return row

    def clean(self) -> dict[str, Any]:
        """Nothing is hidden whole by leaving a field empty."""
        row, passage = self.cleaned_data.get("what"), self.cleaned_data.get("passage", "")
        if self.cleaned_data.get("whole") or isinstance(row, Attachment):
            self.cleaned_data["passage"] = ""
        elif not passage:
            self.add_error("passage", "Escreva o trecho, ou marque que quer ocultar tudo.")
        elif row is not None:
            # A browser sends the ends of lines in a way of its own.
            text = row.body if isinstance(row, Message | LateMail) else row.value if isinstance(row, Answer) else row.subject
            plain = passage.replace("\r\n", "\n")
            # Of the team's words the page shows no signs of Markdown: what is copied there lacks them.
            marked = isinstance(row, Message) and (row.from_team or row.internal)
            shown = plain if plain in text else markdown.passage_in(text, plain) if marked else ""
            self.cleaned_data["passage"] = shown or passage
        return self.cleaned_data

    def send(self, via: Via) -> Ticket:
        """Hide what a valid form names. Raises ``lifecycle.Refused``; then nothing changed."""
        row, passage = self.cleaned_data["what"], self.cleaned_data["passage"]
        # The same form sent from a page gone back to hides another passage: that is no repeat.
        request_id = uuid.uuid5(self.cleaned_data["form_id"], f"{key(row)} {passage}")
        return lifecycle.redact(self.ticket.pk, by=self.by, via=via, request_id=request_id, what=row, passage=passage)

    @property
    def complaint(self) -> str:
        return " ".join(str(reason) for reasons in self.errors.values() for reason in reasons)


@dataclass(slots=True)
class Redactions:
    """The forms of one page: who reads it, what he may hide, and the form just refused."""

    user: User
    ticket: Ticket
    url: str
    mine: frozenset[Role]
    own_only: bool = False
    """Only what the reader wrote himself, whatever else he may hide elsewhere."""
    sent: RedactForm | None = None
    form_id: uuid.UUID = field(default_factory=uuid.uuid4)
    anybodys: bool = field(init=False)
    own: bool = field(init=False)

    def __post_init__(self) -> None:
        mine, author = self.mine, self.mine | {Role.AUTHOR}
        self.anybodys = not self.own_only and Action.REDACT in rules.legal_actions(self.user, self.ticket, mine=mine)
        self.own = Action.REDACT in rules.legal_actions(self.user, self.ticket, mine=author)

    def context(self, row: Row) -> dict[str, Any]:
        """What the form beside this row is drawn with; empty where there is none."""
        if isinstance(row, Attachment) and row.redacted_at is not None:
            return {}
        if not (self.anybodys or (self.own and wrote(self.user, row))):
            return {}
        refused = self.sent if self.sent is not None and self.sent.data.get("what") == key(row) else None
        return {
            "key": key(row),
            "url": self.url,
            "form_id": self.form_id,
            "is_file": isinstance(row, Attachment),
            "is_subject": isinstance(row, Ticket),
            "refused": refused,
            "passage": refused.data.get("passage", "") if refused else "",
        }
