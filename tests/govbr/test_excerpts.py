"""What a reader is shown of a find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govbr.excerpts import ROOM, Excerpt, excerpt, stems


@pytest.mark.parametrize(
    ("query", "words"),
    [("'assin' <-> 'digit'", ("assin", "digit")), ("'d''ávil'", ("d'ávil",)), ("", ()), ("('a') | ('b')", ("a", "b"))],
)
def test_the_words_of_a_query(query: str, words: tuple[str, ...]) -> None:
    assert stems(query) == words


@pytest.mark.parametrize(
    ("text", "looked_for", "shown"),
    [
        ("Ao assinar a minuta", ("minut",), Excerpt("Ao assinar a ", "minuta", "")),
        ("Sem PERMISSÕES aqui", ("permissa",), Excerpt("Sem ", "PERMISSÕES", " aqui")),
        ("Níveis\nde   acesso", ("nivel",), Excerpt("", "Níveis", " de acesso")),
        ("Nada disso", ("minut",), Excerpt("", "", "Nada disso")),
        ("", ("x",), Excerpt("", "", "")),
    ],
)
def test_the_first_find_with_what_surrounds_it(text: str, looked_for: tuple[str, ...], shown: Excerpt) -> None:
    assert excerpt(text, looked_for) == shown


def test_long_texts_are_cut_at_words() -> None:
    before, hit, after = excerpt(f"{'antes ' * 50}minuta {'depois ' * 50}", ("minut",))
    assert hit == "minuta"
    assert before.startswith("… antes")
    assert after.endswith("depois …")
    assert len(before) <= ROOM + 2
    assert len(after) <= ROOM + 2


@given(st.text(), st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_whatever_the_text_is_it_stays_whole(text: str, looked_for: list[str]) -> None:
    before, hit, after = excerpt(text, tuple(looked_for))
    shown = f"{before.removeprefix('… ')}{hit}{after.removesuffix(' …')}"
    assert shown in " ".join(text.split()) or shown.strip() in " ".join(text.split())
