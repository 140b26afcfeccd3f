"""Forms with which curators write working hours, holidays and policies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

import worktime
from catalog import daytime
from catalog.models import Policy, PolicyTarget, Priority, WorkWindow

MINUTE = timedelta(minutes=1)


class MinutesField(forms.CharField):
    """A time of day typed as ``8:00``, kept as minutes since 0h; ``24:00`` is the end of the day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 5, "help_text": "Hora e minutos, como 08:00.", **kwargs})

    def prepare_value(self, value: Any) -> Any:
        return daytime.written(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return daytime.parse(text)
        except ValueError as error:
            raise ValidationError("Escreva hora e minutos, de 00:00 a 24:00, como 08:00.") from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class WorkWindowForm(forms.ModelForm[WorkWindow]):
    opens = MinutesField(label="Começo")
    closes = MinutesField(label="Fim", help_text="Hora e minutos, como 18:00. O fim do dia é 24:00.")

    class Meta:
        model = WorkWindow
        fields = ("weekday", "opens", "closes", "active")


class PolicyForm(forms.ModelForm[Policy]):
    """A policy that holds from now on or later: what was promised before stays promised."""

    class Meta:
        model = Policy
        fields = ("in_force_from",)  # the admin adds its own
        help_texts = {
            "in_force_from": "De agora em diante: os chamados já abertos ficam com a política sob a qual foram abertos.",
            "counting": "Vale para as horas acima. As metas abaixo contam sempre horas úteis.",
            "product": "Em branco, vale para todos os produtos do âmbito.",
        }

    def clean_in_force_from(self) -> Any:
        """The minute that runs counts as now, for it is what people type. Raises ``ValidationError`` for earlier ones."""
        wanted, at = self.cleaned_data["in_force_from"], worktime.now()
        if wanted <= at - MINUTE:
            raise ValidationError("Escolha agora ou um momento depois: uma política não vale para trás.")
        return max(wanted, at)


class TargetForm(forms.ModelForm[PolicyTarget]):
    """The targets at one priority, which the form set gives and nobody changes."""

    class Meta:
        model = PolicyTarget
        fields = ("priority", "first_response_hours", "n2_hours", "n3_hours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].disabled = True

    def has_changed(self) -> bool:
        """A row that is left as it was offered is a promise all the same."""
        return self.instance.pk is None or super().has_changed()


class TargetFormSet(BaseInlineFormSet[PolicyTarget, Policy, forms.ModelForm[PolicyTarget]]):
    """One row for each priority, no more and no fewer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is None or instance.pk is None:
            kwargs["initial"] = [{"priority": priority} for priority in Priority]
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        given = {form.cleaned_data.get("priority") for form in self.forms if hasattr(form, "cleaned_data")}
        if not any(self.errors) and given != set(Priority):
            raise ValidationError("Escreva as metas de cada prioridade.")
