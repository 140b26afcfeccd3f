"""Of the catalog file: the answer to another question on which a question hangs."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.catalog_file_entry import Entry, Values
from catalog.models import FormField


def condition_of(entry: Entry, before: Iterable[Values]) -> Values:
    """The columns of the condition that ``mostrar_se`` says, empty without it; ``before`` are the questions read so far."""
    if entry.raw("mostrar_se", None) is None:
        return {"show_if_field": "", "show_if_values": []}
    condition = entry.entry("mostrar_se")
    name, values = condition.slug("campo"), condition.texts("valores")
    known = {answer for asked in before if asked["name"] == name for answer in _answers(asked)}
    if not values or not known.issuperset(values):
        condition.refuse("um campo antes deste, do tipo lista ou marcação, precisa ter estas respostas.")
    condition.end()
    return {"show_if_field": name, "show_if_values": values}


def _answers(asked: Values) -> list[str]:
    answers: list[str] = FormField(kind=asked["kind"], options=asked["options"]).answers_to_hang_on
    return answers
