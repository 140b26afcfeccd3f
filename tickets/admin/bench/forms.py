"""The forms of the workbench: each gives one verb of ``tickets.lifecycle`` what it asks for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Value

import worktime
from accounts.models import User
from catalog import scripts
from catalog.models import Cause, Offering, Priority, Queue, SupportScript
from catalog.offers import attachment_policy, offerings
from catalog.validators import MAX_PLACE, is_place
from govbr.text import fold
from tickets import rules, wording
from tickets.forms.uploads import FilesField, FormWithFiles
from tickets.lifecycle.linking import Tie
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import Ticket

if TYPE_CHECKING:
    from tickets.admin.bench.commands import Command


NUMBER_LENGTH = 12
"""Digits: a ticket has 8, and there is room."""


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
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


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
        waits = wording.waits(self.ticket.policy)
        self.fields["words"].help_text = self.command.hint.format(wait_hours=waits.wait, reopen_hours=waits.reopen)

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        return {self.command.keyword: facts.pop("words"), **facts}


class SpeechForm(WordsForm):
    """Words with files."""

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        self.fields["files"] = FilesField(policy=attachment_policy(ticket.offering), label="Arquivos", required=False)
        self.helper.layout = Layout("form_id", "words", Field("files", template="tickets/files_field.html"))


class ResolveForm(SpeechForm):
    """The definitive answer and the cause, from the list of the ticket's product; a product without a list asks for none."""

    cause = forms.ModelChoiceField(
        Cause.objects.none(),
        label="Causa",
        empty_label="Escolha",
        help_text="Só a equipe lê a causa.",
        error_messages={"required": "Escolha a causa.", "invalid_choice": "Esta causa saiu da lista. Escolha outra."},
    )
    script = forms.ModelChoiceField(
        SupportScript.objects.none(),
        label="Roteiro usado",
        required=False,
        help_text="Só a equipe lê.",
        error_messages={"invalid_choice": "Este roteiro saiu da lista. Escolha outro."},
    )
    article = forms.CharField(
        label="Artigo ou orientação usada",
        required=False,
        max_length=MAX_PLACE,
        validators=[is_place],
        help_text="Um endereço, como https://www.gov.br/…, ou um caminho deste portal. Só a equipe lê.",
        widget=forms.TextInput(attrs={"inputmode": "url"}),
    )

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        cause = self.fields["cause"]
        assert isinstance(cause, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        cause.queryset = Cause.objects.filter(product=ticket.product_id, active=True)
        # Read once: what is drawn, and whether there is anything to choose.
        listed = list(cause.queryset)
        if listed:
            cause.choices = [("", "Escolha"), *((found.pk, found.name) for found in listed)]
            self.helper.layout.insert(1, "cause")
        else:
            del self.fields["cause"]
        self.helper.layout.insert(-1, "article")
        self._offer(scripts.fitting(ticket.offering))

    def _offer(self, groups: scripts.Grouped) -> None:
        """The scripts that fit, in groups; without any, no question about them."""
        if not groups:
            del self.fields["script"]
            return
        script = self.fields["script"]
        assert isinstance(script, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        script.queryset = SupportScript.objects.filter(pk__in=[found.pk for _, listed in groups for found in listed])
        script.choices = [("", "Nenhum"), *((label, [(found.pk, found.title) for found in listed]) for label, listed in groups)]
        self.helper.layout.insert(-2, "script")

    def facts(self) -> dict[str, Any]:
        return {"cause": None, **super().facts()}


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
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.queryset = rules.takers([ticket.queue_id], worktime.now()).exclude(pk=ticket.requester_id).order_by("name", "pk")


class TransferForm(WordsForm):
    """One choice among the offerings of the ticket's sphere, by product, and the other queues of its level."""

    complaints_at = "to"

    to = forms.ChoiceField(label="Para onde")
    field_order = ("to", "words")

    def __init__(self, *args: Any, ticket: Ticket, **kwargs: Any) -> None:
        super().__init__(*args, ticket=ticket, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.choices = destinations(ticket)

    def facts(self) -> dict[str, Any]:
        facts = super().facts()
        kind, _, pk = facts.pop("to").partition("-")
        found = Offering.objects.get(pk=pk) if kind == "offering" else Queue.objects.get(pk=pk)
        return {kind: found, **facts}


def destinations(ticket: Ticket) -> list[Any]:
    """Where a ticket may be transferred, as grouped choices: offerings by product, and the other queues. One query."""
    offered = offerings().filter(sphere=ticket.offering.sphere_id).exclude(pk=ticket.offering_id)
    queues = Queue.objects.filter(active=True, level=ticket.level, product__core_system=ticket.product.core_system_id)
    rows = offered.values_list(Value("offering"), "pk", "product__name", "support_type__name").union(
        queues.exclude(pk=ticket.queue_id).values_list(Value("queue"), "pk", Value(""), "name")
    )
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind, pk, product, name in sorted(rows, key=lambda row: (row[0], fold(row[2]), fold(row[3]))):
        groups.setdefault(product or f"Só mudar de fila ({ticket.level})", []).append((f"{kind}-{pk}", name))
    return [("", "Escolha"), *groups.items()]


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
        self.initial["until"] = ticket.scheduled_for
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
