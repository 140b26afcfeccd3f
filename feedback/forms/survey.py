"""The one page of the survey."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from feedback import reasons
from feedback.forms.caution import CautiousForm
from feedback.models import MAX_COMMENT
from tickets.forms.kinds import LongTextField


class SurveyForm(CautiousForm):
    """Stars, and what somebody likes to add. Reasons of the other list than the rating's were hidden, and are left out."""

    words_in = "comment"

    stars = forms.TypedChoiceField(
        label="Como você avalia este atendimento?",
        choices=[(int(stars), label) for stars, label in reasons.LABELS.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Escolha uma nota.", "invalid_choice": "Escolha uma das cinco notas."},
    )
    low = forms.MultipleChoiceField(
        label="O que não foi bem?",
        help_text=f"Escolha até {reasons.MOST} motivos, se quiser.",
        choices=[(reason.slug, reason.text) for reason in reasons.LOW],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Escolha motivos da lista."},
    )
    high = forms.MultipleChoiceField(
        label="O que foi bem?",
        help_text=f"Escolha até {reasons.MOST} motivos, se quiser.",
        choices=[(reason.slug, reason.text) for reason in reasons.HIGH],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Escolha motivos da lista."},
    )
    comment = LongTextField(
        label="Quer contar mais?",
        help_text="Não escreva senhas, CPF nem nomes: a avaliação é anônima.",
        max_length=MAX_COMMENT,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (stars := data.get("stars")) is not None:
            shown = "high" if stars >= reasons.HIGH_FROM else "low"
            data["given"] = data.get(shown, [])
            if len(data["given"]) > reasons.MOST:
                self.add_error(shown, ValidationError(f"Escolha no máximo {reasons.MOST} motivos."))
        return data
