"""What is asked once for several tickets."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from accounts.models import User
from catalog.models import Priority, Queue
from tickets.admin.forms import ROOT_HINT, TicketNumberField
from tickets.forms.uploads import FormWithFiles
from tickets.lifecycle.move import MAX_WORDS

WITHIN_THE_TEAM = "Só a equipe lê este texto. Ele vale para todos os chamados marcados."


class BulkForm(FormWithFiles):
    """The id that makes a repeat harmless, and for some actions more."""

    def __init__(self, data: Any = None, *, level: str, by: User) -> None:
        super().__init__(data, by=by)
        self.level = level
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
    """To whoever works queues of the level in which the person gives out work."""

    to = forms.ModelChoiceField(User.objects.none(), label="Atendente", empty_label="Escolha")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        to.queryset = (
            User.objects.filter(
                is_active=True,
                grants__queue__in=queues_of(self.by, self.level),
                grants__role__in=("analyst", "lead"),
                grants__ended_at=None,
            )
            .order_by("name", "pk")
            .distinct()
        )


class TransferForm(BulkForm):
    queue = forms.ModelChoiceField(Queue.objects.none(), label="Fila", empty_label="Escolha")
    reason = Reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        cores = queues_of(self.by, self.level).values("product__core_system")
        queue.queryset = Queue.objects.filter(active=True, level=self.level, product__core_system__in=cores)


class PriorityForm(BulkForm):
    priority = forms.TypedChoiceField(label="Prioridade", choices=Priority.choices, coerce=int, initial=Priority.MEDIUM)
    reason = Reason()


class DuplicateForm(BulkForm):
    root = TicketNumberField(label="Número do chamado que continua", help_text=f"{ROOT_HINT} Vale para todos os marcados.")
    body = forms.CharField(
        label="Mensagem aos solicitantes",
        help_text="Cada solicitante lê este texto no seu chamado.",
        max_length=MAX_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def queues_of(user: User, level: str) -> Any:
    """The queues of a level that a person works, or manages by their core system."""
    managed = [g.core_system_id for g in user.active_grants if g.role == "manager" and g.core_system_id]
    own = Queue.objects.filter(level=level, pk__in=user.queue_ids("analyst", "lead"))
    return own | Queue.objects.filter(level=level, product__core_system__in=managed)
