"""A long list draws what Django's own list draws."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django import forms

from govbr.choices import LongSelect

CHOICES = [("", "Todos"), ("1", "Um & <dois>"), (2, 'Aspas "aqui"'), ("três", "Três")]


class Read(HTMLParser):
    """Tags with their attributes, and words, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.told.append((tag, sorted((name, value or "") for name, value in attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.told.append(data.strip())


def drawn(widget: forms.Select, value: object) -> list[object]:
    read = Read()
    read.feed(widget.render("lista", value, attrs={"id": "id_lista", "aria-describedby": 'x"y'}))
    return read.told


@pytest.mark.parametrize("value", ["", None, "1", 2, "2", "três", "nenhum"])
def test_it_draws_what_djangos_list_draws(value: object) -> None:
    told = drawn(LongSelect(choices=CHOICES, attrs={"class": "x"}), value)
    assert told == drawn(forms.Select(choices=CHOICES, attrs={"class": "x"}), value)
    assert len(told) == 1 + 2 * len(CHOICES)
