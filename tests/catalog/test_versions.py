import pytest

from catalog.versions import is_older


@pytest.mark.parametrize(
    "answer",
    ["3.1.7", "3", "v3.9.99", "SEI 3.1.7 com módulo 4.0", "Anterior à 4.0", "anterior a 4", "menor que 4.0", "anterior à 3.1"],
)
def test_older(answer: str) -> None:
    assert is_older(answer, than="4.0")


@pytest.mark.parametrize(
    "answer",
    [
        "4.0",
        "4",
        "4.0.0",
        "4.0.12",
        "5.0.3",
        "10.1",
        "5.0.3 (módulo 1.3.0)",
        "anterior à 5.0",
        "superior a 3.1",
        "3.1 ou superior",
        "a partir da 3.0",
        "Não sei",
        "Não uso SEI",
        "",
        "९.१",
    ],
)
def test_not_older_or_not_told(answer: str) -> None:
    assert not is_older(answer, than="4.0")


def test_parts_are_numbers_and_not_text() -> None:
    assert is_older("4.9", than="4.10")
    assert not is_older("4.10", than="4.9")


def test_a_number_too_long_for_a_version_tells_nothing() -> None:
    assert not is_older("3" * 5000, than="4.0")
