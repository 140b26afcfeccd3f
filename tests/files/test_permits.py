"""A page's word of what its form takes holds for its person, for two days, as it was given."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

import worktime
from accounts.models import User
from files import permits
from tests.files.conftest import POLICY

pytestmark = pytest.mark.django_db


def test_a_permit_says_what_it_was_given(ana: User) -> None:
    form_id = uuid4()
    found = permits.read(permits.issue(POLICY, form_id, ana), ana)
    assert (found.policy, found.form_id) == (POLICY, form_id)


@pytest.mark.parametrize("text", ["", "nada", "a:b", "é:ü", "." * 5000])
def test_what_was_never_issued_is_refused(text: str, ana: User) -> None:
    with pytest.raises(ValidationError, match="Recarregue a página"):
        permits.read(text, ana)


def test_a_changed_permit_is_refused(ana: User) -> None:
    issued = permits.issue(POLICY, uuid4(), ana)
    for place in range(0, len(issued), 7):
        changed = issued[:place] + ("A" if issued[place] != "A" else "B") + issued[place + 1 :]
        with pytest.raises(ValidationError):
            permits.read(changed, ana)


def test_a_permit_serves_only_its_person(ana: User, eva: User) -> None:
    with pytest.raises(ValidationError):
        permits.read(permits.issue(POLICY, uuid4(), ana), eva)


def test_a_permit_ends_after_two_days(ana: User) -> None:
    issued = permits.issue(POLICY, uuid4(), ana)
    with worktime.shifted(timedelta(hours=47, minutes=59)):
        assert permits.read(issued, ana).policy == POLICY
    with worktime.shifted(timedelta(hours=48, minutes=1)), pytest.raises(ValidationError, match="muito tempo"):
        permits.read(issued, ana)
