"""The forms of the workbench: each gives one verb of ``tickets.lifecycle`` what it asks for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError

import worktime
from accounts.models import User
from catalog.models import Priority
from catalog.offers import attachment_policy
from tickets import wording
from tickets.forms.uploads import FilesField, FormWithFiles
from tickets.lifecycle.move import MAX_WORDS
from tickets.models import Ticket

if TYPE_CHECKING:
    from tickets.admin.commands import Command


class ActionForm(FormWithFiles):
    """What every action sends: the id that makes a repeat harmless. Its ids carry the action's name."""

    complaints_at: ClassVar[str | None] = None
    """The field beside which the sentence of a refusal stands; ``None`` for above the form."""

    def __init__(self, data: Any = None, files: Any = None, *, command: Command, ticket: Ticket, by: User) -> None:
        super().__init__(data, files, by=by, auto_id=f"id_{command.action}_%s")
        self.command, self.ticket = command, ticket
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def facts(self) -> dict[str, Any]:
        """The keywords of the verb, beside those that every verb takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_id"}


class WordsForm(ActionForm):
    """An action with words: whether they are public, the command says."""

    complaints_at = "words"

    words = forms.CharField(max_length=MAX_WORDS, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].label = self.command.prompt
        policy = self.ticket.policy
        self.fields["words"].help_text = self.command.hint.format(
            wait_hours=wording.hours(policy.wait_hours, policy.counting),
            reopen_hours=wording.hours(policy.reopen_hours, policy.counting),
        )

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {self.command.keyword: facts.pop("words"), **facts}


class SpeechForm(WordsForm):
    """Words with files."""

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        self.fields["files"] = FilesField(policy=attachment_policy(ticket.offering), label="Arquivos", required=False)
        self.helper.layout = Layout("form_id", "words", Field("files", template="tickets/files_field.html"))


class PriorityForm(WordsForm):
    priority = forms.TypedChoiceField(label="Prioridade", choices=Priority.choices, coerce=int)
    field_order = ("priority", "words")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        self.initial["priority"] = ticket.priority


class AssignForm(ActionForm):
    complaints_at = "to"

    to = forms.ModelChoiceField(User.objects.none(), label="Atendente", empty_label="Escolha")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        members = User.objects.filter(
            is_active=True, grants__queue=ticket.queue_id, grants__role__in=("analyst", "lead"), grants__ended_at=None
        )
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.queryset = members.exclude(pk=ticket.requester_id).order_by("name", "pk").distinct()


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
