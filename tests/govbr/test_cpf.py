"""What is taken out of words without an author."""

import pytest

from govbr.cpf import without_cpfs


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("CPF 529.982.247-25.", "CPF ***.982.247-**."),
        ("52998224725", "***.982.247-**"),
        ("529.982.247-26 não é CPF", "529.982.247-26 não é CPF"),
        ("61999887766", "61999887766"),
        ("152998224725", "152998224725"),
        ("chamado 10000001", "chamado 10000001"),
    ],
)
def test_cpfs_are_masked_and_other_numbers_stay(text: str, kept: str) -> None:
    assert without_cpfs(text) == kept
