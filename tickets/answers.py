"""What a ticket was asked on opening against what its form asks today."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.models import FormField
from tickets.models import Answer


def fitting(answers: Iterable[Answer], questions: Sequence[FormField]) -> frozenset[str]:
    """The names of the answers that a form asks for too.

    The question has the same name and kind, and an answer from a list is on the list of today.
    After a transfer the others are read as text: they answer a form that holds no more.
    """
    asked = {question.name: question for question in questions}
    return frozenset(
        answer.name
        for answer in answers
        if (question := asked.get(answer.name)) is not None
        and question.kind == answer.kind
        and (not question.options or answer.value in ("", *question.options))
    )
