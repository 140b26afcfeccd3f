"""Kinds are known by the apps that register them."""

import pytest

from notifications import kinds
from notifications.models import Notice


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="test_greeting"):
        kinds.register("test_greeting", context=dict, label="Outro")
    assert kinds.registered() == ["test_greeting"]


@pytest.mark.parametrize(
    ("kind", "data", "title"),
    [
        ("test_greeting", {"number": 10000001}, "Novidade no chamado 10000001"),
        ("test_greeting", {}, "Novidade no chamado "),
        ("no_more", {"number": 10000001}, "Aviso"),
    ],
)
def test_every_notice_has_a_title_even_where_its_kind_changed(kind: str, data: kinds.Data, title: str) -> None:
    assert kinds.title_of(Notice(kind=kind, data=data)) == title
