"""Fields with which curators write lists and conditions."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError

from catalog.conditions import BadCondition, Condition, parse, unknown_words
from catalog.models import CoreSystem, FormField, RoutingRule

MAX_LINES_LENGTH = 20_000
MAX_CONDITIONS_LENGTH = 20_000


class LinesField(forms.CharField):
    """A list of texts, one a line. Blank lines are dropped; the model says what the texts may be."""

    widget = AdminTextareaWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_LINES_LENGTH, **kwargs})
        self.widget.attrs.setdefault("rows", 6)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), "\n".join((data or "").splitlines()))


class ConditionsField(forms.CharField):
    """The JSON of a rule's conditions, held against their types. Mistakes keep what was typed."""

    widget = AdminTextareaWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_CONDITIONS_LENGTH, **kwargs})
        self.widget.attrs.setdefault("rows", 14)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else as_written(value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            conditions = json.loads(text)
        except json.JSONDecodeError as error:
            raise ValidationError(f"JSON inválido na linha {error.lineno}, coluna {error.colno}.") from error
        except RecursionError as error:
            raise ValidationError("O texto tem níveis demais, uns dentro dos outros.") from error
        try:
            parse(conditions)
        except BadCondition as error:
            raise ValidationError(str(error)) from error
        return conditions

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), "\n".join((data or "").splitlines()))


class RoutingRuleForm(forms.ModelForm[RoutingRule]):
    """A rule whose conditions name only what its core system has."""

    conditions = ConditionsField(
        label="Condições",
        help_text=(
            "Um objeto JSON com uma só chave: todas, alguma, nao, produto, tipo, orgao, tipo_de_orgao, natureza_juridica, "
            "resposta, versao_anterior_a, texto_menciona, representa_orgao ou chamado_semelhante_aberto."
        ),
    )

    class Meta:
        model = RoutingRule
        fields = ("conditions",)  # the admin adds its own

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        core_system = cleaned.get("core_system") or (self.instance.core_system if self.instance.pk else None)
        if core_system is not None and "conditions" in cleaned:
            for problem in _unknown(parse(cleaned["conditions"]), core_system):
                self.add_error("conditions", problem[0].upper() + problem[1:])
        return cleaned


def as_written(value: object, indent: int = 0) -> str:
    """JSON as people write it: what fits in a line of 100 stays in one."""
    flat = json.dumps(value, ensure_ascii=False)
    if indent + len(flat) <= 100:
        return flat
    inner = indent + 2
    match value:
        case dict():
            parts = [f"{json.dumps(key, ensure_ascii=False)}: {as_written(item, inner)}" for key, item in value.items()]
        case list():
            parts = [as_written(item, inner) for item in value]
        case _:
            return flat
    lines = ",\n".join(" " * inner + part for part in parts)
    return f"{flat[0]}\n{lines}\n{' ' * indent}{flat[-1]}"


def _unknown(condition: Condition, core_system: CoreSystem) -> list[str]:
    options: dict[str, set[str]] = {}
    for name, choices in FormField.objects.filter(support_type__core_system=core_system).values_list("name", "options"):
        options.setdefault(name, set()).update(choices)
    return list(
        unknown_words(
            condition,
            products=set(core_system.products.values_list("slug", flat=True)),
            support_types=set(core_system.support_types.values_list("slug", flat=True)),
            options=options,
        )
    )
