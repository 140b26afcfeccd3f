"""Which answers a form asks for too."""

import pytest

from catalog.models import FormField
from tickets.answers import fitting
from tickets.models import Answer

Kind = FormField.Kind


@pytest.mark.parametrize(
    ("answer", "question", "fits"),
    [
        ({"value": "Assinatura"}, {}, True),
        ({"value": "Assinatura"}, {"label": "Outro rótulo"}, True),
        ({"value": "Assinatura"}, {"name": "outro"}, False),
        ({"value": "Assinatura"}, {"kind": Kind.LONG_TEXT}, False),
        ({"value": "Produção", "kind": Kind.CHOICE}, {"kind": Kind.CHOICE, "options": ["Produção"]}, True),
        ({"value": "Produção", "kind": Kind.CHOICE}, {"kind": Kind.CHOICE, "options": ["Teste"]}, False),
        ({"value": "", "kind": Kind.CHOICE}, {"kind": Kind.CHOICE, "options": ["Teste"]}, True),
    ],
)
def test_name_kind_and_list_decide(answer: dict[str, str], question: dict[str, object], fits: bool) -> None:
    given = Answer(**{"name": "modulo", "kind": Kind.TEXT, **answer})
    asked = FormField(**{"name": "modulo", "kind": Kind.TEXT, **question})
    assert fitting([given], [asked]) == ({"modulo"} if fits else frozenset())
    assert fitting([given], []) == frozenset()
