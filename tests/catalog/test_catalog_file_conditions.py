"""Questions of the file that hang on the answer to another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog import loading
from catalog.json_file import BadFile
from catalog.models import FormField
from tests.catalog.conftest import FILE

Content = dict[str, Any]


def question(content: Content, name: str) -> Content:
    found: Content = next(asked for asked in content["tipos"][0]["campos"] if asked["nome"] == name)
    return found


@pytest.mark.django_db
def test_the_conditions_of_the_file_reach_the_rows() -> None:
    loading.load(FILE)
    hanging = FormField.objects.exclude(show_if_field="")
    assert hanging.count() == 9
    assert FormField.objects.get(name="gestores_a_remover").show_if_values == ["Há, mas não consigo contato", "Há gestor ativo"]


@pytest.mark.usefixtures("catalog")
def test_a_condition_may_hang_on_a_mark_and_go_again(content: Content, written: Callable[[Content], Path]) -> None:
    question(content, "chamado_relacionado")["mostrar_se"] = {"campo": "consultei_base", "valores": ["sim"]}
    loading.load(written(content))
    asked = FormField.objects.get(name="chamado_relacionado", support_type__slug=content["tipos"][0]["slug"])
    assert (asked.show_if_field, asked.show_if_values) == ("consultei_base", ["sim"])


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"campo": "ambiente", "valores": ["Lua"]}, "precisa ter estas respostas"),
        ({"campo": "ambiente", "valores": []}, "precisa ter estas respostas"),
        ({"campo": "nada", "valores": ["x"]}, "precisa ter estas respostas"),
        ({"campo": "titulo", "valores": ["x"]}, "precisa ter estas respostas"),
        ({"campo": "evidencias_anexadas", "valores": ["sim"]}, "precisa ter estas respostas"),  # it comes after
        ({"campo": "ambiente"}, "falta “valores”"),
        ({"valores": ["Produção"]}, "falta “campo”"),
        ("ambiente", "deveria ser um objeto"),
    ],
)
def test_a_condition_on_what_is_not_there_is_refused(
    content: Content, written: Callable[[Content], Path], condition: object, reason: str
) -> None:
    before = list(FormField.objects.order_by("pk").values())
    question(content, "url_sistema")["mostrar_se"] = condition
    with pytest.raises(BadFile, match=reason):
        loading.load(written(content))
    assert list(FormField.objects.order_by("pk").values()) == before
