"""What is asked once for several tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

import worktime
from accounts.models import User
from catalog.models import Priority, Queue
from tickets import skills
from tickets.admin.bench.forms import TakerField, TicketNumberField
from tickets.forms.uploads import FormWithFiles
from tickets.lifecycle.words import MAX_WORDS
from tickets.models import Ticket

WITHIN_THE_TEAM = "Só a equipe lê este texto. Ele vale para todos os chamados marcados."


class BulkForm(FormWithFiles):
    """The id that makes a repeat harmless, and for some actions more."""

    def __init__(self, data: Any = None, *, level: str, tickets: Sequence[Ticket], by: User) -> None:
        super().__init__(data, by=by)
        self.level, self.tickets = level, tickets
        self.impossible = ""
        """Why there is nothing to choose; empty where there is."""
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def facts(self) -> dict[str, Any]:
        """The keywords of the verb, beside those that every verb takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_id"}


class Reason(forms.CharField):
    def __init__(self) -> None:
        widget = forms.Textarea(attrs={"rows": 3})
        super().__init__(label="Motivo", help_text=WITHIN_THE_TEAM, max_length=MAX_WORDS, widget=widget)


class AssignForm(BulkForm):
    """To whoever works the queues in which the tickets lie."""

    to = TakerField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.queryset = skills.fit_for(self.tickets, worktime.now())
        if not to.queryset.exists():
            self.impossible = (
                "Ninguém trabalha hoje nas filas destes chamados. Peça a quem cuida das contas um atendente para elas."
            )


class TransferForm(BulkForm):
    """To a queue of the level within the core systems of the tickets."""

    queue = forms.ModelChoiceField(Queue.objects.none(), label="Fila", empty_label="Escolha")
    reason = Reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        cores = {ticket.product.core_system_id for ticket in self.tickets}
        queue.queryset = Queue.objects.filter(active=True, level=self.level, product__core_system__in=cores)
        if len({ticket.queue_id for ticket in self.tickets} | set(queue.queryset.values_list("pk", flat=True))) < 2:
            self.impossible = f"Não há outra fila {self.level} para onde transferir estes chamados."


class PriorityForm(BulkForm):
    priority = forms.TypedChoiceField(label="Prioridade", choices=Priority.choices, coerce=int, initial=Priority.MEDIUM)
    reason = Reason()


class DuplicateForm(BulkForm):
    root = TicketNumberField(
        label="Número do chamado que continua",
        help_text="Os chamados marcados são encerrados, e o atendimento segue neste.",
    )
    body = forms.CharField(
        label="Mensagem aos solicitantes",
        help_text="Cada solicitante lê este texto no seu chamado.",
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
