"""The code of who gives no name."""

import re
import uuid

import pytest

from feedback.codes import code_for, hash_of, opens


def test_a_code_is_long_and_of_its_form_alone() -> None:
    request_id = uuid.uuid4()
    code = code_for(request_id)
    assert re.fullmatch("[A-Z2-7]{4}(-[A-Z2-7]{4}){6}", code)
    assert code_for(request_id) == code
    assert code_for(uuid.uuid4()) != code


def test_the_secret_key_is_part_of_it(settings: object) -> None:
    request_id = uuid.uuid4()
    before = code_for(request_id)
    settings.SECRET_KEY = "another" * 10  # type: ignore[attr-defined]
    assert code_for(request_id) != before


@pytest.mark.parametrize("typed", ["abcd-efgo-ib34", " ABCD EFGO IB34 ", "ABCDEFG01834", "ABCD-EFGO-1834"])
def test_how_it_is_typed_makes_no_difference(typed: str) -> None:
    kept = hash_of("ABCD-EFGO-IB34")
    assert opens(typed, kept)


def test_another_code_does_not_open() -> None:
    kept = hash_of("ABCD-EFGO-IB34")
    assert not opens("ABCD-EFGO-IB35", kept)
    assert not opens("", kept)
    assert "ABCD" not in kept
