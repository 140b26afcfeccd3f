"""Short names, explained where a text first uses them."""

import pytest

from govbr import acronyms

NUP = "NUP (Número Único de Protocolo)"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("O NUP é único. Use o NUP.", f"O {NUP} é único. Use o NUP."),
        ("O Número Único de Protocolo, ou NUP.", "O Número Único de Protocolo, ou NUP."),
        ("O número de protocolo (NUP). O NUP é único.", "O número de protocolo (NUP). O NUP é único."),
        ("## NUP\n\nO NUP é único.", f"## NUP\n\nO {NUP} é único."),
        ("Veja `NUP` e [a página](/NUP/) do NUP.", f"Veja `NUP` e [a página](/NUP/) do {NUP}."),
        ("https://example.org/NUP e nup e NUP-x e o CPF", "https://example.org/NUP e nup e NUP-x e o CPF"),
        ("", ""),
    ],
)
def test_it_is_explained_once(written: str, read: str) -> None:
    assert acronyms.explained(written) == read


def test_every_one_has_a_meaning_and_stands_once() -> None:
    assert all(name.strip() == name and meaning.strip() for name, meaning in acronyms.KNOWN.items())
    assert not acronyms.KNOWN.keys() & acronyms.EVERYDAY


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Código SIORG e UP do SIORG", ["SIORG", "UP"]),
        ("Unidade protocolizadora (UP): a UP ativa", []),
        ("CNPJ do órgão", []),
    ],
)
def test_what_a_text_leaves_to_explain(text: str, left: list[str]) -> None:
    assert list(acronyms.unexplained(text)) == left
