"""The forms of the workbench: each gives one verb of ``tickets.lifecycle`` what it asks for."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

import worktime
from accounts.models import User
from catalog.models import Offering, Priority, Queue
from catalog.offers import attachment_policy
from tickets import filling, repeats, skills, wording
from tickets.admin.bench.choices import destinations, grouped, takers_of
from tickets.forms.keeping import KeptForm
from tickets.forms.uploads import FilesField
from tickets.lifecycle.linking import Tie
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import Ticket
from tickets.models.draft import COMPOSER

if TYPE_CHECKING:
    from tickets.admin.bench.choices import Choices
    from tickets.admin.bench.commands import Command


NUMBER_LENGTH = 12
"""Digits: a ticket has 8, and there is room."""
ID_LENGTH = 19
"""Digits: every id of the database has fewer."""


class TicketNumberField(forms.CharField):
    """The number of a ticket as people type it: ``10000001`` or ``10.000.001``. Cleans to an ``int``."""

    default_error_messages = {"invalid": "Digite só os números do chamado. Ele tem 8 algarismos, como 10000001."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **kwargs)

    def clean(self, value: Any) -> int:
        digits = super().clean(value).replace(".", "").replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= NUMBER_LENGTH):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(digits)


class LinkForm(forms.Form):
    """Ties another ticket, named by its number, to the one on the workbench."""

    number = TicketNumberField(label="Número do outro chamado")
    tie = forms.TypedChoiceField(
        label="O outro chamado",
        choices=[
            (Tie.RELATED, "tem relação com este"),
            (Tie.PARENT, "é o principal: este faz parte dele"),
            (Tie.CHILD, "faz parte deste"),
        ],
        coerce=Tie,
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="id_link_%s")


class ActionForm(KeptForm):
    """What every action sends: the id that makes a repeat harmless. Its ids carry the action's name."""

    complaints_at: ClassVar[str | None] = None
    """The field beside which the sentence of a refusal stands; ``None`` for above the form."""
    ids: ClassVar[str] = "id_{action}_%s"

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        command: Command,
        ticket: Ticket,
        by: User,
        choices: Choices | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, by=by, auto_id=self.ids.format(action=command.action), **kwargs)
        self.command, self.ticket, self.choices = command, ticket, choices
        self.repeated = False
        """Whether what it says was said just now: then its person is asked whether he means it."""
        self.refusal = ""
        """Why what it asks was not done, where nothing was wrong with the form itself."""

    def facts(self) -> dict[str, Any]:
        """The keywords of the verb, beside those that every verb takes.

        What the requester will read carries the newest event that the page showed. Without one nothing is compared.
        """
        facts = {name: value for name, value in self.cleaned_data.items() if name != "form_id"}
        return {**facts, "seen": self.seen} if self.command.public else facts

    def said_just_now(self) -> str:
        """The sentence for who sends the same words again by a new form, and has not said that he means it."""
        words = str(self.cleaned_data.get("words", ""))
        if repeats.AGAIN in self.data:
            return ""
        return repeats.said(self.by, self.ticket.pk, words, internal=not self.command.public, request_id=self.request_id)

    @property
    def deed(self) -> str:
        """Under which name it is kept as a draft."""
        return COMPOSER if self.command.kind is not None else self.command.action.value

    @property
    def seen(self) -> int | None:
        """The newest event on the page from which this was sent, if the page told it."""
        told = str(self.data.get("seen", ""))
        return int(told) if told.isascii() and told.isdigit() and len(told) < ID_LENGTH else None


class WordsForm(ActionForm):
    """An action with words: whether they are public, the command says."""

    complaints_at = "words"

    words = forms.CharField(max_length=MAX_WORDS, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = self.command.prompt
        self.fields["words"].help_text = hint_of(self.command, self.ticket)

    def clean_words(self) -> str:
        """What the requester reads has no holes: a script's field that nothing filled in is refused."""
        words: str = self.cleaned_data["words"]
        if self.command.public and (complaint := filling.complaint(words)):
            raise ValidationError(complaint)
        return words

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {self.command.keyword: facts.pop("words"), **facts}


def hint_of(command: Command, ticket: Ticket) -> str:
    """What a command says of its words, with the hours of the ticket's policy."""
    waits = wording.waits(ticket.policy)
    return command.hint.format(wait_hours=waits.wait, reopen_hours=waits.reopen)


class SpeechForm(WordsForm):
    """Words with files."""

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        self.fields["files"] = FilesField(policy=attachment_policy(ticket.offering), label="Arquivos", required=False)
        if self.draft is not None:
            self.show_files_of(self.draft.form_id, vars(self.draft).get("files"))  # read together with the draft


class PriorityForm(WordsForm):
    priority = forms.TypedChoiceField(label="Prioridade", choices=Priority.choices, coerce=int)
    field_order = ("priority", "words")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        self.initial.setdefault("priority", ticket.priority)


class TakerField(forms.ModelChoiceField[User]):
    """Somebody to whom tickets may be given: what he knows and how much he holds stand beside the name."""

    def __init__(self) -> None:
        super().__init__(User.objects.none(), label="Atendente", empty_label="Escolha")

    def label_from_instance(self, obj: User) -> str:
        return skills.told(obj)


class AssignForm(ActionForm):
    complaints_at = "to"

    to = TakerField()

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.queryset = takers_of(ticket)


class TransferForm(WordsForm):
    """One choice among the offerings of the ticket's sphere, by product, and the other queues of its level."""

    complaints_at = "to"

    to = forms.ChoiceField(label="Para onde")
    field_order = ("to", "words")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.choices = cache(lambda: grouped(ticket, destinations(ticket)))  # asked for once, and not to keep a draft

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        kind, _, pk = facts.pop("to").partition("-")
        found = Offering.objects.get(pk=pk) if kind == "offering" else Queue.objects.get(pk=pk)
        return {kind: found, **facts}


class DuplicateForm(WordsForm):
    complaints_at = "root"

    root = TicketNumberField(
        label="Número do chamado que continua", help_text="Este chamado é encerrado, e o atendimento segue no outro."
    )
    field_order = ("root", "words")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].required = False


class ScheduleForm(ActionForm):
    """Out of sight until a moment; what is scheduled has a second button that brings it back."""

    complaints_at = "until"

    until = forms.DateTimeField(
        label="Ver de novo em",
        help_text="Dia e hora de Brasília. Até lá o chamado sai da fila; os prazos continuam a contar.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, data: Any = None, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(data, *args, ticket=ticket, **kwargs)
        self.initial.setdefault("until", ticket.scheduled_for)
        self.second_button = {"name": "now", "label": "Voltar a ver agora"} if ticket.scheduled_for else None
        self.at_once = data is not None and "now" in data
        self.fields["until"].disabled = self.at_once

    def facts(self) -> dict[str, Any]:
        return {"until": None if self.at_once else self.cleaned_data["until"]}


class WaitExternalForm(ActionForm):
    complaints_at = "team"

    team = forms.CharField(label="Equipe externa", max_length=120)
    outside_number = forms.CharField(label="Número na equipe externa", max_length=60, required=False)
    review_at = forms.DateTimeField(
        label="Rever em",
        help_text="Dia e hora de Brasília em que o chamado volta à sua atenção.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def clean_review_at(self) -> datetime:
        review_at: datetime = self.cleaned_data["review_at"]
        if review_at <= worktime.now():
            raise ValidationError("A data de revisão precisa estar no futuro.")
        return review_at
